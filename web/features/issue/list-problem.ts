/**
 * What becomes of a row with a problem: `broken` rows cannot get a coupon, `doubtful` and `repeated` ones are for the
 * organiser to decide, a `note` changes nothing.
 */
export type Weight = 'broken' | 'doubtful' | 'repeated' | 'note'

/** Everything that can be odd in a list, with its weight. */
export const WEIGHTS = {
  ADDRESS_CHECKSUM: 'broken',
  ADDRESS_NOT_HEX: 'broken',
  ADDRESS_TOO_LONG: 'broken',
  ADDRESS_TOO_SHORT: 'broken',
  ADDRESS_ZERO: 'broken',
  ENS_NAME: 'broken',
  QUOTE_NOT_CLOSED: 'broken',
  QUOTE_STRAY: 'broken',
  EXTRA_CELL: 'doubtful',
  ADDRESS_REPEATED: 'repeated',
  EMAIL_REPEATED: 'repeated',
  BIDI_CHARACTER: 'note',
  BLANK_ROW: 'note',
  EMAIL_INVALID: 'note',
  ENCODING_GUESSED: 'note',
  FORMULA_AS_TEXT: 'note',
  FORMULA_RESULT: 'note',
  LINE_BREAK_IN_CELL: 'note',
  ZERO_WIDTH_CHARACTER: 'note',
} as const satisfies Record<string, Weight>

/** A problem's code. */
export type ListProblemCode = keyof typeof WEIGHTS

/** One odd thing in a list, with the line it stands in. */
export type ListProblem = { line: number; code: ListProblemCode; message: string }

/** What is wrong with a wallet's address as somebody typed it, other than its checksum; undefined where it is well formed. */
export function formProblemOf(text: string): Omit<ListProblem, 'line'> | undefined {
  if (/^[^\s@]+\.[a-z]{2,}$/i.test(text)) {
    return {
      code: 'ENS_NAME',
      message: `“${text}” is a name, not an address. Names are not supported; put the 0x address here.`,
    }
  }
  const digits = /^0x([0-9a-f]*)$/i.exec(text)?.[1]
  if (digits === undefined) {
    return {
      code: 'ADDRESS_NOT_HEX',
      message: `“${text}” is no address: 0x and 40 digits 0–9, a–f.`,
    }
  }
  if (digits.length !== 40) {
    const isShort = digits.length < 40
    return {
      code: isShort ? 'ADDRESS_TOO_SHORT' : 'ADDRESS_TOO_LONG',
      message: `“${text}” has ${digits.length} digits after 0x; an address has 40.`,
    }
  }
  if (/^0+$/.test(digits)) {
    return {
      code: 'ADDRESS_ZERO',
      message: 'The zero address is nobody’s; nobody could use the coupon.',
    }
  }
  return undefined
}
