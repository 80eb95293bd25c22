// `npm run corpus`: labelled positions of honest people and of others, and how often each is believed. `-- --json` prints
// the record; `-- --write` puts the tables and the plot into docs/presence.md and docs/images/presence.svg.
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { formatted } from '../scripts/formatted.ts'
import { inRoot } from '../scripts/folders.ts'
import { pageWith, standingRows, traceRows } from './corpus-page.ts'
import { plotOf } from './corpus-plot.ts'
import { standingRates, traceRates } from './corpus-rates.ts'

const PAGE = inRoot('docs', 'presence.md')
const PLOT = inRoot('docs', 'images', 'presence.svg')

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    people: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const people = Number(values.people)
const seed = Number(values.seed)
if (![people, seed].every(Number.isSafeInteger) || people < 1) {
  throw new Error('--people and --seed are whole numbers.')
}

const record = {
  people,
  seed,
  standing: standingRates({ people, seed }),
  traces: traceRates({ people: Math.min(people, 1_000), seed }),
}

if (values.write) {
  const page = pageWith({ page: await readFile(PAGE, 'utf8'), record })
  await writeFile(PAGE, await formatted({ text: page, file: PAGE }))
  await writeFile(PLOT, plotOf(record.standing))
}
if (values.json) console.log(JSON.stringify(record, null, 2))
else {
  console.log(
    `per cent of ${people} people; seed ${seed}; metres from the edge, outside below zero`,
  )
  console.table(standingRows(record.standing))
  console.table(traceRows(record.traces))
}
