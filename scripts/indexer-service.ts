import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { startChild, type Child } from './children.ts'
import { localDeployment } from './deploy.ts'
import { fingerprint } from './folders.ts'
import { askChain } from './local-chain.ts'

const HOST = '127.0.0.1' // the local world is for this machine alone
const READY_MS = 90_000 // after a power cut it waits for its own lock to grow old, some 25 s
const PAUSE_MS = 2_000
const WELL_MS = 300_000 // who ends after that long did not fail to start
const MOST_FAILURES = 3 // in a row
// The chain took back what was final. Ponder says so and then waits for ever for a block that fits.
const LOST = 'Encountered unrecoverable reorg'

const NO_RULES = ['node_modules', 'test', 'generated', '.ponder'] // what changes no row

/** The indexer, which is tended: where it ends of itself it is started again. */
export type Indexer = {
  url: string
  /** Resolves with whether it came to be ready; false once it has been given up. */
  ready: Promise<boolean>
  /** The program that runs now. */
  child: () => Child | undefined
  end: () => Promise<void>
}

/**
 * Starts the indexer over its database in `folder`. What it keeps can be had again from the chain, so it is never a reason to
 * stop: a database that it does not start from, or over which it ended, is dropped.
 */
export async function startIndexer({
  folder,
  port,
  rpcUrl,
  say,
  readyMs = READY_MS,
  ...words
}: {
  folder: string
  port: number
  rpcUrl: string
  say: (line: string) => void
  readyMs?: number
  logFile?: string
  onLine?: (line: string) => void
}): Promise<Indexer> {
  const url = `http://${HOST}:${port}`
  const database = path.join(folder, await nameOfDatabase(rpcUrl))
  dropOthers({ folder, database })
  const now: { child?: Child; isEnding: boolean } = { isEnding: false }
  const isEnding = () => now.isEnding
  let settle: (isReady: boolean) => void = () => undefined
  const ready = new Promise<boolean>((resolve) => (settle = resolve))

  const tend = async () => {
    for (let failures = 0; failures < MOST_FAILURES && !isEnding(); await sleep(PAUSE_MS)) {
      const startedAt = Date.now()
      const child = startChild({
        ...programOf({ database, port, rpcUrl }),
        ...words,
        onLine: (line) => {
          words.onLine?.(line)
          if (line.includes(LOST)) child.kill()
        },
      })
      now.child = child
      if (await becomesReady({ child, url, latest: startedAt + readyMs })) {
        settle(true)
        await child.ended
      } else await child.end()
      if (isEnding()) return
      failures = Date.now() - startedAt > WELL_MS ? 0 : failures + 1
      fs.rmSync(database, { recursive: true, force: true })
      say(`The indexer has ended${because(child)} It reads the chain again from the beginning.`)
    }
    if (!isEnding())
      say('The indexer keeps ending and is left out: pages read the chain themselves.')
  }
  const tending = tend().finally(() => settle(false))
  const end = async () => {
    now.isEnding = true
    await now.child?.end()
    await tending
  }
  return { url, ready, child: () => now.child, end }
}

function programOf({ database, port, rpcUrl }: { database: string; port: number; rpcUrl: string }) {
  const { factory, firstBlock } = localDeployment()
  return {
    name: 'The indexer',
    command: process.execPath,
    args: ['indexer/start.ts'],
    env: {
      HOST,
      PORT: String(port),
      RPC_URL: rpcUrl,
      CHAIN_ID: String(LOCAL_CHAIN_ID),
      FACTORY_ADDRESS: factory,
      FACTORY_BLOCK: String(firstBlock),
      DATA_DIR: database,
    },
  }
}

/** One chain, indexed by one set of rules, has one database: another chain or other rules begin another. */
async function nameOfDatabase(rpcUrl: string): Promise<string> {
  const first = await askChain({ rpcUrl, method: 'eth_getBlockByNumber', params: ['0x1', false] })
  const rules = fingerprint({ places: ['indexer', 'protocol/src'], without: NO_RULES })
  const told = JSON.stringify([first, localDeployment(), rules])
  return createHash('sha256').update(told).digest('hex').slice(0, 16)
}

function dropOthers({ folder, database }: { folder: string; database: string }): void {
  fs.mkdirSync(folder, { recursive: true })
  for (const name of fs.readdirSync(folder)) {
    const place = path.join(folder, name)
    if (place !== database) fs.rmSync(place, { recursive: true, force: true })
  }
}

async function becomesReady({
  child,
  url,
  latest,
}: {
  child: Child
  url: string
  latest: number
}): Promise<boolean> {
  while (Date.now() < latest && !child.hasEnded()) {
    const isReady = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return true
    await sleep(100)
  }
  return false
}

/** What its last lines say went wrong; the indexer writes JSON. */
function because(child: Child): string {
  const errors = child.lastLines().flatMap((line) => {
    try {
      const { level, error, msg } = JSON.parse(line) as Record<string, unknown>
      return Number(level) >= 50 ? [JSON.stringify(error ?? msg)] : []
    } catch {
      return []
    }
  })
  const last = errors.at(-1)
  return last === undefined ? '.' : ` (${last.slice(0, 200)}).`
}
