import { unzipSync, strFromU8 } from 'fflate'
import readWorkbook from 'read-excel-file/web-worker'

/** One sheet of a workbook: its rows as texts, and the cells that are formulas, counted from 0. */
export type SheetRead = {
  name: string
  rows: string[][]
  formulas: readonly { row: number; column: number; formula: string }[]
}

/** Reads every sheet of an .xlsx file. Of a formula the file holds its last result, which is read; nothing is ever run. */
export async function sheetsIn(bytes: Uint8Array): Promise<SheetRead[]> {
  const sheets = await readWorkbook(new Uint8Array(bytes).buffer)
  const formulas = formulasIn(bytes)
  return sheets.map(({ sheet, data }, index) => ({
    name: sheet,
    rows: data.map((cells) => cells.map(textOf)),
    formulas: formulas[index] ?? [],
  }))
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().replace('T00:00:00.000Z', '')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const CELL = /<c\b[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<f\b[^>]*>([^<]*)<\/f>/g

// The reader gives results alone. Sheets stand in the workbook's order, as Excel and its peers write them.
function formulasIn(bytes: Uint8Array): SheetRead['formulas'][] {
  const parts = unzipSync(bytes, {
    filter: ({ name }) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name),
  })
  const numberOf = (name: string) => Number(/\d+/.exec(name)?.[0])
  return Object.entries(parts)
    .sort(([one], [other]) => numberOf(one) - numberOf(other))
    .map(([, xml]) =>
      [...strFromU8(xml).matchAll(CELL)].map(([, letters = '', row, formula = '']) => ({
        row: Number(row) - 1,
        column: columnOf(letters),
        formula: `=${unescaped(formula)}`,
      })),
    )
}

/** "A" is 0, "Z" 25, "AA" 26. */
function columnOf(letters: string): number {
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function unescaped(text: string): string {
  const marks: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => marks[name] ?? whole)
}
