import { createElement, Fragment, type ReactNode } from 'react'
import type { Failure } from '../chain/explain-revert.ts'
import type { Arguments } from './compiled/arguments.ts'
import type { words as rest } from './compiled/en-rest.ts'
import { words as shell } from './compiled/en.ts'
import { type Catalogue, type Message, piecesOf } from './format.ts'
import { ENGLISH, type Language } from './languages.ts'

/** The name of a text that is there from the start: around every page, and while a page's own part is coming. */
export type ShellKey = keyof typeof shell

/** The name of a text. */
export type Key = ShellKey | keyof typeof rest

/** What a text needs to be said: nothing, or its values by name. */
export type ValuesOf<K extends Key> = K extends keyof Arguments
  ? [values: { readonly [N in keyof Arguments[K]]: Said<Arguments[K][N]> }]
  : []

/** The same in React, where a value may be an element, and what is in a tag is wrapped in one. */
export type RichValuesOf<K extends Key> = K extends keyof Arguments
  ? [values: { readonly [N in keyof Arguments[K]]: Drawn<Arguments[K][N]> }]
  : []

type Said<Kind> = Kind extends 'number' ? number : Kind extends 'tag' ? never : string | number
type Drawn<Kind> = Kind extends 'tag' ? Wrap : Said<Kind> | ReactNode

type Values = Readonly<Record<string, unknown>>
type Wrap = (inside: ReactNode) => ReactNode

const english: Record<string, Message> = { ...shell }
const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }

/** Everything that is said to a holder, in one language. */
export type Words = ReturnType<typeof wordsOf>

/** English as far as it is there from the start; english.ts has all of it. */
export const englishShell: Words = wordsOf({ language: ENGLISH, catalogue: english })

/** What stands around a page may say this much. */
export type ShellWords = Omit<Words, 'say'> & {
  say: <K extends ShellKey>(key: K, ...values: ValuesOf<K>) => string
}

/** English learns more texts, with the part of the app that says them. */
export function learn(more: Catalogue): void {
  Object.assign(english, more)
}

/** A language's words, dates and numbers. */
export function wordsOf({ language, catalogue }: { language: Language; catalogue: Catalogue }) {
  const { locale, direction } = language
  // Made when they are first used: making one is dear, and many a page counts nothing.
  let plurals: Intl.PluralRules | undefined
  let numbers: Intl.NumberFormat | undefined
  const formats = new Map<string, Intl.DateTimeFormat>()

  /** A number as people write it. */
  const number = (value: number | bigint) => {
    numbers ??= new Intl.NumberFormat(locale)
    return numbers.format(value)
  }

  // A name or a code within a sentence keeps its own direction, and the sentence keeps its order.
  const isolated = (text: string) => (direction === 'rtl' ? `\u2068${text}\u2069` : text)

  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = JSON.stringify(options)
    const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options)
    formats.set(key, format)
    return format
  }

  const messageOf = (key: string) => catalogue[key] ?? english[key] ?? key
  const categoryOf = (count: number) => {
    plurals ??= new Intl.PluralRules(locale)
    return plurals.select(count)
  }
  const shown = (value: unknown): string => {
    if (typeof value === 'number') return number(value)
    if (value instanceof Date) return dates(MOMENT).format(value)
    return isolated(String(value))
  }
  const textOf = ({ key, values = {} }: { key: string; values?: Values | undefined }): string =>
    piecesOf<string>({
      message: messageOf(key),
      values,
      shown,
      categoryOf,
      tagged: (_, inside) => inside.join(''),
    }).join('')

  return {
    language,

    number,

    /** How a moment or a span of them is written; making such a format is dear, so each is made once. */
    dates,

    /** A text, with its values in it. */
    say: <K extends Key>(key: K, ...[values]: ValuesOf<K>): string => textOf({ key, values }),

    /** A text with elements in it, for React. */
    rich: <K extends Key>(key: K, ...[values]: RichValuesOf<K>): ReactNode => {
      const given: Values = values ?? {}
      const pieces = piecesOf<ReactNode>({
        message: messageOf(key),
        values: given,
        shown: (value) => (isPlain(value) ? shown(value) : (value as ReactNode)),
        categoryOf,
        tagged: (name, inside) => (given[name] as Wrap)(createElement(Fragment, null, ...inside)),
      })
      return createElement(Fragment, null, ...pieces)
    },

    /** Why something did not happen, and what to do. */
    explain: ({ code, sentence, facts }: Failure): string => {
      if (language === ENGLISH) return sentence
      const key = `failure.${code}`
      return textOf({
        key: Object.hasOwn(catalogue, key) ? key : 'failure.UNEXPECTED',
        values: facts,
      })
    },
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Date
}
