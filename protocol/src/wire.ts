import * as z from 'zod/mini'
import { deviceSentenceFor } from './device.ts'
import { SOURCES } from './evidence.ts'
import { geofenceDocumentSchema } from './geofence.ts'
import { CLASSES } from './presence.ts'
import { openingSchema, submissionFields } from './wire-evidence.ts'
import {
  addressField,
  bigIntField,
  bytes32Field,
  chainIdField,
  hexField,
  secondsField,
  siteField,
} from './wire-fields.ts'
import { loggedSchema } from './wire-log.ts'

const codeField = z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/))

/** The holder's signature over `Claim`, or that of a session key which the holder authorised. */
export const authorisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('holder'),
    signature: hexField({ from: 64, to: 4096 }), // long ones are ERC-1271 contracts'
  }),
  z.strictObject({
    kind: z.literal('session'),
    publicKey: hexField({ from: 65, to: 65 }).check(
      z.refine((key) => key.startsWith('0x04'), { error: 'HEX_INVALID' }), // uncompressed
    ),
    expiresAt: secondsField,
    holderSignature: hexField({ from: 64, to: 4096 }),
    signature: hexField({ from: 64, to: 64 }),
  }),
])

/** A coupon of a book on a chain, and who holds it. */
export const couponOfHolder = {
  chainId: chainIdField,
  book: addressField,
  campaignId: bigIntField,
  serial: bigIntField,
  holder: addressField,
}

/** The nodes beside a coupon's way to its shard's root. */
export const proofField = z.array(hexField({ from: 20, to: 20 })).check(z.maxLength(8))

/** POST /v1/challenges. */
export const challengeRequestSchema = z.strictObject(couponOfHolder)

/** Answer to a challenge request; `expiresAt` in unix seconds. */
export const challengeAnswerSchema = z.strictObject({
  challenge: bytes32Field,
  expiresAt: secondsField,
})

/** POST /v1/presence. */
export const presenceRequestSchema = z.strictObject({
  ...couponOfHolder,
  proof: proofField,
  challenge: bytes32Field,
  ...submissionFields,
  authorisation: authorisationSchema,
})

/** POST /v1/geofences/:hash/read; the `Claim` signed has the geofence's hash as its `evidenceHash`. */
export const geofenceReadRequestSchema = z.strictObject({
  ...couponOfHolder,
  proof: proofField,
  challenge: bytes32Field,
  authorisation: authorisationSchema,
})

/** A `Presence` on the wire. */
export const presenceSchema = z.strictObject({
  campaignId: bigIntField,
  serial: bigIntField,
  holder: addressField,
  site: siteField,
  geofenceHash: bytes32Field,
  observedAt: bigIntField,
  validUntil: bigIntField,
  evidenceHash: bytes32Field,
})

/** A `Statement` on the wire. */
export const statementSchema = z.strictObject({
  r: bytes32Field,
  vs: bytes32Field,
  geofenceHash: bytes32Field,
  observedAt: bigIntField,
  validUntil: bigIntField,
  evidenceHash: bytes32Field,
})

/** What to tell a holder whom the oracle does not vouch for, by the refusal's code. */
export const sentenceFor = {
  // decide's reasons
  ACCURACY_POOR:
    'Your position is not known well enough. Go outdoors or wait a moment, then try again.',
  BEACON_ELSEWHERE: 'The code that you scanned is from another place than yours. Scan it again.',
  BEACON_FROM_FUTURE: 'The counter’s clock is ahead. Tell the staff.',
  BEACON_MISSING: 'This place asks for the code on the counter’s screen too.',
  BEACON_STALE: 'The code on the counter’s screen has changed. Scan the new one.',
  BEACON_UNTRUSTED: 'The code that you scanned is not from a counter of this place.',
  FIX_FROM_FUTURE: 'Your position comes from the future. Check your device’s clock.',
  FIX_MISSING: 'Your device gave no position. Allow location and try again.',
  FIX_STALE: 'Your position is too old. Try again.',
  FROZEN:
    'Your device repeats one position without the smallest change. Walk a few steps, then try again.',
  LOCATION_IMPLAUSIBLE: 'Your device gave a position that is hardly yours. Try again outdoors.',
  MOCKED: 'Your device seems to pretend its position. Turn off mock locations and try again.',
  OUTSIDE_GEOFENCE: 'You are not at the place where this coupon is used.',
  REPLAYED: 'Your device gave a position that was used before. Try again.',
  SOURCE_NOT_ACCEPTED: 'This place does not accept positions from there.',
  TOO_CLOSE_TO_EDGE:
    'You may be at the place, but your position is not sure. Go further in and try again.',
  TRAVEL_IMPOSSIBLE:
    'You were too far away too short a time ago. If that was not you, wait a while and try again.',
  ...deviceSentenceFor,
  // the chain's and the store's
  CAMPAIGN_PAUSED: 'Paused by the organiser. The time lost will be given back.',
  CAMPAIGN_UNKNOWN: 'This book has no such campaign.',
  COUPON_REDEEMED: 'This coupon has been used.',
  COUPON_REVOKED: 'This coupon was taken back.',
  COUPON_UNKNOWN: 'This coupon was not issued to you.',
  GEOFENCE_UNKNOWN: 'The oracle does not know this campaign’s place yet. Tell the organiser.',
  LOCATION_NOT_REQUIRED: 'This coupon needs no statement about where you are.',
  NOTHING_LEFT: 'Nothing is left: all that was unused has gone to those who came first.',
  STANDBY_NOT_YET:
    'Too early for standby: what is unused is still held for its holders. Come again later.',
  WINDOW_CLOSED: 'The time for this coupon is over.',
  WINDOW_NOT_OPEN: 'The time for this coupon has not come yet.',
} as const satisfies Record<string, string>

/** Why an oracle does not vouch for presence. */
export type RefusalCode = keyof typeof sentenceFor

const refusalCodeField = z.custom<RefusalCode>(
  (code) => typeof code === 'string' && Object.hasOwn(sentenceFor, code),
)

/** A `Refusal` on the wire. */
export const refusalSchema = z.strictObject({
  campaignId: bigIntField,
  serial: bigIntField,
  holder: addressField,
  code: refusalCodeField,
  refusedAt: bigIntField,
  evidenceHash: bytes32Field,
})

/** The oracle vouches: what it signed, the tuple for the contract, what it decided by, and where its log has it. */
export const grantSchema = z.strictObject({
  granted: z.literal(true),
  presence: presenceSchema,
  site: siteField,
  statement: statementSchema,
  opening: openingSchema,
  logged: loggedSchema,
})

/** The oracle does not vouch: why, what it signed, what it decided by, and where its log has it. */
export const refusalAnswerSchema = z.strictObject({
  granted: z.literal(false),
  code: refusalCodeField,
  message: z.string(),
  requestId: z.string(),
  refusal: refusalSchema,
  signature: hexField({ from: 65, to: 65 }),
  opening: openingSchema,
  logged: loggedSchema,
})

/** Answer to a presence request that was understood (200 or 422). */
export const presenceAnswerSchema = z.discriminatedUnion('granted', [
  grantSchema,
  refusalAnswerSchema,
])

/** Answer to POST /v1/geofences. */
export const geofenceAnswerSchema = z.strictObject({ geofenceHash: bytes32Field })

/** Answer to GET /v1/geofences/:hash and to a permitted read. */
export const geofenceReadAnswerSchema = geofenceDocumentSchema

/** Answer to GET /v1/oracle: who it is, and whose positions it takes. */
export const oracleAnswerSchema = z.strictObject({
  address: addressField,
  chainId: chainIdField,
  factory: addressField,
  ruleset: z.string(),
  classes: z.literal(CLASSES.location),
  sources: z.array(z.enum(SOURCES)),
})

/** Answer to anything that could not be done; `problems` where a geofence document has several. */
export const errorAnswerSchema = z.strictObject({
  error: z.strictObject({
    code: codeField,
    message: z.string(),
    field: z.optional(z.string()),
    requestId: z.string(),
  }),
  problems: z.optional(
    z.array(z.strictObject({ code: codeField, message: z.string(), path: z.string() })),
  ),
})

/** Who stands behind a request. */
export type Authorisation = z.infer<typeof authorisationSchema>

/** A holder asks for a challenge. */
export type ChallengeRequest = z.infer<typeof challengeRequestSchema>

/** The challenge, once for 60 seconds. */
export type ChallengeAnswer = z.infer<typeof challengeAnswerSchema>

/** A holder asks to be vouched for. */
export type PresenceRequest = z.infer<typeof presenceRequestSchema>

/** The oracle vouches or does not. */
export type PresenceAnswer = z.infer<typeof presenceAnswerSchema>

/** The oracle does not vouch. */
export type RefusalAnswer = z.infer<typeof refusalAnswerSchema>

/** A holder asks for their campaign’s geofence. */
export type GeofenceReadRequest = z.infer<typeof geofenceReadRequestSchema>

/** The hash under which a document is kept. */
export type GeofenceAnswer = z.infer<typeof geofenceAnswerSchema>

/** Who the oracle is and what it serves. */
export type OracleAnswer = z.infer<typeof oracleAnswerSchema>

/** A request could not be done. */
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>
