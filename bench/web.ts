// `npm run bench:web`: how heavy the holder's page is, and what Lighthouse says of it on a phone, over a world of its own.
// `-- --json` prints the record alone; `--runs 3` has Lighthouse look so often and takes the middle.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import lighthouse from 'lighthouse'
import { openBrowser } from '../scripts/browser.ts'
import { makeDemo } from '../scripts/demo.ts'
import { runToEnd } from '../scripts/children.ts'
import { inRoot } from '../scripts/folders.ts'
import { startWorld } from '../scripts/local-world.ts'
import { freePort } from '../scripts/ports.ts'

const REACH = { holderJsKb: 180, performance: 95, accessibility: 100, bestPractices: 95 }
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
  },
})
const runs = Number(values.runs)
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs is a whole number.')
const say = values.json ? () => undefined : console.log
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-bench-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  const record = await measure()
  if (values.json) console.log(JSON.stringify(record, null, 2))
  else {
    const { holderJsKb, lighthouse: scores, complaints } = record
    console.table({ measured: { holderJsKb, ...scores }, reach: REACH })
    for (const complaint of complaints) console.log(complaint)
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}

async function measure() {
  const ports = { chain: 27_545, oracle: 27_787, relayer: 27_790, indexer: 21_069, web: 22_000 }
  const world = await startWorld({ folder, say, firstPorts: ports })
  try {
    const now = Math.floor(Date.now() / 1000)
    const { rpcUrl } = world.chain
    const { book } = await makeDemo({ rpcUrl, oracleUrl: world.oracle.url, now, say })
    const url = `${world.web.url}/redeem/${book}`
    const looks: Look[] = []
    for (let run = 0; run < runs; run++) looks.push(await look(url))
    const middle = (name: (typeof CATEGORIES)[number]) =>
      looks.map(({ scores }) => scores[name]).toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
    return {
      holderJsKb: await weightOf('/redeem/[book]'),
      lighthouse: {
        performance: middle('performance'),
        accessibility: middle('accessibility'),
        bestPractices: middle('best-practices'),
      },
      runs,
      complaints: [...new Set(looks.flatMap(({ complaints }) => complaints))],
    }
  } finally {
    await world.end()
  }
}

/** Kilobytes of JavaScript, gzipped, before the page can be used. */
async function weightOf(route: string): Promise<number> {
  const lines = await runToEnd({
    name: 'Weighing the pages',
    command: process.execPath,
    args: [inRoot('web', 'scripts', 'measure-js.mjs'), '--json'],
    cwd: inRoot('web'),
  })
  const bytes = JSON.parse(lines.at(-1) ?? '') as Record<string, number>
  return Math.round((bytes[route] ?? NaN) / 1000)
}

type Look = { scores: Record<(typeof CATEGORIES)[number], number>; complaints: string[] }

/** What Lighthouse says of the page on its own phone (slow processor, slow network): scores to 100, and what it does not like. */
async function look(url: string): Promise<Look> {
  const port = await freePort({ first: 29_222 })
  const browser = await openBrowser({ port })
  try {
    const result = await lighthouse(url, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: [...CATEGORIES],
    })
    if (result === undefined) throw new Error('Lighthouse said nothing.')
    const { categories, audits } = result.lhr
    const entries = CATEGORIES.map((name) => {
      return [name, Math.round((categories[name]?.score ?? 0) * 100)] as const
    })
    const weighed = CATEGORIES.flatMap((name) => categories[name]?.auditRefs ?? [])
    const complaints = weighed.flatMap(({ id, weight }) => {
      const audit = audits[id]
      const score = audit?.score ?? 1 // null where it does not apply
      if (audit === undefined || weight === 0 || score >= 0.9) return []
      return [`${id}: ${audit.displayValue ?? audit.title}`]
    })
    return { scores: Object.fromEntries(entries) as Look['scores'], complaints }
  } finally {
    await browser.close()
  }
}
