import { CouponSecureError } from '@coupon-secure/protocol/errors'
import { hashWith } from '@coupon-secure/protocol/keccak'
import { createApp } from './app.ts'
import { createChainReader, type ChainReader } from './chain.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { createHyperTrack, type HyperTrack } from './hypertrack.ts'

import { keccakInWasm } from '@coupon-secure/service/keccak'
import { signerFromHex, signersAt } from './key.ts'
import { createLogger, traceOf } from '@coupon-secure/service/log'
import { createMetrics } from '@coupon-secure/service/metrics'
import { proxiesIn } from '@coupon-secure/service/network'
import { createServer, takeLeave } from '@coupon-secure/service/server'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'
import type { Signer } from './signer.ts'

const FORGET_EVERY_MILLISECONDS = 60_000
const LONGEST_SHUTDOWN_MILLISECONDS = 8_000

try {
  hashWith(await keccakInWasm())
  await start(readEnvironment(process.env))
} catch (error) {
  // Our own sentences are written for people; anything else may quote what it was given.
  const isOurs = error instanceof CouponSecureError
  const said = isOurs ? error.message : `The oracle cannot start: ${JSON.stringify(traceOf(error))}`
  process.stderr.write(`${said}\n`)
  process.exit(1)
}

async function start(environment: Environment): Promise<void> {
  const { PORT, HOST, CHAIN_ID, FACTORY_ADDRESS, LOG_LEVEL } = environment
  const logger = createLogger({ level: LOG_LEVEL })
  const [signer, ...olderSigners] = await signersFrom(environment)
  if (!signer) throw new KeyUnreadableError({ reason: 'there is none' })
  const store = await storeFrom(environment)
  let isStopping = false
  const app = createApp({
    now: Date.now,
    signer,
    olderSigners,
    chain: chainFrom(environment),
    store,
    chainId: CHAIN_ID,
    factory: FACTORY_ADDRESS,
    corsOrigins: environment.CORS_ORIGINS,
    hyperTrack: hyperTrackFrom(environment),
    webhookToken: environment.HYPERTRACK_WEBHOOK_TOKEN,
    logger,
    metrics: createMetrics({ service: 'oracle', ofProcess: true }),
    isStopping: () => isStopping,
    mostAtOnce: environment.MOST_REQUESTS_AT_ONCE,
    mostPerNetworkAndMinute: environment.MOST_REQUESTS_PER_NETWORK_AND_MINUTE,
    mostClaimsPerHolderAndHour: environment.MOST_CLAIMS_PER_HOLDER_AND_HOUR,
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
    process.stderr.write(`The oracle cannot listen on ${HOST}:${PORT}.\n`)
    logger.fatal({ error: traceOf(error) }, 'cannot listen')
    process.exit(1)
  })
  server.listen(PORT, HOST, () => {
    logger.info({ host: HOST, port: PORT, chainId: CHAIN_ID, witness: signer.address }, 'listening')
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      logger.info({ signal }, 'stopping')
      clearInterval(forgetting)
      const drain = environment.DRAIN_SECONDS * 1_000
      // What is under way is answered, but nobody can keep the oracle from ending.
      setTimeout(() => process.exit(1), drain + LONGEST_SHUTDOWN_MILLISECONDS).unref()
      takeLeave({ server, drain })
        .then(() => store.close())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        )
    })
  }
}

function chainFrom(environment: Environment): ChainReader {
  const { RPC_URL, RPC_URL_2, CHAIN_ID, FACTORY_ADDRESS, MAX_HEAD_AGE_SECONDS } = environment
  return createChainReader({
    rpcUrls: RPC_URL_2 ? [RPC_URL, RPC_URL_2] : [RPC_URL],
    chainId: CHAIN_ID,
    factory: FACTORY_ADDRESS,
    now: Date.now,
    maxHeadAge: MAX_HEAD_AGE_SECONDS === 0 ? undefined : MAX_HEAD_AGE_SECONDS,
  })
}

async function signersFrom(environment: Environment): Promise<Signer[]> {
  const { ORACLE_KEY, ORACLE_KEYSTORE, ORACLE_KEYSTORE_PASSWORD = '' } = environment
  if (ORACLE_KEY) return [signerFromHex(ORACLE_KEY)]
  if (!ORACLE_KEYSTORE) throw new KeyUnreadableError({ reason: 'there is none' })
  return signersAt({ path: ORACLE_KEYSTORE, password: ORACLE_KEYSTORE_PASSWORD })
}

function hyperTrackFrom(environment: Environment): HyperTrack | undefined {
  const { HYPERTRACK_URL: url, HYPERTRACK_ACCOUNT_ID: accountId } = environment
  const { HYPERTRACK_SECRET_KEY: secretKey } = environment
  if (accountId === undefined || secretKey === undefined) return undefined
  return createHyperTrack({ fetch, now: Date.now, url, accountId, secretKey })
}

function storeFrom({ DATABASE_URL, DATA_DIR }: Environment): Promise<Store> {
  if (DATABASE_URL) return openPostgresStore({ url: DATABASE_URL })
  return openLocalStore({ folder: DATA_DIR })
}
