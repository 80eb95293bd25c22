import { expect } from 'chai'
import {
  evidenceSchema,
  fixFrom,
  openingSchema,
  positionSchema,
  submissionFrom,
} from './wire-evidence.ts'

const position = {
  longitude: 75.9235,
  latitude: 26.9359,
  accuracyMetres: 20.5,
  takenAt: 2_000_000_000_000,
}
const fix = {
  longitudeE7: 759_235_000,
  latitudeE7: 269_359_000,
  accuracyMillimetres: 20_500,
  takenAt: 2_000_000_000_000,
}

describe('wire: evidence', () => {
  describe('fixFrom', () => {
    it('rounds to whole units, and adds nothing that the browser left out', () => {
      expect(fixFrom(positionSchema.parse(position))).to.deep.equal(fix)
    })

    it('takes along what the browser adds', () => {
      const full = {
        ...position,
        altitudeMetres: -12.3456,
        altitudeAccuracyMetres: 3,
        headingDegrees: 359.996,
        speedMetresPerSecond: 0,
      }
      expect(fixFrom(positionSchema.parse(full))).to.deep.equal({
        ...fix,
        altitudeMillimetres: -12_346,
        altitudeAccuracyMillimetres: 3_000,
        headingCentidegrees: 36_000,
        speedMillimetresPerSecond: 0,
      })
    })

    it('keeps to the bits that are hashed, accuracy above zero, and no minus zero', () => {
      const fixes = [1e-9, 1e12].map((accuracyMetres) => fixFrom({ ...position, accuracyMetres }))
      expect(fixes.map((each) => each.accuracyMillimetres)).to.deep.equal([1, 4_294_967_295])
      const altitudes = [-1e300, 1e300, -1e-9].map(
        (altitudeMetres) => fixFrom({ ...position, altitudeMetres }).altitudeMillimetres,
      )
      expect(altitudes).to.deep.equal([-2_147_483_647, 2_147_483_647, 0])
      expect(Object.is(altitudes[2], -0)).to.be.false
    })

    for (const change of [
      { altitudeMetres: null },
      { altitudeMetres: Infinity },
      { altitudeAccuracyMetres: -1 },
      { headingDegrees: 361 },
      { headingDegrees: NaN },
      { speedMetresPerSecond: '1' },
    ]) {
      it(`is not asked about ${Object.entries(change).join(' ')}`, () => {
        expect(positionSchema.safeParse({ ...position, ...change }).success).to.be.false
      })
    }
  })

  describe('submissionFrom', () => {
    it('keeps the order of the watch, and no beacon where there is none', () => {
      const later = { ...position, takenAt: position.takenAt + 1_000 }
      const submission = submissionFrom({ source: 'browser', positions: [position, later] })
      expect(submission).to.deep.equal({
        source: 'browser',
        fixes: [fix, { ...fix, takenAt: later.takenAt }],
      })
    })

    it('keeps the beacon', () => {
      const signature = `0x${'c5'.repeat(64)}` as const
      const beacon = { site: 2, shownAt: 2_000_000_010, signature }
      expect(submissionFrom({ source: 'hypertrack', positions: [], beacon })).to.deep.equal({
        source: 'hypertrack',
        fixes: [],
        beacon,
      })
    })
  })

  describe('opening', () => {
    const evidence = { source: 'browser', fixes: [fix] }
    const opening = { ruleset: 'coupon-secure/2', challenge: `0x${'5a'.repeat(32)}`, evidence }

    it('is read as it is written', () => {
      expect(openingSchema.parse(opening)).to.deep.equal(opening)
    })

    for (const [name, broken] of [
      ['another condition', { ...evidence, condition: 'FINE' }],
      ['six fixes', { ...evidence, fixes: Array(6).fill(fix) }],
      ['half a unit', { ...evidence, fixes: [{ ...fix, longitudeE7: 0.5 }] }],
      ['a fix beyond the pole', { ...evidence, fixes: [{ ...fix, latitudeE7: 900_000_001 }] }],
      ['a position for an earlier sighting', { ...evidence, earlier: fix }],
      ['a beacon that nobody has checked', { ...evidence, beacon: { site: 1, shownAt: 1 } }],
      ['another part', { ...evidence, mood: 'good' }],
    ] as const) {
      it(`has no ${name}`, () => {
        expect(evidenceSchema.safeParse(broken).success).to.be.false
      })
    }
  })
})
