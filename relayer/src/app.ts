import type { RelayerAnswer } from '@coupon-secure/protocol/wire-redemption'
import { notTooManyAtOnce, notTooOften } from '@coupon-secure/service/crowd'
import { createFront } from '@coupon-secure/service/front'
import type { ServiceEnv } from '@coupon-secure/service/guard'
import { createLogger } from '@coupon-secure/service/log'
import { createMetrics, type Metrics } from '@coupon-secure/service/metrics'
import { isWell, readinessOf } from '@coupon-secure/service/readiness'
import { docsRoutes } from '@coupon-secure/service/routes-docs'
import { operationsRoutes } from '@coupon-secure/service/routes-operations'
import type { Hono } from 'hono'
import type { Logger } from 'pino'
import type { Address } from 'viem'
import type { Bell } from './bell.ts'
import type { Chain } from './chain.ts'
import { createDesk } from './desk.ts'
import { openApi, OPENAPI } from './openapi.ts'
import type { Purse } from './purse.ts'
import { redemptionRoutes } from './routes-redemptions.ts'
import type { Store } from './store.ts'
import { createWatch } from './watch.ts'

const STUCK_FOR_LONG_MILLISECONDS = 5 * 60_000

/** Everything the relayer's answers depend on; `now` in unix milliseconds. */
export type Dependencies = {
  now: () => number
  chain: Chain
  store: Store
  purse: Purse
  chainId: number
  factory: Address
  /** The accounts that pay; one at least. */
  senders: readonly [Address, ...Address[]]
  corsOrigins: readonly string[]
  /** Something new waits to be sent. */
  onNew: () => void
  /** Rings when a redemption stands elsewhere than before. */
  moved: Bell
  logger?: Logger
  metrics?: Metrics
  /** Whether it was told to end, and takes its leave. */
  isStopping?: () => boolean
  /** How many requests may be under way before the next is sent away. */
  mostAtOnce?: number
  mostStreams?: number
  /** How many requests a minute one network may send; a venue's whole crowd may be one. */
  mostPerNetworkAndMinute?: number
  /** How many redemptions an hour of one coupon are taken on. */
  mostPerCouponAndHour?: number
}

/** The relayer's HTTP service, as a function of what it depends on. */
export function createApp({
  now,
  purse,
  chainId,
  factory,
  senders,
  corsOrigins,
  onNew,
  moved,
  logger = createLogger({ level: 'silent' }),
  metrics = createMetrics({ service: 'relayer' }),
  isStopping = () => false,
  mostAtOnce = 512,
  mostStreams = 2_000,
  mostPerNetworkAndMinute = 1_200,
  mostPerCouponAndHour = 10,
  ...dependencies
}: Dependencies): Hono<ServiceEnv> {
  const chain = metrics.measured('chain', dependencies.chain)
  const store = metrics.measured('database', dependencies.store)
  const [from] = senders
  const desk = createDesk({
    ...{ now, chain, store, purse, chainId, from, mostPerCouponAndHour, onNew },
  })
  const isMoving = async () => {
    const oldest = await store.oldestOpen()
    return oldest === undefined || now() - oldest < STUCK_FOR_LONG_MILLISECONDS
  }
  const readiness = readinessOf({
    chain,
    checks: [
      {
        name: 'database writable',
        isWell: () => isWell(store.check()),
        advice: 'Look at PostgreSQL (DATABASE_URL), or at the disk that DATA_DIR is on.',
      },
      {
        name: 'balance above floor',
        isWell: () => purse.hasBalance().catch(() => false),
        advice: 'Every account that pays is at BALANCE_FLOOR_ETHER or below: fund one.',
      },
      {
        name: 'budget left',
        isWell: () => purse.hasBudget().catch(() => false),
        advice: 'DAILY_BUDGET_ETHER is spent: look what for, wait for midnight (UTC) or raise it.',
      },
      {
        name: 'nothing stuck',
        isWell: () => isMoving().catch(() => false),
        advice: 'A transaction is in no block after five minutes: see MOST_FEE_GWEI and the node.',
      },
      {
        name: 'not stopping',
        isWell: () => Promise.resolve(!isStopping()),
        advice: 'It was told to stop and answers what is under way.',
      },
    ],
  })
  const app = createFront({ now, logger, metrics, corsOrigins })

  app.route('/', operationsRoutes({ metrics, readiness }))
  app.route('/', docsRoutes({ openApi: openApi(), at: OPENAPI }))
  app.use(notTooManyAtOnce(mostAtOnce))
  app.use(notTooOften({ perMinute: mostPerNetworkAndMinute, now }))

  app.get('/v1/relayer', (context) =>
    context.json({ chainId, factory, senders: [...senders] } satisfies RelayerAnswer),
  )
  const watch = createWatch({ store, bell: moved })
  app.route('/v1/redemptions', redemptionRoutes({ desk, store, watch, mostStreams, isStopping }))
  return app
}
