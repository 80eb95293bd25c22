import { setTimeout as sleep } from 'node:timers/promises'
import {
  redemptionStatusSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { createLogger } from '@coupon-secure/service/log'
import { holdTo } from '@coupon-secure/service/rehearsal-described'
import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'
import type { Logger } from 'pino'
import { parseEther, parseGwei, type Hex } from 'viem'
import { payerOf } from './account.ts'
import { createApp, type Dependencies } from './app.ts'
import { createBell } from './bell.ts'
import { createChain, type Chain } from './chain.ts'
import { openApi } from './openapi.ts'
import { createPurse } from './purse.ts'
import { CHAIN_ID, FACTORY, type World } from './rehearsal.ts'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'
import { createWorker } from './work.ts'

// A relayer in this process, whose turns the tests take; nothing of the service uses it.

export const WEB = 'https://coupons.example'
const requireDescribed = holdTo(openApi(), { other: '/v1/relayer' })

/** What a test may turn. */
export type Turned = {
  world: World
  key: Hex
  store?: Store
  owner?: string
  batch?: { items: number; milliseconds: number }
  stuckAfter?: number
  finalAfter?: number
  mostFee?: bigint
  leaseMilliseconds?: number
  dailyBudget?: bigint
  floor?: bigint
  logger?: Logger
  /** Stands before the chain, to see or spoil what is asked. */
  through?: (chain: Chain) => Chain
  app?: Partial<Dependencies>
}

/** A relayer over the tests' chain: its answers, and its work turn by turn. */
export async function rehearse({
  world,
  key,
  owner = 'one',
  batch = { items: 50, milliseconds: 0 },
  stuckAfter = 60_000,
  finalAfter = 0,
  mostFee = parseGwei('100'),
  leaseMilliseconds = 60_000,
  dailyBudget = parseEther('1'),
  floor = 0n,
  logger = createLogger({ level: 'silent' }),
  through = (chain) => chain,
  ...turned
}: Turned) {
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const store = turned.store ?? (await openLocalStore())
  const chain = through(
    createChain({ rpcUrl: world.rpcUrl, chainId: CHAIN_ID, factory: FACTORY, now }),
  )
  const payer = payerOf({ key, chainId: CHAIN_ID })
  const purse = createPurse({ now, chain, store, senders: [payer.address], floor, dailyBudget })
  const outcomes: string[] = []
  const moved = createBell()
  const moves = { count: 0 }
  const worker = createWorker({
    ...{ now, chain, store, purse, payer, owner, leaseMilliseconds, batch, stuckAfter, finalAfter },
    ...{ mostFee, logger },
    onOutcome: (outcome) => outcomes.push(outcome),
    onMoved: () => {
      moves.count += 1
      moved.ring()
    },
  })
  const app = createApp({
    ...{ now, chain, store, purse, logger },
    chainId: CHAIN_ID,
    factory: FACTORY,
    senders: [payer.address],
    corsOrigins: [WEB],
    onNew: () => undefined,
    moved,
    ...turned.app,
  })

  const ask = async (url: string, init?: RequestInit) => {
    const response = await app.request(url, init, { sender: '127.0.0.1' })
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    if (isJson) await requireDescribed({ method: init?.method ?? 'GET', url, response })
    return response
  }
  const bring = (body: unknown) =>
    ask('/v1/redemptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const statusIn = async (response: Response): Promise<RedemptionStatus> =>
    redemptionStatusSchema.parse(await response.json())
  const statusOf = async (digest: Hex) => statusIn(await ask(`/v1/redemptions/${digest}`))

  /** Takes turns until the redemption is in this state. */
  const workUntil = async ({
    digest,
    state,
  }: {
    digest: Hex
    state: RedemptionStatus['state']
  }): Promise<RedemptionStatus> => {
    for (const until = Date.now() + 20_000; Date.now() < until; await sleep(20)) {
      await worker.turn()
      const status = await statusOf(digest)
      if (status.state === state) return status
    }
    throw new Error(`it is ${JSON.stringify(await statusOf(digest))}, not ${state}`)
  }

  return {
    ...{ app, ask, bring, statusIn, statusOf, workUntil, worker, store, chain, payer, clock },
    ...{ outcomes, moves, routes: app.routes },
    /** Brings it and says where it stands. */
    take: async (body: unknown) => statusIn(await bring(body)),
    close: () => store.close(),
  }
}

/** Two stores on one new PostgreSQL database, or why there is none. */
export async function sharedDatabase(): Promise<
  { missing: string } | { open: () => Promise<Store>; url: string }
> {
  const postgres = await sharedPostgres()
  if ('missing' in postgres) return postgres
  const url = await postgres.freshDatabase()
  return { url, open: () => openPostgresStore({ url }) }
}
