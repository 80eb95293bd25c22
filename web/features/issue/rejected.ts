import { type Decisions, peopleOf } from './plan.ts'
import type { ListRow, ReadList } from './read-list.ts'
import { writeCsv } from '../../ui/write-csv.ts'

/** The rows that get no coupon by these decisions. */
export function rejectedRows({
  list,
  decisions,
}: {
  list: Pick<ReadList, 'rows'>
  decisions: Decisions
}): ListRow[] {
  const taken = new Set(peopleOf({ list, decisions }).people)
  return list.rows.filter((row) => !taken.has(row))
}

/** Those rows as a list to mend: every column as it came, and before it the line and why. */
export function rejectedFile({
  list,
  rows,
}: {
  list: Pick<ReadList, 'header' | 'problems'>
  rows: readonly ListRow[]
}): string {
  const why = new Map<number, string[]>()
  for (const { line, code, message } of list.problems) {
    const known = why.get(line)
    if (known === undefined) why.set(line, [`${code}: ${message}`])
    else known.push(`${code}: ${message}`)
  }
  const width = Math.max(list.header.length, ...rows.map(({ cells }) => cells.length))
  const padded = (cells: readonly string[]) =>
    Array.from({ length: width }, (_, index) => cells[index] ?? '')
  return writeCsv([
    [
      'Line',
      'Why',
      ...padded(list.header).map((name, index) => name.trim() || `Column ${index + 1}`),
    ],
    ...rows.map(({ line, state, cells }) => {
      const reasons = why.get(line) ?? (state === 'waiting' ? ['No wallet.'] : [])
      return [String(line), reasons.join(' '), ...padded(cells)]
    }),
  ])
}
