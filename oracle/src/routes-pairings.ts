import { PAIRING_SECONDS } from '@coupon-secure/protocol/pairing'
import * as wire from '@coupon-secure/protocol/wire-pairing'
import { readMessage } from '@coupon-secure/service/body'
import { senderOf, type ServiceEnv } from '@coupon-secure/service/guard'
import { Problem, type ProblemCode } from '@coupon-secure/service/problem'
import { Hono } from 'hono'
import type * as z from 'zod/mini'
import type { ChainReader } from './chain.ts'
import type { Desk } from './claim.ts'
import type { PairingEnd } from './store-pairings.ts'
import type { Store } from './store.ts'
import { type RequireTurn, turnKey } from './turn.ts'

const MINUTE = 60_000
const MADE = { limit: 20, window: 60 * MINUTE } as const
// By network, of which a venue has one for everybody; a code has 75 bits.
const OPENED = { limit: 120, window: MINUTE } as const
const ANSWERED = { limit: 120, window: PAIRING_SECONDS * 1000 } as const
const LOOKED = { limit: 300, window: PAIRING_SECONDS * 1000 } as const

const PROBLEMS: Record<PairingEnd, ProblemCode> = {
  expired: 'PAIRING_EXPIRED',
  over: 'PAIRING_OVER',
  taken: 'PAIRING_TAKEN',
  unknown: 'PAIRING_UNKNOWN',
}

/**
 * /v1/pairings: a letter box between a holder's two browsers, the wallet's and one that knows where it is. What lies in it is sealed
 * with a code that never comes here, and is no part of any decision: the oracle decides by what is claimed at /v1/presence.
 */
export function pairingRoutes({
  now,
  chain,
  store,
  desk,
  requireTurn,
}: {
  now: () => number
  chain: Pick<ChainReader, 'read'>
  store: Store
  desk: Desk
  requireTurn: RequireTurn
}): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>()

  routes.post('/v1/pairings', async (context) => {
    const claimed = await readMessage({
      request: context.req.raw,
      schema: wire.pairingRequestSchema,
    })
    const { id, readerToken, request, book, holder } = claimed
    await desk.admit({ claimed, evidenceHash: id })
    const read = await chain.read(claimed)
    if (!read || read.status === 'not-issued' || read.status === 'revoked') {
      throw new Problem('NOT_A_HOLDER')
    }
    await requireTurn({ ...MADE, of: ['pairing', book, holder] })
    const at = now()
    const made = await store.makePairing({
      ...{ id, request, reader: hashed(readerToken), now: at },
      expiresAt: at + PAIRING_SECONDS * 1000,
    })
    const { expiresAt } = there(made)
    const answer = { expiresAt: Math.floor(expiresAt / 1000) }
    return context.json(answer satisfies z.infer<typeof wire.pairingAnswerSchema>)
  })

  routes.post('/v1/pairings/open', async (context) => {
    const { id, writerToken } = await readMessage({
      request: context.req.raw,
      schema: wire.pairingOpenSchema,
    })
    await requireTurn({ ...OPENED, of: ['pairing open', senderOf(context)] })
    const opened = await store.openPairing({ id, writer: hashed(writerToken), now: now() })
    const { request, expiresAt } = there(opened)
    const answer = { request, expiresAt: Math.floor(expiresAt / 1000) }
    return context.json(answer satisfies z.infer<typeof wire.pairingOpenedSchema>)
  })

  routes.post('/v1/pairings/answer', async (context) => {
    const { id, writerToken, answer } = await readMessage({
      request: context.req.raw,
      schema: wire.pairingReplySchema,
    })
    await requireTurn({ ...ANSWERED, of: ['pairing answer', id] })
    const writer = hashed(writerToken)
    there(await store.answerPairing({ id, writer, answer, now: now() }))
    return context.json(DONE)
  })

  routes.post('/v1/pairings/look', async (context) => {
    const { id, readerToken } = await readMessage({
      request: context.req.raw,
      schema: wire.pairingLookSchema,
    })
    await requireTurn({ ...LOOKED, of: ['pairing look', id] })
    const seen = await store.pairing({ id, reader: hashed(readerToken), now: now() })
    const { isOpened, answer } = there(seen)
    return context.json({
      isOpened,
      ...(answer && { answer }),
    } satisfies z.infer<typeof wire.pairingSeenSchema>)
  })

  routes.post('/v1/pairings/end', async (context) => {
    const { id, readerToken } = await readMessage({
      request: context.req.raw,
      schema: wire.pairingLookSchema,
    })
    await store.endPairing({ id, reader: hashed(readerToken), now: now() })
    return context.json(DONE)
  })

  return routes
}

const DONE = { isDone: true } as const satisfies z.infer<typeof wire.pairingDoneSchema>

function there<found extends object>(found: found | PairingEnd): found {
  if (typeof found === 'string') throw new Problem(PROBLEMS[found])
  return found
}

// Who reads the table must not be able to ask in anybody's name.
function hashed(token: string): string {
  return turnKey(['pairing token', token])
}
