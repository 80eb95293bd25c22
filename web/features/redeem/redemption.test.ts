import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import { canLeave, idle, isUnderWay, redemptionReducer, type Redemption } from './redemption.ts'

const coupon: HeldCoupon = {
  campaignId: 1n,
  serial: 0n,
  holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5',
  proof: [],
  root: '0x01',
}
const other = { ...coupon, serial: 1n }
const hash = `0x${'ab'.repeat(32)}` as const
const vouched = { site: 2, statements: [] }

describe('redemptionReducer', () => {
  it('goes from the tap to the receipt', () => {
    const steps = [
      { type: 'choose', coupon },
      { type: 'locating' },
      { type: 'signing-in' },
      { type: 'asking' },
      { type: 'vouched', vouched },
      { type: 'sent', hash, site: 2 },
      { type: 'redeemed', redeemed: { hash, site: 2, at: 100n } },
    ] as const
    const seen: string[] = []
    steps.reduce<Redemption>((state, event) => {
      const next = redemptionReducer(state, event)
      seen.push(next.step)
      return next
    }, idle)
    expect(seen).to.deep.equal([
      'explaining',
      'locating',
      'signing-in',
      'asking',
      'confirming',
      'sent',
      'redeemed',
    ])
  })

  describe('given a redemption is under way', () => {
    it('ignores a tap on another coupon', () => {
      const asking: Redemption = { step: 'asking', coupon }
      expect(redemptionReducer(asking, { type: 'choose', coupon: other })).to.equal(asking)
    })

    it('ignores a fix that comes after the position was taken', () => {
      const asking: Redemption = { step: 'asking', coupon }
      const best = { longitude: 1, latitude: 2, accuracyMetres: 3, takenAt: 4 }
      expect(redemptionReducer(asking, { type: 'fix', best })).to.equal(asking)
    })
  })

  describe('given nothing is under way', () => {
    it('ignores what an abandoned redemption still reports', () => {
      expect(redemptionReducer(idle, { type: 'sent', hash, site: 1 })).to.equal(idle)
    })

    it('takes up what a reload interrupted', () => {
      const failure = { code: 'INTERRUPTED', sentence: '…' }
      const rest = { kind: 'vouched', vouched } as const
      expect(redemptionReducer(idle, { type: 'return', coupon, failure, rest })).to.deep.equal({
        step: 'stopped',
        coupon,
        failure,
        rest,
      })
    })
  })

  describe('when the person goes away', () => {
    it('stays while the wallet asks', () => {
      const confirming: Redemption = { step: 'confirming', coupon, vouched }
      expect(redemptionReducer(confirming, { type: 'leave' })).to.equal(confirming)
      expect(canLeave(confirming)).to.be.false
      expect(isUnderWay(confirming)).to.be.true
    })

    it('is idle from every other step', () => {
      const sent: Redemption = { step: 'sent', coupon, hash, site: 1 }
      expect(redemptionReducer(sent, { type: 'leave' })).to.equal(idle)
    })
  })

  it('is idle when the account changes, even while the wallet asks', () => {
    const confirming: Redemption = { step: 'confirming', coupon, vouched }
    expect(redemptionReducer(confirming, { type: 'reset' })).to.equal(idle)
  })
})
