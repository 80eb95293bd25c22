import { hashSubmission, RULESET, SOURCES } from '@coupon-secure/protocol/evidence'
import { hashGeofence } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import type { GeofenceProblem } from '@coupon-secure/protocol/geofence-problem'
import { CLASSES } from '@coupon-secure/protocol/presence'
import {
  challengeRequestSchema,
  geofenceReadRequestSchema,
  grantSchema,
  presenceRequestSchema,
  refusalAnswerSchema,
  sentenceFor,
  type ErrorAnswer,
  type GeofenceAnswer,
  type OracleAnswer,
} from '@coupon-secure/protocol/wire'
import { submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import type { Context } from 'hono'
import type { Logger } from 'pino'
import type { Address, Hex } from 'viem'
import { encode } from 'zod/mini'
import { createAppendLog } from './append-log.ts'
import { readBody, readMessage } from '@coupon-secure/service/body'
import type { ChainReader } from './chain.ts'
import { createDesk } from './claim.ts'
import { createGather } from './gather.ts'
import { notTooManyAtOnce, notTooOften } from '@coupon-secure/service/crowd'
import { createGeofenceShelf } from './geofence-shelf.ts'
import { createFront } from '@coupon-secure/service/front'
import { senderOf, type ServiceEnv } from '@coupon-secure/service/guard'
import type { HyperTrack } from './hypertrack.ts'
import { createKeyring } from './keyring.ts'
import { createLogger } from '@coupon-secure/service/log'
import { createMetrics, type Metrics } from '@coupon-secure/service/metrics'
import { Problem } from '@coupon-secure/service/problem'
import { docsRoutes } from '@coupon-secure/service/routes-docs'
import { operationsRoutes } from '@coupon-secure/service/routes-operations'
import { logRoutes } from './routes-log.ts'
import { openApi } from './openapi.ts'
import { createReadiness } from './readiness.ts'
import type { Store } from './store.ts'
import { hyperTrackRoutes } from './routes-hypertrack.ts'
import { pairingRoutes } from './routes-pairings.ts'
import { workerRoutes } from './routes-workers.ts'
import { createTurns } from './turn.ts'
import { createVouch } from './vouch.ts'
import { createWitness } from './witness.ts'
import type { Signer } from './signer.ts'

const MOST_PROBLEMS_LISTED = 100
const NEW_GEOFENCES = { limit: 60, window: 60 * 60_000 } as const

/** Everything the oracle depends on; `now` in unix milliseconds. */
export type Dependencies = {
  now: () => number
  signer: Signer
  /** Keys before it that books may still know, the newest first. */
  olderSigners?: readonly Signer[]
  chain: ChainReader
  store: Store
  chainId: number
  factory: Address
  corsOrigins: readonly string[]
  /** The source that reads managed devices, where there is one, and what its webhooks' address ends with. */
  hyperTrack?: HyperTrack
  webhookToken?: string
  logger?: Logger
  metrics?: Metrics
  /** Whether it was told to end, and takes its leave. */
  isStopping?: () => boolean
  /** How many requests may be under way before the next is sent away. */
  mostAtOnce?: number
  /** How many requests a minute one network may send. */
  mostPerNetworkAndMinute?: number
  /** How many claims an hour one holder may make in one book, whatever the coupons. */
  mostClaimsPerHolderAndHour?: number
}

/** The oracle's HTTP service, as a function of what it depends on. */
export function createApp(dependencies: Dependencies) {
  const { hyperTrack, webhookToken } = dependencies
  const {
    now,
    signer,
    olderSigners = [],
    chainId,
    factory,
    corsOrigins,
    logger = createLogger({ level: 'silent' }),
    metrics = createMetrics({ service: 'oracle' }),
    isStopping = () => false,
    mostAtOnce = 512,
    mostPerNetworkAndMinute = 6_000,
    mostClaimsPerHolderAndHour = 120,
  } = dependencies
  const chain = metrics.measured('chain', dependencies.chain)
  const store = metrics.measured('database', dependencies.store)
  const shelf = createGeofenceShelf({ store })
  const requireTurn = createTurns({ now, store })
  const desk = createDesk({
    now,
    chain,
    store,
    chainId,
    mostClaimsPerHolderAndHour,
  })
  const gather = createGather({ now, chain, chainId, store, hyperTrack })
  const signerFor = createKeyring({ signers: [signer, ...olderSigners], chain, now })
  const witness = createWitness({ now, signerFor, chain, chainId, shelf })
  const log = createAppendLog({ now, signer, store, chainId, factory })
  const vouch = createVouch({ now, store, gather, witness, log })
  const app = createFront({ now, logger, metrics, corsOrigins })
  const readiness = createReadiness({ now, chain, store, signer, isStopping })

  app.route('/', operationsRoutes({ metrics, readiness }))
  app.route('/', docsRoutes({ openApi: openApi(), at: '/openapi.json' }))
  app.use(notTooManyAtOnce(mostAtOnce))
  app.use(notTooOften({ perMinute: mostPerNetworkAndMinute, now }))

  app.get('/v1/oracle', (context) => {
    const { address } = signer
    const classes = CLASSES.location
    return context.json({
      address,
      chainId,
      factory,
      ruleset: RULESET,
      classes,
      sources: hyperTrack === undefined ? ['browser'] : [...SOURCES],
    } satisfies OracleAnswer)
  })

  app.post('/v1/geofences', async (context) => {
    const checked = checkGeofence(await readBody(context.req.raw))
    if (!checked.ok) return geofenceRefused({ context, problems: checked.problems })
    const hash = hashGeofence(checked.document)
    if (!(await shelf.find(hash))) {
      await requireTurn({ ...NEW_GEOFENCES, of: ['geofence', senderOf(context)] })
    }
    const { isNew } = await shelf.keep(checked.document)
    return context.json({ geofenceHash: hash } satisfies GeofenceAnswer, isNew ? 201 : 200)
  })

  app.get('/v1/geofences/:hash', async (context) => {
    const document = await shelf.find(hashIn(context.req.param('hash')))
    if (!document) throw new Problem('GEOFENCE_UNKNOWN')
    if (document.readers !== 'anybody') throw new Problem('READERS_ONLY')
    return context.json(document)
  })

  app.post('/v1/geofences/:hash/read', async (context) => {
    const hash = hashIn(context.req.param('hash'))
    const claimed = await readMessage({
      request: context.req.raw,
      schema: geofenceReadRequestSchema,
    })
    await desk.admit({ claimed, evidenceHash: hash })
    const read = await chain.read(claimed)
    if (!read || read.status === 'not-issued' || read.status === 'revoked') {
      throw new Problem('NOT_A_HOLDER')
    }
    if (read.terms.geofenceHash !== hash) throw new Problem('GEOFENCE_MISMATCH')
    const document = await shelf.find(hash)
    if (!document) throw new Problem('GEOFENCE_UNKNOWN')
    return context.json(document)
  })

  app.post('/v1/challenges', async (context) => {
    const coupon = await readMessage({ request: context.req.raw, schema: challengeRequestSchema })
    const answer = await desk.challenge({ coupon, from: senderOf(context) })
    return context.json(answer)
  })

  app.post('/v1/presence', async (context) => {
    const request = await readMessage({ request: context.req.raw, schema: presenceRequestSchema })
    const submission = submissionFrom(request)
    const { challenge } = request
    const evidenceHash = hashSubmission({ submission, challenge, ruleset: RULESET })
    const { earlier } = await desk.admit({ claimed: request, evidenceHash })
    const { verdict, opening, logged } = await vouch({ request, submission, earlier })
    if (verdict.granted) {
      context.set('outcome', 'GRANTED')
      return context.json(encode(grantSchema, { ...verdict, opening, logged }))
    }
    const { code } = verdict.refusal
    context.set('refusal', code)
    const told = { code, message: sentenceFor[code], requestId: context.get('requestId') }
    const refused = encode(refusalAnswerSchema, { ...verdict, ...told, opening, logged })
    return context.json(refused, 422)
  })

  app.route('/', pairingRoutes({ now, chain, store, desk, requireTurn }))
  app.route('/', workerRoutes({ now, chain, store, requireTurn, chainId, hyperTrack }))
  app.route('/', hyperTrackRoutes({ hyperTrack, webhookToken, logger }))
  app.route('/v1/log', logRoutes({ log, store }))

  return app
}

function hashIn(parameter: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(parameter)) throw new Problem('GEOFENCE_UNKNOWN')
  return `0x${parameter.slice(2).toLowerCase()}`
}

function geofenceRefused({
  context,
  problems,
}: {
  context: Context<ServiceEnv>
  problems: readonly GeofenceProblem[]
}): Response {
  const [first] = problems
  if (!first) throw new Problem('INTERNAL')
  const { code, message, path } = first
  context.set('refusal', code)
  const answer = {
    error: { code, message, field: path, requestId: context.get('requestId') },
    problems: problems.slice(0, MOST_PROBLEMS_LISTED),
  } satisfies ErrorAnswer
  return context.json(answer, 422)
}
