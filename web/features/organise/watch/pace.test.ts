import { expect } from 'chai'
import { chartOf, forecastOf, forecastWords, leftToCome, siteCountsOf } from './pace.ts'

const OPENS = 1_800_000_000 // on the minute
const CLOSES = OPENS + 2 * 3600
const at = (minute: number, redeemed: number, { site = 1, campaignId = 1n } = {}) => {
  return { campaignId, site, since: BigInt(OPENS + minute * 60), redeemed }
}
const window = { campaignId: 1n, opensAt: OPENS, closesAt: CLOSES }

describe('chartOf', () => {
  const minutes = [at(0, 3), at(0, 2, { site: 2 }), at(5, 7), at(5, 9, { campaignId: 2n })]

  it('has a bar for each minute of the last hour, the running one last, and for one campaign alone', () => {
    const now = OPENS + 5 * 60 + 30
    const { bars, minutes: length } = chartOf({ ...window, minutes, span: 'hour', now })
    expect(length).to.equal(1)
    expect(bars).to.have.lengthOf(60)
    expect(bars.at(-1)).to.deep.equal({
      since: OPENS + 300,
      redeemed: 7,
      bySite: new Map([[1, 7]]),
    })
    expect(bars.at(-6)?.bySite).to.deep.equal(new Map([[1, 3], [2, 2]])) // prettier-ignore
    expect(bars.reduce((sum, { redeemed }) => sum + redeemed, 0)).to.equal(12)
  })

  it('shows the whole window in no more bars than can be told apart, and loses nothing', () => {
    const all = Array.from({ length: 120 }, (_, minute) => at(minute, 1))
    const { bars, minutes: length } = chartOf({
      ...window,
      minutes: all,
      span: 'window',
      now: CLOSES + 9_999,
    })
    expect(length).to.equal(2)
    expect(bars).to.have.lengthOf(60)
    expect(bars.every(({ redeemed }) => redeemed === 2)).to.equal(true)
  })

  it('goes on for what is settled in the grace, and leaves out what has no time', () => {
    const settled = [at(150, 4), { ...at(0, 5), since: 0n }]
    const { bars } = chartOf({ ...window, minutes: settled, span: 'hour', now: CLOSES + 9_999 })
    expect(bars.at(-1)?.redeemed).to.equal(4)
    expect(bars.reduce((sum, { redeemed }) => sum + redeemed, 0)).to.equal(4)
  })
})

describe('siteCountsOf', () => {
  it('names every site, also where nobody came, and what has no time too', () => {
    const minutes = [at(0, 3), { ...at(0, 5), since: 0n }, at(1, 9, { campaignId: 2n })]
    expect(siteCountsOf({ minutes, campaignId: 1n, sites: 2 })).to.deep.equal([
      { site: 1, redeemed: 8 },
      { site: 2, redeemed: 0 },
    ])
    expect(siteCountsOf({ minutes: [], campaignId: 1n, sites: 0 })).to.deep.equal([])
  })
})

describe('leftToCome', () => {
  it('is who has an unused coupon, but no more than there are meals', () => {
    const left = (unused: bigint, redeemed: bigint) =>
      leftToCome({ ledger: { unused, redeemed }, terms: { supply: 100n } })
    expect(left(63n, 37n)).to.equal(63)
    expect(left(66n, 37n)).to.equal(63)
    expect(left(3n, 100n)).to.equal(0)
  })
})

describe('forecastOf', () => {
  const steady = Array.from({ length: 20 }, (_, minute) => at(minute, 4))
  const forecast = (more: object) =>
    forecastOf({ ...window, minutes: steady, left: 100, now: OPENS + 20 * 60 + 30, ...more })

  it('takes the rate of the last ten whole minutes', () => {
    const now = OPENS + 20 * 60 + 30
    expect(forecast({})).to.deep.equal({
      ...{ kind: 'ends', left: 100, perMinute: 4, over: 10 },
      ...{ at: now + 25 * 60, leftAtClose: 0 },
    })
    // The minute that runs says nothing yet.
    expect(forecast({ minutes: [...steady, at(20, 1)] })).to.deep.equal(forecast({}))
  })

  it('takes fewer where the window has not been open so long, but not too few', () => {
    expect(forecast({ now: OPENS + 4 * 60 })).to.include({ over: 4, perMinute: 4 })
    expect(forecast({ now: OPENS + 2 * 60 + 59 })).to.deep.equal({ kind: 'none', why: 'too-new' })
  })

  it('says who will not have come when the window closes', () => {
    expect(forecast({ left: 1_000 })).to.include({ kind: 'ends', leftAtClose: 1_000 - 398 })
  })

  it('makes none of too little, and none before, after, or with nobody left', () => {
    const four = [at(15, 4)]
    expect(forecast({ minutes: four })).to.deep.equal({ kind: 'none', why: 'too-few' })
    expect(forecast({ minutes: [at(15, 5)] })).to.include({ kind: 'ends', perMinute: 0.5 })
    expect(forecast({ minutes: [at(15, 50, { campaignId: 2n })] })).to.include({ why: 'too-few' })
    expect(forecast({ now: OPENS - 1 })).to.include({ why: 'not-open' })
    expect(forecast({ now: CLOSES })).to.include({ why: 'over' })
    expect(forecast({ left: 0 })).to.include({ why: 'nobody-left' })
  })
})

describe('forecastWords', () => {
  const timeOf = (seconds: number) => `at ${seconds}`
  const ends = { kind: 'ends', left: 1_200, perMinute: 3.25, over: 10, at: 77 } as const

  it('says how many, when, and what it assumes', () => {
    expect(forecastWords({ forecast: { ...ends, leftAtClose: 0 }, timeOf })).to.equal(
      '1,200 coupons are left to come. If all of them are still to come, and come as in the last 10 minutes (3.3 a minute), the queue ends about at 77.',
    )
    expect(forecastWords({ forecast: { ...ends, leftAtClose: 30 }, timeOf })).to.contain(
      '30 will not have come when the window closes',
    )
  })

  it('says why there is none', () => {
    for (const why of ['not-open', 'over', 'nobody-left', 'too-new', 'too-few'] as const) {
      expect(forecastWords({ forecast: { kind: 'none', why }, timeOf })).to.match(/^[NA].*\.$/)
    }
  })
})
