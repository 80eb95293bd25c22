import { expect } from 'chai'
import { hall } from './corpus-people.ts'
import { type CorpusRecord, pageWith } from './corpus-page.ts'
import { plotOf } from './corpus-plot.ts'
import { standingRate, standingRates, traceRates } from './corpus-rates.ts'
import { defaultPolicy } from '@coupon-secure/protocol/geofence'

const claimed = 'as claimed, 20 m'

describe('corpus', () => {
  it('asks for what organisers ask for who ask for nothing else', () => {
    expect(hall.policy).to.deep.equal(defaultPolicy)
  })

  describe('at 20 m, as claimed', () => {
    it('turns people 10 m inside away flatly in at most 1 % of fixes, and says yes within three to 90 %', () => {
      const inside = standingRate({ receiver: claimed, metres: 10, people: 4_000, seed: 2 })
      expect(inside.no).to.be.at.most(0.01)
      expect(inside.yesInThree).to.be.at.least(0.9)
    }).timeout(60_000)

    it('says yes 50 m outside in at most 0.1 %', () => {
      const outside = standingRate({ receiver: claimed, metres: -50, people: 10_000, seed: 2 })
      expect(outside.yes).to.be.at.most(0.001)
      expect(outside.yesInThree).to.be.at.most(0.003)
    }).timeout(60_000)
  })

  it('is the same at every run', () => {
    const run = () => standingRates({ people: 3, seed: 5 })
    expect(run()).to.deep.equal(run())
  })

  it('refuses no honest trace but those that the page names', () => {
    const refused = traceRates({ people: 50, seed: 3 }).filter(
      ({ isHonest, yes }) => isHonest && yes < 1,
    )
    expect(refused.map(({ name, reasons }) => [name, ...Object.keys(reasons)])).to.deep.equal([
      ['a receiver that holds its position while one stands', 'FROZEN'],
      ['a clock 2 min ahead', 'FIX_FROM_FUTURE'],
      ['a clock 2 min behind', 'FIX_STALE'],
    ])
  })

  it('catches every pretender but those that the page names', () => {
    const believed = traceRates({ people: 50, seed: 3 }).filter(
      ({ isHonest, yes }) => !isHonest && yes > 0,
    )
    expect(believed.map(({ name }) => name)).to.deep.equal([
      'a browser’s developer tools',
      'a mock with an altitude, one fix',
      'a mock that trembles, accuracy never changes',
      'teleports 500 km, was not seen for an hour',
      'pretends from 8 km away',
      'replays a friend’s fix within the minute',
      'a hundred phones on one point',
    ])
  })

  describe('page', () => {
    const record: CorpusRecord = {
      people: 3,
      seed: 5,
      standing: [
        { receiver: 'good', metres: -10, yes: 0, unsure: 0.5, no: 0.5, yesInThree: 0 },
        { receiver: 'good', metres: 10, yes: 0.0004, unsure: 0.2, no: 0, yesInThree: 1 },
      ],
      traces: [{ name: 'odd', isHonest: true, yes: 0.25, reasons: { FROZEN: 0.75 } }],
    }
    const page =
      'a\n<!-- corpus: standing -->\nold\n<!-- end of standing -->\nb\n<!-- corpus: traces --><!-- end of traces -->\nc'

    it('has the tables between its marks, and nothing else of it changes', () => {
      const made = pageWith({ page, record })
      expect(made).to.match(/^a\n<!-- corpus: standing -->\n\n3 people[^]*\nb\n[^]*\nc$/)
      expect(made).to.include('| good | 10 | 0.04 | 20.0 | 0 | 100.0 |')
      expect(made).to.include('| honest | odd | 25.0 | FROZEN 75.0 |')
      expect(made).not.to.include('old')
      expect(pageWith({ page: made, record })).to.equal(made)
    })

    it('is not written where it has no place for them', () => {
      expect(() => pageWith({ page: 'nothing', record })).to.throw('no place for standing')
    })

    it('has a plot with a line for each receiver', () => {
      const plot = plotOf(record.standing)
      expect(plot.match(/<polyline/g)).to.have.lengthOf(1)
      expect(plot).to.include('points="56.0,360.0 600.0,359.9"')
    })
  })
})
