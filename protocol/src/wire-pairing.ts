import * as z from 'zod/mini'
import { authorisationSchema, couponOfHolder, proofField } from './wire.ts'
import { positionSchema } from './wire-evidence.ts'
import {
  addressField,
  bigIntField,
  bytes32Field,
  chainIdField,
  hexField,
  secondsField,
} from './wire-fields.ts'

// A request or a position with its seal; anything longer is something else.
const sealedField = hexField({ from: 29, to: 1024 })

/** POST /v1/pairings: the `Claim` signed has the pairing's id as its `evidenceHash`. */
export const pairingRequestSchema = z.strictObject({
  ...couponOfHolder,
  proof: proofField,
  challenge: bytes32Field,
  authorisation: authorisationSchema,
  id: bytes32Field,
  /** Whoever shows this again may look for an answer; kept hashed. */
  readerToken: bytes32Field,
  request: sealedField,
})

/** Answer to it; `expiresAt` in unix seconds. */
export const pairingAnswerSchema = z.strictObject({ expiresAt: secondsField })

/** POST /v1/pairings/open: the first to come takes the code, and may come again with the same token. */
export const pairingOpenSchema = z.strictObject({ id: bytes32Field, writerToken: bytes32Field })

/** Answer to it: what the wallet's page asks. */
export const pairingOpenedSchema = z.strictObject({ request: sealedField, expiresAt: secondsField })

/** POST /v1/pairings/answer: a newer answer takes the place of the one before. */
export const pairingReplySchema = z.strictObject({
  id: bytes32Field,
  writerToken: bytes32Field,
  answer: sealedField,
})

/** POST /v1/pairings/look and /v1/pairings/end. */
export const pairingLookSchema = z.strictObject({ id: bytes32Field, readerToken: bytes32Field })

/** Answer to a look: whether the code was opened, and the last answer. */
export const pairingSeenSchema = z.strictObject({
  isOpened: z.boolean(),
  answer: z.optional(sealedField),
})

/** Answer to a reply and to an end. */
export const pairingDoneSchema = z.strictObject({ isDone: z.literal(true) })

const pairedCoupon = {
  chainId: chainIdField,
  book: addressField,
  campaignId: bigIntField,
  serial: bigIntField,
  holder: addressField,
}

/** What the wallet's page asks of the other browser, sealed. */
export const pairedRequestSchema = z.strictObject({
  ...pairedCoupon,
  /** What people call the book and the campaign. */
  bookName: z.string().check(z.maxLength(200)),
  campaignName: z.string().check(z.maxLength(200)),
})

/** What the other browser answers, sealed: for which coupon it was asked, and where it is. */
export const pairedAnswerSchema = z.strictObject({ ...pairedCoupon, position: positionSchema })

/** A wallet's page asks for a pairing. */
export type PairingRequest = z.infer<typeof pairingRequestSchema>

/** What the wallet's page asks of the other browser. */
export type PairedRequest = z.infer<typeof pairedRequestSchema>

/** What the other browser answers. */
export type PairedAnswer = z.infer<typeof pairedAnswerSchema>
