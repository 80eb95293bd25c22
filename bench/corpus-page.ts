// The corpus as rows, for terminals and for docs/presence.md.
import type { Standing, TraceRates } from './corpus-rates.ts'

/** What `npm run corpus -- --json` prints. */
export type CorpusRecord = {
  people: number
  seed: number
  standing: Standing[]
  traces: TraceRates[]
}

/** A row for each receiver and distance, in per cent. */
export function standingRows(standing: readonly Standing[]) {
  return standing.map(({ receiver, metres, yes, unsure, no, yesInThree }) => ({
    receiver,
    metres,
    yes: percent(yes),
    unsure: percent(unsure),
    no: percent(no),
    'yes in three': percent(yesInThree),
  }))
}

/** A row for each labelled trace. */
export function traceRows(traces: readonly TraceRates[]) {
  return traces.map(({ name, isHonest, yes, reasons }) => ({
    who: isHonest ? 'honest' : 'pretends',
    what: name,
    yes: percent(yes),
    otherwise: Object.entries(reasons)
      .map(([reason, share]) => `${reason} ${percent(share)}`)
      .join(', '),
  }))
}

/** The page with the tables between its marks made anew. */
export function pageWith({ page, record }: { page: string; record: CorpusRecord }): string {
  const { people, seed, standing, traces } = record
  const note = `${people.toLocaleString('en')} people for each line, seed ${seed}; per cent; metres from the edge, outside below zero.`
  const tables = {
    standing: `${note}\n\n${tableOf(standingRows(standing))}`,
    traces: tableOf(traceRows(traces)),
  }
  return Object.entries(tables).reduce(
    (text, [mark, table]) => between({ page: text, mark, table }),
    page,
  )
}

function between({ page, mark, table }: { page: string; mark: string; table: string }): string {
  const [open, close] = [`<!-- corpus: ${mark} -->`, `<!-- end of ${mark} -->`]
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`docs/presence.md has no place for ${mark}.`)
  return `${page.slice(0, from)}${open}\n\n${table}\n\n${page.slice(to)}`
}

function tableOf(rows: readonly Record<string, string | number>[]): string {
  const names = Object.keys(rows[0] ?? {})
  const lines = rows.map((row) => names.map((name) => row[name]))
  return [names, names.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

// 0.004 % is not nothing.
function percent(share: number): string {
  const value = share * 100
  return value === 0 ? '0' : value < 0.1 ? value.toFixed(2) : value.toFixed(1)
}
