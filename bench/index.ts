// `npm run bench:index`: how long the indexer takes from nothing, over a real anvil with 100,000 real redemptions: batches of 100, each
// item with its proof and its holder's signature, sent by a counter. The chain is made once and kept in cache/. `-- --json`
// prints the record alone; `--events` how many; `--statements` has an oracle's statement with each, whose signer the indexer finds.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { buildContracts } from '../scripts/build.ts'
import { endChildren } from '../scripts/children.ts'
import { deploy } from '../scripts/deploy.ts'
import { fingerprint, inRoot } from '../scripts/folders.ts'
import { startIndexer } from '../scripts/indexer-service.ts'
import { askChain, startChain } from '../scripts/local-chain.ts'
import { freePort } from '../scripts/ports.ts'
import { cpuTimeOf } from './cpu-time.ts'
import { redeemMany } from './index-chain.ts'

const REACH = { events: 100_000, seconds: 60 }
const NEVER_SECONDS = 86_400
const WAIT_MS = 900_000

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    events: { type: 'string', default: '100000' },
    statements: { type: 'boolean', default: false },
  },
})
const say = (line: string) => {
  if (!values.json) console.log(line)
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-bench-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endChildren().then(() => process.exit(130)))
}
try {
  const record = await measure()
  if (values.json) console.log(JSON.stringify(record, null, 2))
  else {
    console.log('the index from nothing to the newest block, its own start included')
    console.table({ measured: record, reach: REACH })
  }
} finally {
  await endChildren()
  fs.rmSync(folder, { recursive: true, force: true })
}

async function measure() {
  await buildContracts({ say })
  const place = path.join(folder, 'chain')
  const kept = keptChain()
  if (fs.existsSync(kept)) unpack({ kept, place })
  const { rpcUrl, child: chain } = await startChain({
    folder: place,
    port: await freePort({ first: 28_545 }),
    stateSeconds: NEVER_SECONDS, // it is in cache/ already, and writing it takes longer than indexing it
  })
  if (!fs.existsSync(kept)) await make({ rpcUrl, kept })
  const blocks = Number(await askChain({ rpcUrl, method: 'eth_blockNumber' }))

  say('Indexing …')
  const port = await freePort({ first: 28_069 })
  const startedAt = performance.now()
  const indexer = await startIndexer({
    folder: path.join(folder, 'indexer'),
    port,
    rpcUrl,
    say,
    readyMs: WAIT_MS,
    logFile: path.join(folder, 'indexer.log'),
  })
  if (!(await indexer.ready)) throw new Error('The indexer did not come to be ready.')
  let events = 0
  while (events < Number(values.events) && performance.now() - startedAt < WAIT_MS) {
    events = await redemptionsIn(indexer.url)
    await sleep(100)
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  const used = cpuTimeOf(indexer.child()?.pid ?? 0)
  await indexer.end()
  chain.kill() // which need not write its state down
  const eventsPerSecond = Math.round(events / seconds)
  // On a machine that others use too, what it took of a processor says more than what it took of the day.
  const cpuSeconds = used === undefined ? undefined : Math.round(used / 100) / 10
  const how = values.statements ? 'a statement with each' : 'the sender vouches'
  return {
    events,
    seconds,
    cpuSeconds,
    eventsPerSecond,
    blocks,
    how,
    store: 'PGlite',
    cpus: os.cpus().length,
  }
}

/** Where the chain is kept that these words and contracts make. */
function keptChain(): string {
  const rules = ['contracts', 'bench/index-chain.ts', 'bench/index-digests.ts']
  const made = fingerprint({ places: rules }).slice(0, 16)
  const name = [values.events, values.statements ? 'stated' : 'sent', made].join('-')
  return inRoot('cache', 'bench-index', `${name}.json.gz`)
}

function unpack({ kept, place }: { kept: string; place: string }): void {
  fs.mkdirSync(place, { recursive: true })
  fs.writeFileSync(path.join(place, 'state.json'), gunzipSync(fs.readFileSync(kept)))
}

async function make({ rpcUrl, kept }: { rpcUrl: string; kept: string }): Promise<void> {
  say(`Redeeming ${values.events} coupons, once; kept in cache/bench-index for the next run …`)
  await deploy({ rpcUrl, folder: path.join(folder, 'deployment') })
  await redeemMany({ rpcUrl, redemptions: Number(values.events), isStated: values.statements, say })
  const state = await askChain({ rpcUrl, method: 'anvil_dumpState' }) // its JSON, packed, in hexadecimal
  fs.mkdirSync(path.dirname(kept), { recursive: true })
  fs.writeFileSync(`${kept}.draft`, Buffer.from(String(state).slice(2), 'hex'))
  fs.renameSync(`${kept}.draft`, kept)
}

async function redemptionsIn(url: string): Promise<number> {
  const sql = JSON.stringify({
    json: { sql: 'select count(*) as count from redemption', params: [] },
  })
  const response = await fetch(`${url}/sql/db?${new URLSearchParams({ sql }).toString()}`)
  const { rows } = (await response.json()) as { rows: { count: number }[] }
  return Number(rows[0]?.count)
}
