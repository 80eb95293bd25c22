import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import * as wire from '@coupon-secure/protocol/wire-pairing'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import {
  type Answer,
  challengeFor,
  claimOf,
  failureIn,
  namesOf,
  type OracleLine,
  post,
} from './oracle.ts'

/** What the letter box said, or why it did not. */
export type Said<told> = { ok: true; told: told } | { ok: false; failure: Failure }

/** Where the letter box is. */
export type BoxLine = Pick<OracleLine, 'fetch' | 'url'>

/** Leaves a request there, as the holder of a coupon; again with the same token, it is the same box. */
export async function makeBox({
  line,
  coupon,
  id,
  readerToken,
  request,
}: {
  line: OracleLine
  coupon: HeldCoupon
  id: Hex
  readerToken: Hex
  request: Hex
}): Promise<Said<{ expiresAt: number }>> {
  const asked = await challengeFor({ line, coupon })
  if (!asked.ok) return asked
  const { challenge } = asked
  const claim = claimOf({ line, coupon, challenge, evidenceHash: id })
  const authorisation = await line.authorise(claim)
  const body = {
    ...{ ...namesOf({ line, coupon }), proof: coupon.proof, challenge, authorisation },
    ...{ id, readerToken, request },
  }
  const answer = await post({ line, path: '/v1/pairings', body })
  return said({ answer, schema: wire.pairingAnswerSchema })
}

/** What the other side of the box can do with it. */
export function boxOf({ line, id }: { line: BoxLine; id: Hex }) {
  const ask = (path: string, body: object) =>
    post({ line, path: `/v1/pairings/${path}`, body: { id, ...body } })
  return {
    /** Takes the request; only the first browser gets it. */
    open: async (writerToken: Hex) =>
      said({ answer: await ask('open', { writerToken }), schema: wire.pairingOpenedSchema }),

    answer: async (message: { writerToken: Hex; answer: Hex }) =>
      said({ answer: await ask('answer', message), schema: wire.pairingDoneSchema }),

    look: async (readerToken: Hex) =>
      said({ answer: await ask('look', { readerToken }), schema: wire.pairingSeenSchema }),

    end: async (readerToken: Hex) =>
      said({ answer: await ask('end', { readerToken }), schema: wire.pairingDoneSchema }),
  }
}

type Schema = Parameters<typeof readWire>[0]['schema']

function said<schema extends Schema>({ answer, schema }: { answer: Answer; schema: schema }) {
  if (!answer.ok) return answer
  const read = readWire({ schema, json: answer.json })
  return read.ok
    ? { ok: true as const, told: read.value }
    : { ok: false as const, failure: failureIn(answer) }
}
