// At build time only: nothing of this, nor the parser, goes to a browser.
import {
  isArgumentElement,
  isLiteralElement,
  isPluralElement,
  isPoundElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'
import type { Message, Part } from './format.ts'

/** What a message's values are: by their names. */
export type Arguments = Readonly<Record<string, 'value' | 'number' | 'choice' | 'tag'>>

/** An ICU message as `piecesOf` reads it. Dates and numbers come into it as words: they are made by `Intl` outside. */
export function compileMessage(text: string): Message {
  return messageOf({ elements: parse(text, { requiresOtherClause: true }), counted: undefined })
}

/** The names of an ICU message's values, and what kind each is. */
export function argumentsOf(text: string): Arguments {
  return Object.fromEntries(namesIn(parse(text)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The plural categories that a message names, such as `one`; exact numbers (`=0`) are none. */
export function categoriesOf(text: string): string[] {
  return pluralsIn(parse(text)).filter((category) => !category.startsWith('='))
}

function messageOf({
  elements,
  counted,
}: {
  elements: readonly MessageFormatElement[]
  /** What # stands for. */
  counted: string | undefined
}): Message {
  const parts = elements.map((element): Part => {
    if (isLiteralElement(element)) return element.value
    if (isArgumentElement(element)) return [element.value]
    if (isPoundElement(element) && counted !== undefined) return [counted]
    if (isTagElement(element)) {
      return [element.value, 'tag', messageOf({ elements: element.children, counted })]
    }
    if (isPluralElement(element) && element.offset === 0 && element.pluralType === 'cardinal') {
      return [element.value, 'plural', optionsOf({ ...element, counted: element.value })]
    }
    if (isSelectElement(element)) {
      return [element.value, 'select', optionsOf({ ...element, counted })]
    }
    throw new Error(`A message may not have this: ${JSON.stringify(element)}`)
  })
  const [first, second] = parts
  return second === undefined && typeof first === 'string' ? first : parts
}

function optionsOf({
  options,
  counted,
}: {
  options: Readonly<Record<string, { value: readonly MessageFormatElement[] }>>
  counted: string | undefined
}): Record<string, Message> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [
      name,
      messageOf({ elements: value, counted }),
    ]),
  )
}

function namesIn(elements: readonly MessageFormatElement[]): [string, Arguments[string]][] {
  return elements.flatMap((element): [string, Arguments[string]][] => {
    if (isArgumentElement(element)) return [[element.value, 'value']]
    if (isTagElement(element)) return [[element.value, 'tag'], ...namesIn(element.children)]
    if (isPluralElement(element) || isSelectElement(element)) {
      const inner = Object.values(element.options).flatMap(({ value }) => namesIn(value))
      return [[element.value, isPluralElement(element) ? 'number' : 'choice'], ...inner]
    }
    return []
  })
}

function pluralsIn(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (isTagElement(element)) return pluralsIn(element.children)
    if (!isPluralElement(element) && !isSelectElement(element)) return []
    const inner = Object.values(element.options).flatMap(({ value }) => pluralsIn(value))
    return isPluralElement(element) ? [...Object.keys(element.options), ...inner] : inner
  })
}
