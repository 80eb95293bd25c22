import type { Coupon, HeldCoupon } from '@coupon-secure/protocol/coupon'
import { hashSubmission, RULESET } from '@coupon-secure/protocol/evidence'
import { type GeofenceDocument, hashGeofence } from '@coupon-secure/protocol/geofence'
import type { Claim } from '@coupon-secure/protocol/presence'
import {
  type Authorisation,
  challengeAnswerSchema,
  errorAnswerSchema,
  geofenceReadAnswerSchema,
  presenceAnswerSchema,
  type RefusalAnswer,
  sentenceFor,
} from '@coupon-secure/protocol/wire'
import { type Position, submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import type { Pocket } from './journal.ts'
import { opens } from './opening.ts'
import type { Showing, Vouched } from './redemption.ts'

/** What the oracle made of a claim; `said` is its own words, where they are about this coupon and open what they commit to. */
export type Vouching =
  | { granted: true; vouched: Vouched; said?: unknown }
  | { granted: false; failure: Failure; refused?: RefusalAnswer }

/** A geofence document, or why it cannot be read. */
export type GeofenceRead =
  { ok: true; document: GeofenceDocument } | { ok: false; failure: Failure }

/** How to reach the oracle, and for whom. */
export type OracleLine = {
  fetch: (url: string, init?: RequestInit) => Promise<Response>
  url: string
  pocket: Pocket
  authorise: (claim: Claim) => Promise<Authorisation>
}

const PATIENCE_MILLISECONDS = 15_000

const away: Failure = {
  code: 'ORACLE_AWAY',
  sentence:
    'The location oracle does not answer. Your coupon is not used. Look at your connection and try again.',
}
const strange: Failure = {
  code: 'ORACLE_ANSWER_STRANGE',
  sentence:
    'The location oracle gave an answer that does not fit your coupon, so it was not used. Tell the staff.',
}

/** Asks the oracle to vouch that the holder is at the campaign's place. Does not throw. */
export async function vouchFor({
  line,
  coupon,
  geofenceHash,
  position,
  showing,
}: {
  line: OracleLine
  coupon: HeldCoupon
  geofenceHash: Hex
  position: Position | undefined
  showing: Showing
}): Promise<Vouching> {
  const asked = await challengeFor({ line, coupon })
  if (!asked.ok) return { granted: false, failure: asked.failure }
  const { challenge } = asked
  const submitted = { ...showing, positions: position ? [position] : [] }
  const submission = submissionFrom(submitted)
  const bound = { challenge, ruleset: RULESET }
  const claimed = hashSubmission({ submission, ...bound })
  const claim = claimOf({ line, coupon, challenge, evidenceHash: claimed })
  const authorisation = await line.authorise(claim)

  const answer = await post({
    line,
    path: '/v1/presence',
    body: {
      ...namesOf({ line, coupon }),
      proof: coupon.proof,
      challenge,
      ...submitted,
      authorisation,
    },
  })
  if (!answer.ok) return { granted: false, failure: answer.failure }
  const read = readWire({ schema: presenceAnswerSchema, json: answer.json })
  if (!read.ok) return { granted: false, failure: failureIn(answer) }
  if (!read.value.granted) {
    const { code, refusal, opening } = read.value
    const isOurs =
      refusal.campaignId === coupon.campaignId &&
      refusal.serial === coupon.serial &&
      refusal.holder.toLowerCase() === coupon.holder.toLowerCase() &&
      refusal.code === code &&
      opens({ opening, evidenceHash: refusal.evidenceHash, submission, bound })
    const failure = { code, sentence: sentenceFor[code] }
    return isOurs
      ? { granted: false, failure, refused: read.value }
      : { granted: false, failure: strange }
  }

  // The contract would refuse a statement for anything else; better to know before the wallet is asked.
  const { presence, statement, site, opening } = read.value
  const { evidenceHash } = presence
  const isOurs =
    presence.campaignId === coupon.campaignId &&
    presence.serial === coupon.serial &&
    presence.holder.toLowerCase() === coupon.holder.toLowerCase() &&
    presence.geofenceHash.toLowerCase() === geofenceHash.toLowerCase() &&
    statement.geofenceHash.toLowerCase() === geofenceHash.toLowerCase() &&
    presence.site === site &&
    presence.observedAt === statement.observedAt &&
    presence.validUntil === statement.validUntil &&
    statement.evidenceHash.toLowerCase() === evidenceHash.toLowerCase() &&
    opens({ opening, evidenceHash, submission, bound })
  return isOurs
    ? { granted: true, vouched: { site, statements: [statement] }, said: answer.json }
    : { granted: false, failure: strange }
}

/** Reads a geofence document: with a sign-in as the holder of a coupon that uses it, without one as anybody. */
export async function readGeofence({
  line,
  geofenceHash,
  coupon,
}: {
  line: Omit<OracleLine, 'authorise'> & { authorise?: OracleLine['authorise'] }
  geofenceHash: Hex
  coupon: HeldCoupon
}): Promise<GeofenceRead> {
  if (!line.authorise) {
    const answer = await get({ line, path: `/v1/geofences/${geofenceHash}` })
    return geofenceIn({ answer, geofenceHash })
  }

  const asked = await challengeFor({ line, coupon })
  if (!asked.ok) return asked
  const { challenge } = asked
  const claim = claimOf({ line, coupon, challenge, evidenceHash: geofenceHash })
  const authorisation = await line.authorise(claim)
  const answer = await post({
    line,
    path: `/v1/geofences/${geofenceHash}/read`,
    body: { ...namesOf({ line, coupon }), proof: coupon.proof, challenge, authorisation },
  })
  return geofenceIn({ answer, geofenceHash })
}

/** Whether a failure means that the sign-in is worth nothing to this oracle. */
export function isSignInRefused({ code }: Failure): boolean {
  return ['SESSION_EXPIRED', 'SESSION_TOO_LONG', 'SIGNATURE_INVALID'].includes(code)
}

type Line = Pick<OracleLine, 'fetch' | 'url' | 'pocket'>
/** What a service answered, whatever it is. */
export type Answer = { ok: true; json: unknown } | { ok: false; failure: Failure }

/** A challenge for one claim of a coupon. */
export async function challengeFor({
  line,
  coupon,
}: {
  line: Line
  coupon: HeldCoupon
}): Promise<{ ok: true; challenge: Hex } | { ok: false; failure: Failure }> {
  const answer = await post({ line, path: '/v1/challenges', body: namesOf({ line, coupon }) })
  if (!answer.ok) return answer
  const read = readWire({ schema: challengeAnswerSchema, json: answer.json })
  return read.ok
    ? { ok: true, challenge: read.value.challenge }
    : { ok: false, failure: failureIn(answer) }
}

function geofenceIn({ answer, geofenceHash }: { answer: Answer; geofenceHash: Hex }): GeofenceRead {
  if (!answer.ok) return answer
  const read = readWire({ schema: geofenceReadAnswerSchema, json: answer.json })
  if (!read.ok) return { ok: false, failure: failureIn(answer) }
  // Any server may serve a document, since its hash says whether it is the one that was promised.
  return hashGeofence(read.value) === geofenceHash.toLowerCase()
    ? { ok: true, document: read.value }
    : { ok: false, failure: strange }
}

/** The coupon and its holder as requests name them. */
export function namesOf({ line, coupon }: { line: Line; coupon: Coupon }) {
  return {
    ...line.pocket,
    campaignId: coupon.campaignId.toString(),
    serial: coupon.serial.toString(),
  }
}

/** What the holder's session signs for a request. */
export function claimOf({
  line,
  coupon: { campaignId, serial },
  challenge,
  evidenceHash,
}: {
  line: Line
  coupon: Coupon
  challenge: Hex
  evidenceHash: Hex
}): Claim {
  return { campaignId, serial, holder: line.pocket.holder, challenge, evidenceHash }
}

/** Asks the oracle; does not throw. */
export function post({
  line,
  path,
  body,
}: {
  line: Pick<Line, 'fetch' | 'url'>
  path: string
  body: object
}): Promise<Answer> {
  return ask({
    line,
    path,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  })
}

function get({ line, path }: { line: Line; path: string }): Promise<Answer> {
  return ask({ line, path, init: {} })
}

async function ask({
  line,
  path,
  init,
}: {
  line: Pick<Line, 'fetch' | 'url'>
  path: string
  init: RequestInit
}): Promise<Answer> {
  try {
    const response = await line.fetch(line.url + path, {
      ...init,
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    })
    return { ok: true, json: await response.json() }
  } catch {
    return { ok: false, failure: away } // unreachable, too slow, or not speaking JSON: not our oracle
  }
}

/** What an answer that is not the expected one says of itself. */
export function failureIn(answer: { json: unknown }): Failure {
  const read = readWire({ schema: errorAnswerSchema, json: answer.json })
  if (!read.ok) return strange
  const { code, message } = read.value.error
  return { code, sentence: message }
}
