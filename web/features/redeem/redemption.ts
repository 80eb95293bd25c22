import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { ScannedBeacon, Source } from '@coupon-secure/protocol/evidence'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import type { Statement } from '@coupon-secure/protocol/presence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Hash } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import type { Shown } from './wallet-side.ts'

/** What the contract wants to see besides the coupon: the site, and who vouches for presence there. */
export type Vouched = { site: number; statements: readonly Statement[] }

/** How the holder shows that they are there: by the phone's own position or their managed device, and with the counter's code. */
export type Showing = { source: Source; beacon?: ScannedBeacon }

/** One more try with a newer position, and what the oracle said to the last one. */
export type Again = { number: number; of: number; failure: Failure }

/** A redemption that the chain has. `at` in unix seconds; `isFinal` where somebody follows it until it can be taken back no more. */
export type Redeemed = { hash: Hash; site: number; at: bigint; isFinal?: boolean }

/** What is left of a redemption that stopped, and so what a second try begins with. */
export type Rest =
  | { kind: 'nothing' }
  | { kind: 'vouched'; vouched: Vouched }
  | { kind: 'signed' }
  | { kind: 'sent'; hash: Hash; site: number }
  | { kind: 'over'; redeemed: Redeemed | undefined }

/** Where one coupon stands on its way from the pocket to the receipt. */
export type Redemption =
  | { step: 'idle' }
  | { step: 'explaining'; coupon: HeldCoupon }
  | { step: 'locating'; coupon: HeldCoupon; best: Position | undefined; again?: Again }
  /** Another browser of the same person is to say where they are. */
  | { step: 'pairing'; coupon: HeldCoupon; shown: Shown; again?: Again }
  | { step: 'signing-in'; coupon: HeldCoupon }
  | { step: 'asking'; coupon: HeldCoupon }
  | { step: 'confirming'; coupon: HeldCoupon; vouched: Vouched }
  /** Signed by who cannot pay: somebody else has to send it. `why` the relayer does not. */
  | { step: 'handing'; coupon: HeldCoupon; handed: HandedRedemption; why?: Failure }
  | { step: 'sent'; coupon: HeldCoupon; hash: Hash; site: number }
  | { step: 'redeemed'; coupon: HeldCoupon; redeemed: Redeemed }
  | { step: 'stopped'; coupon: HeldCoupon; failure: Failure; rest: Rest }

/** What the steps of a redemption report while they happen. */
export type Progress =
  | { type: 'locating'; again?: Again }
  | { type: 'fix'; best: Position }
  | { type: 'pairing'; shown: Shown; again?: Again }
  | { type: 'signing-in' }
  | { type: 'asking' }
  | { type: 'vouched'; vouched: Vouched }
  | { type: 'handing'; handed: HandedRedemption; why?: Failure }
  | { type: 'sent'; hash: Hash; site: number }
  | { type: 'redeemed'; redeemed: Redeemed }
  | { type: 'stopped'; failure: Failure; rest: Rest }

/** What a person does. */
export type Intent =
  | { type: 'choose'; coupon: HeldCoupon }
  | { type: 'return'; coupon: HeldCoupon; failure: Failure; rest: Rest }
  | { type: 'leave' }
  | { type: 'reset' }

/** What the names of all notes on the browser's shelf begin with (see journal.ts, which is loaded only for them). */
export const NOTES = 'coupon-secure.redemption.'

/** Nothing under way. */
export const idle: Redemption = { step: 'idle' }

/** The one place where a redemption moves on. What does not fit the present step changes nothing. */
export function redemptionReducer(redemption: Redemption, event: Intent | Progress): Redemption {
  switch (event.type) {
    case 'choose':
      return redemption.step === 'idle' ? { step: 'explaining', coupon: event.coupon } : redemption
    case 'return':
      return redemption.step === 'idle'
        ? { step: 'stopped', coupon: event.coupon, failure: event.failure, rest: event.rest }
        : redemption
    case 'leave':
      return canLeave(redemption) ? idle : redemption
    case 'reset':
      return idle // the account has changed: what the old one signed is in its own journal
    default:
      return redemption.step === 'idle' ? redemption : progressed({ redemption, event })
  }
}

/** Whether the wallet or the oracle is being waited for, so that a second tap must do nothing. */
export function isUnderWay({ step }: Redemption): boolean {
  return ['locating', 'pairing', 'signing-in', 'asking', 'confirming'].includes(step)
}

/** Whether the person may put this away; while a wallet asks, its answer must not be lost from sight. */
export function canLeave({ step }: Redemption): boolean {
  return step !== 'confirming' && step !== 'signing-in'
}

function progressed({
  redemption,
  event,
}: {
  redemption: Exclude<Redemption, { step: 'idle' }>
  event: Progress
}): Redemption {
  const { coupon } = redemption
  switch (event.type) {
    case 'locating':
      return {
        ...{ step: 'locating', coupon, best: undefined },
        ...(event.again && { again: event.again }),
      }
    case 'fix':
      return redemption.step === 'locating' ? { ...redemption, best: event.best } : redemption
    case 'pairing':
      return {
        step: 'pairing',
        coupon,
        shown: event.shown,
        ...(event.again && { again: event.again }),
      }
    case 'signing-in':
      return { step: 'signing-in', coupon }
    case 'asking':
      return { step: 'asking', coupon }
    case 'vouched':
      return { step: 'confirming', coupon, vouched: event.vouched }
    case 'handing':
      return { step: 'handing', coupon, handed: event.handed, ...(event.why && { why: event.why }) }
    case 'sent':
      return { step: 'sent', coupon, hash: event.hash, site: event.site }
    case 'redeemed':
      return { step: 'redeemed', coupon, redeemed: event.redeemed }
    case 'stopped':
      return { step: 'stopped', coupon, failure: event.failure, rest: event.rest }
  }
}
