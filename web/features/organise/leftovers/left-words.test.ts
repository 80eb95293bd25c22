import { expect } from 'chai'
import { zeroHash } from 'viem'
import { leftWords } from './left-words.ts'

const NOW = 1_800_000_000
const terms = {
  ...{ opensAt: BigInt(NOW - 100), closesAt: BigInt(NOW + 100), heldUntil: 0n, grace: 0n },
  ...{ supply: 1_000n, sites: 0, requiredWitnesses: 0, geofenceHash: zeroHash },
}
const words = (part: object) =>
  leftWords({
    campaign: { terms },
    ledger: { issued: 1_010n, redeemed: 600n, revoked: 9n, unused: 401n },
    counters: { standbyIssued: 10n, standbyRevoked: 1n },
    forecast: { kind: 'none', why: 'too-few' },
    now: NOW,
    timeOf: () => 'at two',
    ...part,
  }).join(' ')

describe('leftWords', () => {
  it('says what is left, of the coupons and of the meals, and who waits', () => {
    expect(words({}))
      .to.contain('401 coupons of 1,010 are unused')
      .and.to.contain('400 are still in stock')
      .and.to.contain('9 coupons on standby wait')
  })

  it('says what will be left, as far as anybody can', () => {
    expect(words({})).to.contain('Too little has happened')
    const ends = { kind: 'ends', left: 400, perMinute: 1, over: 10, at: NOW } as const
    expect(words({ forecast: { ...ends, leftAtClose: 398 } })).to.contain(
      'in the last 10 minutes, 398 will be left when it closes at two',
    )
    expect(words({ forecast: { ...ends, leftAtClose: 0 } })).to.contain('nothing need be left')
    const over = words({ now: NOW + 100 })
    expect(over).to.contain('400 were left in stock').and.not.to.contain('when it closes')
  })
})
