import { CouponSecureError } from '@coupon-secure/protocol/errors'
import { hashWith } from '@coupon-secure/protocol/keccak'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { keccakInWasm } from '@coupon-secure/service/keccak'
import { createLogger, traceOf } from '@coupon-secure/service/log'
import { createMetrics } from '@coupon-secure/service/metrics'
import { proxiesIn } from '@coupon-secure/service/network'
import { createServer, takeLeave } from '@coupon-secure/service/server'
import { payersOf } from './account.ts'
import { createApp } from './app.ts'
import { createBell } from './bell.ts'
import { createChain } from './chain.ts'
import { createCounts } from './counts.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { createPurse } from './purse.ts'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'
import { startWork } from './work.ts'

const FORGET_EVERY_MILLISECONDS = 60_000
const LONGEST_SHUTDOWN_MILLISECONDS = 8_000

try {
  hashWith(await keccakInWasm())
  await start(readEnvironment(process.env))
} catch (error) {
  // Our own sentences are written for people; anything else may quote what it was given.
  const isOurs = error instanceof CouponSecureError
  const said = isOurs
    ? error.message
    : `The relayer cannot start: ${JSON.stringify(traceOf(error))}`
  process.stderr.write(`${said}\n`)
  process.exit(1)
}

async function start(environment: Environment): Promise<void> {
  const { PORT, HOST, CHAIN_ID: chainId, FACTORY_ADDRESS: factory, LOG_LEVEL } = environment
  const logger = createLogger({ level: LOG_LEVEL })
  const metrics = createMetrics({ service: 'relayer', ofProcess: true })
  const payers = await payersOf({
    keys: environment.RELAYER_KEY,
    keystore: keystoreFrom(environment),
    chainId,
  })
  const [first, ...others] = payers.map(({ address }) => address)
  if (!first) throw new KeyUnreadableError({ reason: 'there is none' })
  const senders = [first, ...others] as const
  const chain = chainFrom(environment)
  const store = await storeFrom(environment)
  const purse = createPurse({
    ...{ now: Date.now, chain, store, senders },
    floor: environment.BALANCE_FLOOR_ETHER,
    dailyBudget: environment.DAILY_BUDGET_ETHER,
  })
  const { onOutcome } = createCounts({ metrics, store, purse, senders })
  const moved = createBell()
  const work = startWork({
    ...{ now: Date.now, chain, store, purse, payers, logger, onOutcome },
    onMoved: moved.ring,
    owner: crypto.randomUUID(),
    leaseMilliseconds: environment.LEASE_MILLISECONDS,
    batch: { items: environment.BATCH_ITEMS, milliseconds: environment.BATCH_MILLISECONDS },
    stuckAfter: environment.STUCK_SECONDS * 1_000,
    finalAfter: environment.FINAL_AFTER_BLOCKS,
    mostFee: environment.MOST_FEE_GWEI,
  })
  let isStopping = false
  const app = createApp({
    ...{ now: Date.now, chain, store, purse, chainId, factory, senders, logger, metrics },
    corsOrigins: environment.CORS_ORIGINS,
    onNew: work.wake,
    moved,
    isStopping: () => isStopping,
    mostAtOnce: environment.MOST_REQUESTS_AT_ONCE,
    mostPerNetworkAndMinute: environment.MOST_REQUESTS_PER_NETWORK_AND_MINUTE,
    mostPerCouponAndHour: environment.MOST_TRIES_PER_COUPON_AND_HOUR,
  })
  const server = createServer({
    app,
    proxies: proxiesIn(environment.TRUSTED_PROXIES),
    isStopping: () => isStopping,
  })
  const forgetting = setInterval(() => {
    store.forget(Date.now()).catch((error: unknown) => {
      logger.error({ error: traceOf(error) }, 'cannot forget')
    })
  }, FORGET_EVERY_MILLISECONDS)

  server.on('error', (error) => {
    process.stderr.write(`The relayer cannot listen on ${HOST}:${PORT}.\n`)
    logger.fatal({ error: traceOf(error) }, 'cannot listen')
    process.exit(1)
  })
  server.listen(PORT, HOST, () => {
    logger.info({ host: HOST, port: PORT, chainId, senders }, 'listening')
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      logger.info({ signal }, 'stopping')
      clearInterval(forgetting)
      const drain = environment.DRAIN_SECONDS * 1_000
      // What is under way is answered, but nobody can keep the relayer from ending.
      setTimeout(() => process.exit(1), drain + LONGEST_SHUTDOWN_MILLISECONDS).unref()
      takeLeave({ server, drain })
        .then(() => work.stop())
        .then(() => store.close())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        )
    })
  }
}

function chainFrom({ RPC_URL, CHAIN_ID, FACTORY_ADDRESS, MAX_HEAD_AGE_SECONDS }: Environment) {
  return createChain({
    rpcUrl: RPC_URL,
    chainId: CHAIN_ID,
    factory: FACTORY_ADDRESS,
    now: Date.now,
    maxHeadAge: MAX_HEAD_AGE_SECONDS === 0 ? undefined : MAX_HEAD_AGE_SECONDS,
  })
}

function keystoreFrom({ RELAYER_KEYSTORE: path, RELAYER_KEYSTORE_PASSWORD }: Environment) {
  return path ? { path, password: RELAYER_KEYSTORE_PASSWORD ?? '' } : undefined
}

function storeFrom({ DATABASE_URL, DATA_DIR }: Environment): Promise<Store> {
  if (DATABASE_URL) return openPostgresStore({ url: DATABASE_URL })
  return openLocalStore({ folder: DATA_DIR ?? '' })
}
