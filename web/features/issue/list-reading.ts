import type { FieldProblem } from '../../ui/Field.tsx'
import type { ColumnPlaces } from './columns.ts'
import { kindOf } from './list-file.ts'
import { MOST_ROWS, type ReadList, readList } from './read-list.ts'

/** How a list is to be read, where somebody has said so; the rest is guessed. */
export type HowToRead = {
  encoding?: string
  separator?: string
  places?: ColumnPlaces
  /** Which sheet of a workbook, counted from 0. */
  sheet?: number
}

/** A list that was read, with the sheets there are to choose from; or why it cannot be. */
export type ListReading =
  | { ok: true; list: ReadList; sheets: readonly string[]; sheet: number }
  | { ok: false; problem: FieldProblem }

/** Reads a file of any kind that we know. Runs in a worker: a long list must not stop the page. */
export async function readFile({
  bytes,
  how,
  onProgress,
}: {
  bytes: Uint8Array
  how: HowToRead
  onProgress?: (share: number) => void
}): Promise<ListReading> {
  const found = kindOf({ size: bytes.length, bytes })
  if (!found.ok) return found
  if (found.kind === 'workbook') return await readWorkbook({ bytes, how, onProgress })
  const { encoding, separator, places } = how
  return judged({
    list: readList({ bytes, encoding, separator, places, onProgress }),
    sheets: [],
    sheet: 0,
  })
}

async function readWorkbook({
  bytes,
  how: { sheet: wanted, places },
  onProgress,
}: {
  bytes: Uint8Array
  how: HowToRead
  onProgress: ((share: number) => void) | undefined
}): Promise<ListReading> {
  const { sheetsIn } = await import('./workbook.ts')
  const sheets = await sheetsIn(bytes).catch(() => undefined)
  if (sheets === undefined) {
    const message = 'This is no Excel workbook (.xlsx), or it is damaged. Save it anew, or as CSV.'
    return { ok: false, problem: { code: 'WORKBOOK_UNREADABLE', message } }
  }
  const firstFilled = sheets.findIndex(({ rows }) => rows.length > 0)
  const sheet = wanted ?? Math.max(0, firstFilled)
  const chosen = sheets[sheet]
  if (chosen === undefined || chosen.rows.length === 0) {
    return {
      ok: false,
      problem: { code: 'FILE_EMPTY', message: 'There is nothing in this sheet.' },
    }
  }
  const list = readList({ table: chosen, places, onProgress })
  return judged({ list, sheets: sheets.map(({ name }) => name), sheet })
}

function judged(read: { list: ReadList; sheets: readonly string[]; sheet: number }): ListReading {
  const count = read.list.rows.length
  if (count > MOST_ROWS) {
    const message = `The list has ${count.toLocaleString('en-GB')} rows; ${MOST_ROWS.toLocaleString('en-GB')} can be read at once. Split it, and issue to one part after the other.`
    return { ok: false, problem: { code: 'LIST_TOO_LONG', message } }
  }
  if (count === 0) {
    return {
      ok: false,
      problem: { code: 'LIST_EMPTY', message: 'There are no people in this list.' },
    }
  }
  return { ok: true, ...read }
}
