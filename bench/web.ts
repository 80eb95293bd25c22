// `npm run bench:web`: how heavy the holder's page is, what Lighthouse says of it on a phone, and how long fifty people who tap at
// the same moment wait until the chain shows their coupons used, over a world of its own. `-- --json` prints the record alone;
// `--runs 3` has Lighthouse look so often and takes the middle; `--people 50`.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import lighthouse from 'lighthouse'
import { readContract } from 'viem/actions'
import { openBrowser } from '../scripts/browser.ts'
import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { type Demo, makeDemo } from '../scripts/demo.ts'
import { demoKey } from '../scripts/demo-files.ts'
import { localDeployment } from '../scripts/deploy.ts'
import { runToEnd } from '../scripts/children.ts'
import { inRoot } from '../scripts/folders.ts'
import { startWorld, type World } from '../scripts/local-world.ts'
import { freePort } from '../scripts/ports.ts'
import { clientOf } from '../web/chain/client.ts'
import { parseConfig } from '../web/chain/parse-config.ts'
import { type Crowd, serveCrowd } from './web-crowd.ts'

const REACH = {
  holderJsKb: 180,
  performance: 95,
  accessibility: 100,
  bestPractices: 95,
  tapToConfirmedP95: 2_000,
}
// In the mess hall of demo/venue.geojson.
const MESS_HALL = { longitude: 75.9236, latitude: 26.9359 }
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    people: { type: 'string', default: '50' },
  },
})
const runs = Number(values.runs)
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs is a whole number.')
const people = Number(values.people)
if (!Number.isSafeInteger(people) || people < 1 || people > 99) {
  throw new Error(
    '--people is a whole number up to 99: a hundred hold a lunch, and one goes first.',
  )
}
const say = values.json ? () => undefined : console.log
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-bench-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  const record = await measure()
  if (values.json) console.log(JSON.stringify(record, null, 2))
  else {
    const { holderJsKb, lighthouse: scores, tapToConfirmedP95, complaints } = record
    console.table({ measured: { holderJsKb, ...scores, tapToConfirmedP95 }, reach: REACH })
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
    const demo = await makeDemo({ rpcUrl, oracleUrl: world.oracle.url, now, say })
    const { book } = demo
    const crowd = await tapAll({ world, demo })
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
      tapToConfirmedP95: at({ sorted: crowd.times, share: 0.95 }),
      tapToConfirmedP50: at({ sorted: crowd.times, share: 0.5 }),
      people,
      wrong: crowd.wrong,
      runs,
      complaints: [...new Set(looks.flatMap(({ complaints }) => complaints))],
    }
  } finally {
    await world.end()
  }
}

/** Fifty people at once use their lunch; a first one alone, so that everything has been loaded once. */
async function tapAll({ world, demo }: { world: World; demo: Demo }): Promise<Crowd> {
  const read = parseConfig({
    CHAIN_ID: String(LOCAL_CHAIN_ID),
    RPC_URL: world.chain.rpcUrl,
    ORACLE_URL: world.oracle.url,
    RELAYER_URL: world.relayer.url,
    FACTORY_ADDRESS: localDeployment().factory,
    FACTORY_BLOCK: '0',
  })
  if (!read.ok) throw new Error(read.problems.join(' '))
  const { config } = read
  const lunch = demo.campaigns.find(({ name }) => name === 'Lunch')
  if (lunch === undefined) throw new Error('The demo has no lunch.')
  const { campaignId } = lunch
  const { geofenceHash } = await readContract(clientOf(config), {
    address: demo.book,
    abi: couponBookAbi,
    functionName: 'campaign',
    args: [campaignId],
  })
  const campaign = { campaignId, geofenceHash }
  const of = { config, book: demo.book, campaign, position: MESS_HALL }
  const keys = Array.from({ length: people + 1 }, (_, index) => demoKey(index + 1))
  const first = await serveCrowd({ ...of, keys: keys.slice(people) })
  if (first.wrong.length > 0) throw new Error(`The first could not use it: ${first.wrong.join()}`)
  return serveCrowd({ ...of, keys: keys.slice(0, people) })
}

function at({ sorted, share }: { sorted: readonly number[]; share: number }): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN
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
