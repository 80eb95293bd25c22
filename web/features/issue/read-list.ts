import { type Address, isAddress } from 'viem'
import { clean } from './clean.ts'
import { type Column, type ColumnPlaces, guessColumns, guessSeparator } from './columns.ts'
import { type CsvRow, readCsv } from './csv.ts'
import { decode } from './decode.ts'
import { formProblemOf, type ListProblem, type ListProblemCode, WEIGHTS } from './list-problem.ts'

/** One person of the list, with the first line of their row and what can be done with it. */
export type ListRow = {
  line: number
  name: string
  email: string
  /** In small letters. */
  address: Address | undefined
  /** Everything that stands in the row, for the list that goes back to the organiser. */
  cells: readonly string[]
  /** `ready` may get a coupon; `waiting` has no wallet; the others are for the organiser to decide. */
  state: 'ready' | 'waiting' | 'broken' | 'doubtful'
}

/** A sheet of a workbook: its rows as texts, and the cells that are formulas, counted from 0. */
export type Table = {
  rows: readonly (readonly string[])[]
  formulas: readonly { row: number; column: number; formula: string }[]
}

/** A list as it was understood, and everything odd about it. */
export type ReadList = {
  /** How its text was read; undefined where it came as a table. */
  text: { encoding: string; separator: string } | undefined
  hasHeader: boolean
  header: readonly string[]
  places: ColumnPlaces
  rows: readonly ListRow[]
  problems: readonly ListProblem[]
}

/** The most rows that are read at once. */
export const MOST_ROWS = 100_000

const ROWS_BETWEEN_REPORTS = 2_000
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const FORMULA = /^[=@+-](?=.*[a-z(])/i

/** How a list is given; what nobody has said of it is guessed. */
export type ListGiven =
  | { bytes: Uint8Array; encoding?: string | undefined; separator?: string | undefined }
  | { table: Table }

/** How a list is given and to be read. `onProgress` hears the share that is done. */
export type ListToRead = ListGiven & {
  places?: ColumnPlaces | undefined
  onProgress?: ((share: number) => void) | undefined
}

/** Reads a list of people as spreadsheets save it. Nothing is dropped: each line is a row, a note, or a problem. */
export function readList({ places: givenPlaces, onProgress, ...given }: ListToRead): ReadList {
  const { all, text, isGuess, formulas } = rowsOf(given)
  const filled = all.filter((row) => !isBlank(row))
  const guessed = guessColumns(filled.map(({ cells }) => cells))
  const places = givenPlaces ?? guessed.places
  const header = guessed.hasHeader ? (filled[0]?.cells ?? []) : []
  const width = guessed.hasHeader ? header.length : commonWidth(filled)

  const people = filled.slice(guessed.hasHeader ? 1 : 0)
  const read = people.map((row, index) => {
    if (index % ROWS_BETWEEN_REPORTS === 0) onProgress?.(index / people.length)
    return readRow({ row, places, width })
  })
  const lastLine = all.at(-1)?.line
  const blanks = all.filter((row) => isBlank(row) && row.line !== lastLine)
  const problems: ListProblem[] = [
    ...(isGuess ? [{ line: 1, code: 'ENCODING_GUESSED' as const, message: GUESSED_ENCODING }] : []),
    ...blanks.map(({ line }) => ({ line, code: 'BLANK_ROW' as const, message: 'An empty row.' })),
    ...read.flatMap((row) => row.problems),
    ...formulas,
    ...repetitionsIn(read.map(({ row }) => row)),
  ].sort((a, b) => a.line - b.line)
  return {
    text,
    hasHeader: guessed.hasHeader,
    header,
    places,
    rows: read.map(({ row }) => row),
    problems,
  }
}

type Rows = {
  all: readonly CsvRow[]
  text: ReadList['text']
  isGuess: boolean
  formulas: readonly ListProblem[]
}

function rowsOf(given: ListGiven): Rows {
  if ('table' in given) {
    const { rows, formulas } = given.table
    return {
      all: rows.map((cells, index) => ({ line: index + 1, cells: [...cells], flaw: undefined })),
      text: undefined,
      isGuess: false,
      formulas: formulas.map(({ row, column, formula }) => ({
        line: row + 1,
        code: 'FORMULA_RESULT' as const,
        message: `Column ${column + 1} holds a formula, “${formula}”; its last result, “${rows[row]?.[column] ?? ''}”, was read.`,
      })),
    }
  }
  const { text, encoding, isGuess } = decode(given)
  const separator = given.separator ?? guessSeparator(text)
  return { all: readCsv({ text, separator }), text: { encoding, separator }, isGuess, formulas: [] }
}

const GUESSED_ENCODING =
  'The file is no UTF-8; it was read as Windows-1252. Look whether names with accents are right.'

function readRow({ row, places, width }: { row: CsvRow; places: ColumnPlaces; width: number }): {
  row: ListRow
  problems: ListProblem[]
} {
  const { line, cells } = row
  const cell = (column: Column) => {
    const index = places[column]
    return clean({
      content: (index === undefined ? undefined : cells[index]) ?? '',
      isName: column === 'name',
    })
  }
  const read = { name: cell('name'), email: cell('email'), address: cell('address') }
  const [name, email, typed] = [read.name.text, read.email.text, read.address.text]

  const found: { code: ListProblemCode; message: string }[] = [
    ...read.name.hidden,
    ...read.email.hidden,
    ...read.address.hidden,
  ]
  if (row.flaw !== undefined) found.push({ code: row.flaw, message: FLAWS[row.flaw] })
  if (cells.slice(width).some((extra) => extra.trim() !== '')) {
    const message = `The row has ${cells.length} cells, the list ${width} columns: something may stand in the wrong place.`
    found.push({ code: 'EXTRA_CELL', message })
  }
  if (cells.some((content) => /[\r\n]/.test(content))) {
    found.push({
      code: 'LINE_BREAK_IN_CELL',
      message: 'A cell with a line break; read as a space.',
    })
  }
  const formula = cells.find((content) => FORMULA.test(content.trim()))
  if (formula !== undefined) {
    const message = `“${formula.trim()}” is a formula; it is shown as text and never run.`
    found.push({ code: 'FORMULA_AS_TEXT', message })
  }
  if (email !== '' && !EMAIL.test(email)) {
    found.push({ code: 'EMAIL_INVALID', message: `“${email}” is no e-mail address.` })
  }
  const wallet = typed === '' ? undefined : readAddress(typed)
  if (wallet?.problem) found.push(wallet.problem)

  const weights = found.map(({ code }) => WEIGHTS[code])
  const state = weights.includes('broken')
    ? 'broken'
    : weights.includes('doubtful')
      ? 'doubtful'
      : wallet?.address === undefined
        ? 'waiting'
        : 'ready'
  return {
    row: { line, name, email, address: wallet?.address, cells, state },
    problems: found.map((one) => ({ line, ...one })),
  }
}

const FLAWS = {
  QUOTE_NOT_CLOSED: 'A quote opens here and is never closed. The row was read as plain text.',
  QUOTE_STRAY: 'A quote stands in the middle of a cell. The row was read as plain text.',
} as const

function readAddress(typed: string): {
  address?: Address
  problem?: { code: ListProblemCode; message: string }
} {
  const form = formProblemOf(typed)
  if (form !== undefined) return { problem: form }
  // All small or all capital letters carry no checksum; mixed ones do, and it must hold. Small letters from here on: two
  // spellings of a wallet are one, and a hash for each of 50,000 rows, only to spell it nicely, takes seconds.
  const digits = typed.slice(2)
  const small: Address = `0x${digits.toLowerCase()}`
  const isPlain = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (isPlain || isAddress(`0x${digits}`)) return { address: small }
  const message = `“${typed}” fails its checksum: a digit or a capital is wrong. Copy it again.`
  return { problem: { code: 'ADDRESS_CHECKSUM', message } }
}

/** Wallets and e-mails that come more than once; each later row names the first. */
function repetitionsIn(rows: readonly ListRow[]): ListProblem[] {
  const firstOf = new Map<string, number>()
  const repeated = ({ key, line }: { key: string; line: number }): number | undefined => {
    const first = firstOf.get(key)
    if (first === undefined) firstOf.set(key, line)
    return first
  }
  return rows.flatMap(({ line, email, address, state }) => {
    const found: ListProblem[] = []
    const wallet =
      address === undefined || state === 'broken' ? undefined : repeated({ key: address, line })
    if (wallet !== undefined) {
      const message = `This wallet stands in line ${wallet} already.`
      found.push({ line, code: 'ADDRESS_REPEATED', message })
    }
    const mail =
      email === '' || state === 'broken' ? undefined : repeated({ key: email.toLowerCase(), line })
    if (mail !== undefined) {
      const message = `“${email}” stands in line ${mail} already.`
      found.push({ line, code: 'EMAIL_REPEATED', message })
    }
    return found
  })
}

function isBlank({ cells }: CsvRow): boolean {
  return cells.every((cell) => cell.trim() === '')
}

function commonWidth(rows: readonly CsvRow[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0]
}
