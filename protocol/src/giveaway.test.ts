import { expect } from 'chai'
import { MILLIMETRES_PER_E7 } from './earth.ts'
import { type Evidence, type Fix, type Sighting, sightingOf } from './evidence.ts'
import { giveawayOf } from './giveaway.ts'

const NOW = 2_000_000_000_000
const METRE = 1_000 / MILLIMETRES_PER_E7
const fix: Fix = {
  longitudeE7: 750_000_000,
  latitudeE7: 0,
  accuracyMillimetres: 5_000,
  takenAt: NOW,
}
const satellite = { ...fix, altitudeMillimetres: 431_000 }

describe('giveaway', () => {
  it('finds nothing in a single honest fix', () => {
    for (const honest of [
      fix,
      satellite,
      { ...satellite, speedMillimetresPerSecond: 0 }, // standing still: no heading
      { ...satellite, altitudeMillimetres: 0, speedMillimetresPerSecond: 0 }, // at sea
      { ...fix, headingCentidegrees: 0, speedMillimetresPerSecond: 0 },
    ]) {
      expect(of([honest])).to.be.undefined
    }
  })

  it('knows a blank that a program filled in', () => {
    const blank = { altitudeMillimetres: 0, headingCentidegrees: 0, speedMillimetresPerSecond: 0 }
    expect(of([{ ...fix, ...blank }])).to.equal('MOCKED')
    expect(of([{ ...fix, ...blank, headingCentidegrees: 1 }])).to.be.undefined
  })

  it('wants a watch to go forward in time', () => {
    expect(of([fix, fix])).to.equal('LOCATION_IMPLAUSIBLE')
    expect(of([{ ...fix, takenAt: NOW + 1 }, fix])).to.equal('LOCATION_IMPLAUSIBLE')
    expect(of([{ ...fix, takenAt: NOW - 1 }, fix])).to.be.undefined
  })

  describe('frozen', () => {
    const watch = (change: Partial<Fix> = {}, times = [-2_000, -1_000, 0]) =>
      times.map((time, index) => ({
        ...satellite,
        takenAt: NOW + time,
        ...(index === 1 ? change : {}),
      }))

    it('is an altitude and all else that stays the same over three fixes and two seconds', () => {
      expect(of(watch())).to.equal('FROZEN')
      expect(of(watch({}, [-1_999, -1_000, 0]))).to.be.undefined
      expect(of(watch({}, [-2_000, 0]))).to.be.undefined
    })

    it('is not a position that trembles in any one of its parts', () => {
      for (const change of [
        { longitudeE7: fix.longitudeE7 + 1 },
        { latitudeE7: 1 },
        { accuracyMillimetres: 5_001 },
        { altitudeMillimetres: 431_001 },
      ]) {
        expect(of(watch(change)), JSON.stringify(change)).to.be.undefined
      }
    })

    it('is not one without altitude, as networks give it', () => {
      expect(of(watch().map((each) => ({ ...each, altitudeMillimetres: undefined })))).to.be
        .undefined
    })

    it('looks at the last three alone', () => {
      const first = { ...satellite, latitudeE7: 50, takenAt: NOW - 3_000 }
      expect(of([first, ...watch()])).to.equal('FROZEN')
    })
  })

  describe('replayed', () => {
    const earlier = (takenAt: number): Sighting => ({ ...sightingOf(fix), takenAt })

    it('is a fix no newer than the one before', () => {
      expect(of([fix], earlier(NOW - 1))).to.be.undefined
      expect(of([fix], earlier(NOW))).to.equal('REPLAYED')
      expect(of([fix], earlier(NOW + 60_000))).to.equal('REPLAYED')
    })

    it('is judged by the last of a watch, which may reach back', () => {
      expect(of([{ ...fix, takenAt: NOW - 1_000 }, fix], earlier(NOW - 500))).to.be.undefined
    })
  })

  describe('travel', () => {
    // The fix lies on the equator at 75°; a cell's west side at 75.1°, 76.1° and so on.
    const cellAt = (longitudeCell: number, takenAt: number): Sighting => ({
      longitudeCell,
      latitudeCell: 0,
      takenAt,
    })
    const tenth = 1_000_000 * MILLIMETRES_PER_E7

    it('is impossible from 300 m/s on, measured from the cell’s near side less the accuracy', () => {
      // In a straight line: two thousandths of a millimetre less than along the ground.
      const least = Math.ceil((tenth - fix.accuracyMillimetres) / 300)
      expect(of([fix], cellAt(751, NOW - least))).to.be.undefined
      expect(of([fix], cellAt(751, NOW - least + 1))).to.equal('TRAVEL_IMPOSSIBLE')
    })

    it('is possible within a cell at once, and to the other side of the earth by no airliner', () => {
      expect(of([fix], cellAt(750, NOW - 1))).to.be.undefined
      expect(of([fix], cellAt(749, NOW - 1)), 'its rim').to.be.undefined
      expect(of([fix], cellAt(-1_050, NOW - 3_600_000))).to.equal('TRAVEL_IMPOSSIBLE')
    })

    it('counts within one watch too, coarse first guesses left out', () => {
      const away = (metres: number, change: Partial<Fix> = {}) => ({
        ...fix,
        latitudeE7: Math.round(metres * METRE),
        takenAt: NOW - 1_000,
        ...change,
      })
      expect(of([away(309), fix])).to.be.undefined
      expect(of([away(311), fix])).to.equal('TRAVEL_IMPOSSIBLE')
      expect(of([away(3_000, { accuracyMillimetres: 100_001 }), fix])).to.be.undefined
    })
  })
})

function of(fixes: Fix[], earlier?: Evidence['earlier']) {
  return giveawayOf({
    evidence: { source: 'browser', fixes, earlier },
    maxAccuracyMillimetres: 100_000,
  })
}
