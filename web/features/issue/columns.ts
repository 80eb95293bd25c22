import { readCsv } from './csv.ts'

/** What a list's columns can mean. */
export const COLUMNS = ['name', 'email', 'address'] as const

/** One of them. */
export type Column = (typeof COLUMNS)[number]

/** Where each is, counted from 0. */
export type ColumnPlaces = Record<Column, number | undefined>

/** What can separate cells, with its name. */
export const SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
}

const WORDS: Record<Column, RegExp> = {
  email: /e-?mail|^mail$|correo|courriel/i,
  address: /wallet|address|account|^eth|0x|public ?key|portemonnaie|adresse?$/i,
  name: /name|nom|participant|attendee|person|holder|who/i,
}

const SHAPES: Record<Column, RegExp> = {
  address: /^0x[0-9a-f]*$/i,
  email: /@/,
  name: /[\p{L}]/u,
}

/** The separator that cuts the first lines into the most even rows. */
export function guessSeparator(text: string): string {
  const sample = text.slice(0, 20_000)
  const scored = Object.keys(SEPARATORS).map((separator) => {
    const rows = readCsv({ text: sample, separator })
      .map(({ cells }) => cells.length)
      .filter((cells) => cells > 1)
    const usual = rows[0] ?? 0
    return { separator, score: rows.filter((cells) => cells === usual).length * usual }
  })
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).separator
}

/** Which column means what, by the header's words, else by what the cells look like. */
export function guessColumns(rows: readonly (readonly string[])[]): {
  hasHeader: boolean
  places: ColumnPlaces
} {
  const head = rows[0] ?? []
  const hasHeader =
    !head.some((cell) => SHAPES.address.test(cell.trim()) || SHAPES.email.test(cell)) &&
    head.some((cell) => COLUMNS.some((column) => WORDS[column].test(cell.trim())))

  const places: ColumnPlaces = { name: undefined, email: undefined, address: undefined }
  const isFree = (index: number) => !Object.values(places).includes(index)
  if (hasHeader) {
    // "E-mail address" is an e-mail, "Wallet name" a wallet: in this order.
    for (const column of ['email', 'address', 'name'] as const) {
      const index = head.findIndex((cell, at) => isFree(at) && WORDS[column].test(cell.trim()))
      places[column] = index === -1 ? undefined : index
    }
  }
  const body = rows.slice(hasHeader ? 1 : 0, 50)
  for (const column of ['address', 'email', 'name'] as const) {
    places[column] ??= bestColumn({ body, shape: SHAPES[column], isFree })
  }
  return { hasHeader, places }
}

function bestColumn({
  body,
  shape,
  isFree,
}: {
  body: readonly (readonly string[])[]
  shape: RegExp
  isFree: (index: number) => boolean
}): number | undefined {
  const width = Math.max(0, ...body.map((cells) => cells.length))
  const counts = Array.from({ length: width }, (_, index) =>
    isFree(index) ? body.filter((cells) => shape.test(cells[index]?.trim() ?? '')).length : 0,
  )
  const most = Math.max(0, ...counts)
  return most === 0 ? undefined : counts.indexOf(most)
}
