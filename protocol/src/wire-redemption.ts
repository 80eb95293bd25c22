import type { Hex } from 'viem'
import * as z from 'zod/mini'
import type { HandedRedemption } from './handed.ts'
import { proofField, sentenceFor, statementSchema } from './wire.ts'
import {
  addressField,
  bigIntField,
  bytes32Field,
  chainIdField,
  hexField,
  secondsField,
} from './wire-fields.ts'

// What a holder's page and a relayer say to each other (docs/protocol.md#relayer).

/** POST /v1/redemptions: what a holder signed, whoever vouches for them, and the coupon's way to its shard's root. */
export const redemptionRequestSchema = z.strictObject({
  chainId: chainIdField,
  book: addressField,
  campaignId: bigIntField,
  serial: bigIntField.check(z.refine((serial) => serial < 2n ** 40n, { error: 'NUMBER_INVALID' })),
  /** 0 where the campaign has no sites. */
  site: z
    .int({ error: 'NUMBER_INVALID' })
    .check(z.gte(0, { error: 'NUMBER_INVALID' }), z.lte(65_535, { error: 'NUMBER_INVALID' })),
  deadline: secondsField.check(z.lt(2 ** 32, { error: 'TIMESTAMP_INVALID' })), // a batch's field
  holder: addressField,
  signature: hexField({ from: 64, to: 2048 }), // long ones are ERC-1271 contracts'
  statements: z.array(statementSchema).check(z.maxLength(4)),
  proof: proofField,
})

/** What to tell a holder whose redemption the contract would refuse, or has refused, by its code. */
export const redemptionSentenceFor = {
  CAMPAIGN_PAUSED: sentenceFor.CAMPAIGN_PAUSED,
  CAMPAIGN_UNKNOWN: sentenceFor.CAMPAIGN_UNKNOWN,
  COUPON_REDEEMED: sentenceFor.COUPON_REDEEMED,
  COUPON_REVOKED: sentenceFor.COUPON_REVOKED,
  COUPON_UNKNOWN: sentenceFor.COUPON_UNKNOWN,
  DEADLINE_PASSED: 'It was not sent in time, so your coupon is not used. Sign again.',
  NOTHING_LEFT: sentenceFor.NOTHING_LEFT,
  PRESENCE_MISSING:
    'Nobody vouched that you are there, and this campaign asks for it. Start again.',
  REFUSED: 'The contract refused it, so your coupon is not used. Tell the staff.',
  SITE_UNKNOWN: 'This campaign has no such site. Choose another.',
  STANDBY_NOT_YET: sentenceFor.STANDBY_NOT_YET,
  STATEMENT_EXPIRED: 'What the witness said of you has expired. Start again.',
  STATEMENT_INVALID: 'What the witness said does not count for this coupon here. Start again.',
  WINDOW_CLOSED: sentenceFor.WINDOW_CLOSED,
  WINDOW_NOT_OPEN: sentenceFor.WINDOW_NOT_OPEN,
} as const satisfies Record<string, string>

/** Why a redemption was not done. */
export type RedemptionCode = keyof typeof redemptionSentenceFor

const codeField = z.custom<RedemptionCode>(
  (code) => typeof code === 'string' && Object.hasOwn(redemptionSentenceFor, code),
)
/** What each change counts up; the id of its event. */
const version = z.int().check(z.gte(0))
const mined = { transaction: bytes32Field, block: z.int(), at: secondsField }

/** Where a redemption stands: answer to POST and GET, and each event's data. `at` is its block's time, unix seconds. */
export const redemptionStatusSchema = z.discriminatedUnion('state', [
  z.strictObject({ digest: bytes32Field, version, state: z.literal('waiting') }),
  z.strictObject({
    digest: bytes32Field,
    version,
    state: z.literal('sent'),
    transaction: bytes32Field,
  }),
  z.strictObject({ digest: bytes32Field, version, state: z.literal('confirmed'), ...mined }),
  z.strictObject({ digest: bytes32Field, version, state: z.literal('final'), ...mined }),
  z.strictObject({
    digest: bytes32Field,
    version,
    state: z.literal('refused'),
    code: codeField,
    message: z.string(),
  }),
])

/** Answer to GET /v1/relayer. */
export const relayerAnswerSchema = z.strictObject({
  chainId: chainIdField,
  factory: addressField,
  /** The accounts that send and pay. */
  senders: z.array(addressField),
})

/** A holder asks for their redemption to be sent. */
export type RedemptionRequest = z.infer<typeof redemptionRequestSchema>

/** Where a redemption stands. */
export type RedemptionStatus = z.infer<typeof redemptionStatusSchema>

/** Who the relayer is and what it serves. */
export type RelayerAnswer = z.infer<typeof relayerAnswerSchema>

/** What a holder's page sends to have a redemption sent that its holder has signed. */
export function writeRedemption({
  handed,
  proof,
}: {
  handed: HandedRedemption
  proof: readonly Hex[]
}): z.input<typeof redemptionRequestSchema> {
  const { chainId, book, campaignId, serial, site, holder, signature } = handed
  return z.encode(redemptionRequestSchema, {
    ...{ chainId, book, campaignId, serial, site, holder, signature },
    deadline: Number(handed.deadline),
    statements: [...handed.statements],
    proof: [...proof],
  })
}

/** Whether nothing can change any more. */
export function isSettled({ state }: Pick<RedemptionStatus, 'state'>): boolean {
  return state === 'final' || state === 'refused'
}
