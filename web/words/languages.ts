import type { Catalogue } from './format.ts'

/** A language that holders can choose. */
export type Language = {
  /** As in `<html lang>`. */
  tag: string
  /** What `Intl` is asked with: Latin digits everywhere, since two people compare clocks and codes. */
  locale: string
  direction: 'ltr' | 'rtl'
  /** What its speakers call it. */
  name: string
  /** Loaded when it is chosen; English is always there. */
  load?: () => Promise<{ words: Catalogue }>
}

/** What everything is written in first, and what stands in where a catalogue cannot be loaded. */
export const ENGLISH: Language = {
  tag: 'en',
  locale: 'en-GB',
  direction: 'ltr',
  name: 'English',
}

/** Every language; a new one is its catalogue and a line here. */
export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  {
    tag: 'hi',
    locale: 'hi-IN-u-nu-latn',
    direction: 'ltr',
    name: 'हिन्दी',
    load: () => import('./compiled/hi.ts'),
  },
  {
    tag: 'ur',
    locale: 'ur-IN-u-nu-latn',
    direction: 'rtl',
    name: 'اردو',
    load: () => import('./compiled/ur.ts'),
  },
]

/** Where the browser keeps what its person chose. */
export const KEPT_LANGUAGE = 'coupon-secure.language'

/** The first of the wanted languages that we have, best first, or English; "hi-IN" is Hindi. */
export function languageFor(wanted: readonly string[]): Language {
  for (const one of wanted) {
    const [tag] = one.toLowerCase().split('-')
    const found = LANGUAGES.find((language) => language.tag === tag)
    if (found !== undefined) return found
  }
  return ENGLISH
}

/** The languages in an `Accept-Language` header, best first. */
export function languagesIn(header: string): string[] {
  return header
    .split(',')
    .map((entry) => {
      const [tag = '', weight = ''] = entry.trim().split(/\s*;\s*q=/)
      return { tag, weight: weight === '' ? 1 : Number(weight) || 0 }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
