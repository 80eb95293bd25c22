/** One row of a separated list: its first line, its cells, and whether its quotes were sound. */
export type CsvRow = {
  line: number
  cells: string[]
  flaw: 'QUOTE_NOT_CLOSED' | 'QUOTE_STRAY' | undefined
}

// A quote that runs on for longer was never meant to: a name or an address has no more lines than this.
const MOST_BREAKS_IN_CELL = 8

const BREAK = /\r\n|\n|\r/g

/**
 * Reads separated text (RFC 4180). A cell whose quotes are not sound is taken as plain text up to its separator, and its row
 * says so: common readers run on to the next quote there, and rows in between vanish into one cell.
 */
export function readCsv({ text, separator }: { text: string; separator: string }): CsvRow[] {
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const row: CsvRow = { line, cells: [], flaw: undefined }
    for (;;) {
      const cell = readCell({ text, at, separator })
      row.cells.push(cell.content)
      row.flaw ??= cell.flaw
      at = cell.end
      line += cell.breaks
      if (text[at] !== separator) break
      at += 1
    }
    rows.push(row)
    at += text.startsWith('\r\n', at) ? 2 : 1
    line += 1
  }
  return rows
}

type Cell = { content: string; end: number; breaks: number; flaw: CsvRow['flaw'] }
type Place = { text: string; at: number; separator: string }

function readCell({ text, at, separator }: Place): Cell {
  if (text[at] !== '"') return plainCell({ text, at, separator, flaw: undefined })

  let close = text.indexOf('"', at + 1)
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close === -1) return plainCell({ text, at, separator, flaw: 'QUOTE_NOT_CLOSED' })

  const after = text[close + 1]
  const isEnd = after === undefined || after === separator || after === '\n' || after === '\r'
  const content = text.slice(at + 1, close)
  const breaks = content.match(BREAK)?.length ?? 0
  if (breaks > MOST_BREAKS_IN_CELL || (!isEnd && breaks > 0)) {
    return plainCell({ text, at, separator, flaw: 'QUOTE_NOT_CLOSED' })
  }
  if (!isEnd) return plainCell({ text, at, separator, flaw: 'QUOTE_STRAY' })
  return { content: content.replaceAll('""', '"'), end: close + 1, breaks, flaw: undefined }
}

function plainCell({ text, at, separator, flaw }: Place & { flaw: CsvRow['flaw'] }): Cell {
  let end = at
  while (end < text.length) {
    const character = text[end]
    if (character === separator || character === '\n' || character === '\r') break
    end += 1
  }
  return { content: text.slice(at, end), end, breaks: 0, flaw }
}
