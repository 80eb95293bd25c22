import { workerRequestSchema, type WorkerAnswer } from '@coupon-secure/protocol/wire-worker'
import { BINDING_SECONDS, hashWorker } from '@coupon-secure/protocol/worker'
import { Hono } from 'hono'
import { isRecovered } from './authorisation.ts'
import { readMessage } from '@coupon-secure/service/body'
import type { ChainReader } from './chain.ts'
import { senderOf, type ServiceEnv } from '@coupon-secure/service/guard'
import type { HyperTrack } from './hypertrack.ts'
import { Problem } from '@coupon-secure/service/problem'
import type { Store } from './store.ts'
import type { RequireTurn } from './turn.ts'

const BINDINGS = { limit: 20, window: 60 * 60_000 } as const

/** POST /v1/workers: a holder binds their account of the tracking app, or takes it back. */
export function workerRoutes({
  now,
  chain,
  store,
  requireTurn,
  chainId,
  hyperTrack,
}: {
  now: () => number
  chain: Pick<ChainReader, 'isBook' | 'read' | 'approves'>
  store: Pick<Store, 'bindWorker'>
  requireTurn: RequireTurn
  chainId: number
  hyperTrack: HyperTrack | undefined
}): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>()

  routes.post('/v1/workers', async (context) => {
    const request = await readMessage({ request: context.req.raw, schema: workerRequestSchema })
    if (hyperTrack === undefined) throw new Problem('SOURCE_NOT_OFFERED')
    const { book, holder, workerHandle, issuedAt, signature } = request
    if (request.chainId !== chainId) throw new Problem('CHAIN_UNSUPPORTED', { field: 'chainId' })
    if (!(await chain.isBook(book))) throw new Problem('BOOK_UNKNOWN', { field: 'book' })
    const age = now() / 1000 - issuedAt
    if (Math.abs(age) > BINDING_SECONDS) throw new Problem('WORKER_BINDING_OLD')
    await requireTurn({ ...BINDINGS, of: ['worker', senderOf(context)] })

    const worker = { holder, workerHandle, issuedAt: BigInt(issuedAt) }
    const digest = hashWorker({ chainId, book, worker })
    const signed = { holder, digest, signature }
    if (!isRecovered(signed) && !(await chain.approves(signed))) {
      throw new Problem('SIGNATURE_INVALID')
    }
    // Holders alone, so that nobody from outside occupies what is somebody's.
    const read = await chain.read(request)
    if (!read || read.status === 'not-issued' || read.status === 'revoked') {
      throw new Problem('NOT_A_HOLDER')
    }

    const handle = workerHandle === '' ? undefined : workerHandle
    const outcome = await store.bindWorker({ book, holder, handle, issuedAt })
    if (outcome === 'taken') throw new Problem('WORKER_TAKEN')
    if (outcome === 'old') throw new Problem('WORKER_BINDING_OLD')
    return context.json({ isBound: handle !== undefined } satisfies WorkerAnswer)
  })

  return routes
}
