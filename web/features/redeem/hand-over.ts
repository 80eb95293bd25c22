import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import type { Failure } from '../../chain/explain-revert.ts'
import { handedTooLate } from './failures.ts'
import type { Tools } from './redeem.ts'
import type { Progress } from './redemption.ts'

const LOOK_MILLISECONDS = 1_500

/** Shows a signed redemption for others to send, and looks at the chain until somebody has, or until it is too late. */
export async function handOver({
  coupon,
  handed,
  why,
  tools: { now, wait, hasLeft, redemptionOf, journal },
  report,
}: {
  coupon: HeldCoupon
  handed: HandedRedemption
  why?: Failure | undefined
  tools: Pick<Tools, 'now' | 'wait' | 'hasLeft' | 'redemptionOf' | 'journal'>
  report: (progress: Progress) => void
}): Promise<void> {
  report({ type: 'handing', handed, ...(why && { why }) })
  while (!hasLeft()) {
    // Before the look, so that what is sent in the last second is still seen.
    const isOver = now() / 1000 > Number(handed.deadline)
    const redeemed = await redemptionOf().catch(() => undefined) // the chain is away: look again
    if (redeemed !== undefined) {
      journal.forget(coupon)
      return report({ type: 'redeemed', redeemed })
    }
    if (isOver) {
      journal.forget(coupon)
      return report({ type: 'stopped', failure: handedTooLate, rest: { kind: 'nothing' } })
    }
    await wait(LOOK_MILLISECONDS)
  }
}
