import type { Key } from '../../words/words.ts'
import type { Redemption } from './redemption.ts'

/** A redemption that went no further. */
export type Stopped = Extract<Redemption, { step: 'stopped' }>

// Codes after which trying again can change nothing.
const FINAL_CODES = new Set([
  'COUPON_REVOKED',
  'CouponIsRevoked',
  'COUPON_UNKNOWN',
  'NotIssued',
  'WINDOW_CLOSED',
  'CampaignIsOver',
  'CAMPAIGN_UNKNOWN',
  'UnknownCampaign',
])

/** Whether trying again can change nothing. */
export function isFinal({ failure, rest }: Pick<Stopped, 'failure' | 'rest'>): boolean {
  return rest.kind === 'over' || FINAL_CODES.has(failure.code)
}

/** The name of what the sheet says above the failure's own sentence. */
export function titleOf({
  failure,
  rest,
}: Pick<Stopped, 'failure' | 'rest'>): Extract<Key, `stopped.${string}`> {
  if (rest.kind === 'over') return 'stopped.over'
  if (rest.kind === 'sent') return 'stopped.sent'
  if (failure.code === 'INTERRUPTED') return 'stopped.back'
  return 'stopped.unused'
}
