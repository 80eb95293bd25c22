import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { RedemptionCode } from '@coupon-secure/protocol/wire-redemption'
import { decodeErrorResult, type Hex } from 'viem'

const codeFor: Partial<Record<string, RedemptionCode>> = {
  CampaignHasClosed: 'WINDOW_CLOSED',
  CampaignIsOver: 'WINDOW_CLOSED',
  CampaignIsPaused: 'CAMPAIGN_PAUSED',
  CampaignNotOpen: 'WINDOW_NOT_OPEN',
  CouponAlreadyRedeemed: 'COUPON_REDEEMED',
  CouponIsRevoked: 'COUPON_REVOKED',
  NotAWitness: 'STATEMENT_INVALID',
  NothingLeft: 'NOTHING_LEFT',
  NotIssued: 'COUPON_UNKNOWN',
  ObservedInFuture: 'STATEMENT_INVALID',
  ObservedOutsideWindow: 'STATEMENT_INVALID',
  PresenceMissing: 'PRESENCE_MISSING',
  RedeemExpired: 'DEADLINE_PASSED',
  StandbyNotYet: 'STANDBY_NOT_YET',
  StatementExpired: 'STATEMENT_EXPIRED',
  StatementForOtherGeofence: 'STATEMENT_INVALID',
  StatementTooLong: 'STATEMENT_INVALID',
  UnknownCampaign: 'CAMPAIGN_UNKNOWN',
  UnknownSite: 'SITE_UNKNOWN',
  WitnessNotAtSite: 'STATEMENT_INVALID',
  WitnessNotValid: 'STATEMENT_INVALID',
}

/** Why a book refuses, by the error that it throws or keeps in `RedemptionRefused`; `signature` where that is what is wrong. */
export function codeOfError(data: Hex): RedemptionCode | 'signature' {
  try {
    const { errorName } = decodeErrorResult({ abi: couponBookAbi, data })
    return errorName === 'HolderSignatureInvalid' ? 'signature' : (codeFor[errorName] ?? 'REFUSED')
  } catch {
    return 'REFUSED' // no error of a book's
  }
}
