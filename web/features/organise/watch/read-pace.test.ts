import { expect } from 'chai'
import { minutesOf } from './read-pace.ts'

describe('minutesOf', () => {
  it('gathers by campaign, site and minute, oldest first; what has no time stands at 0', () => {
    const one = { campaignId: 1n, site: 1, block: 1n }
    const minutes = minutesOf([
      { ...one, at: 119n },
      { ...one, at: 60n },
      { ...one, at: 59n },
      { ...one, site: 2, at: 60n },
      { ...one, campaignId: 2n, at: 60n },
      { ...one, at: undefined },
    ])
    expect(minutes).to.deep.equal([
      { campaignId: 1n, site: 1, since: 0n, redeemed: 2 },
      { campaignId: 1n, site: 1, since: 60n, redeemed: 2 },
      { campaignId: 1n, site: 2, since: 60n, redeemed: 1 },
      { campaignId: 2n, site: 1, since: 60n, redeemed: 1 },
    ])
  })
})
