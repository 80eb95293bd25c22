import { expect } from 'chai'
import vectors from '../vectors/decision.json' with { type: 'json' }
import geofences from '../vectors/geofence.json' with { type: 'json' }
import { decide, RULESET, type Decision } from './decide.ts'
import {
  defaultPolicy,
  geofenceDocumentSchema,
  type GeofenceDocument,
  type Policy,
  type Site,
} from './geofence.ts'
import { type Evidence, type Fix, sightingOf } from './evidence.ts'
import { generator } from './random.fixture.ts'
import { square, squareSite } from './square.fixture.ts'
import { evidenceSchema } from './wire-evidence.ts'

const NOW = 2_000_000_000_000
const METRE = 10_000_000 / 111_195.08 // E7 of latitude, and of longitude at the equator
const east = 750_000_000
const hall = squareSite({ half: Math.round(60 * METRE), east })
const BLANK = { altitudeMillimetres: 0, headingCentidegrees: 0, speedMillimetresPerSecond: 0 }
const fix: Fix = {
  longitudeE7: east,
  latitudeE7: 0,
  accuracyMillimetres: 20_000,
  takenAt: NOW,
}

describe('decide', () => {
  it('names its ruleset', () => {
    expect(RULESET).to.equal('coupon-secure/2')
  })

  describe('vectors', () => {
    for (const { name, document, evidence, now, decision } of vectors) {
      it(`holds for ${name}`, () => {
        const geofence = geofences.find((candidate) => candidate.name === document)
        expect(
          decide({
            document: geofenceDocumentSchema.parse(geofence!.document),
            evidence: evidenceSchema.parse(evidence),
            now,
          }),
        ).to.deep.equal(decision)
      })
    }
  })

  describe('given a fix that cannot count', () => {
    const refused: [string, string, Partial<Fix> | undefined, Partial<Policy>][] = [
      ['no fix', 'FIX_MISSING', undefined, {}],
      ['a device’s blank', 'MOCKED', BLANK, {}],
      ['a speed of 300.001 m/s', 'TRAVEL_IMPOSSIBLE', { speedMillimetresPerSecond: 300_001 }, {}],
      ['a longitude of NaN', 'FIX_MISSING', { longitudeE7: NaN }, {}],
      ['half a unit of latitude', 'FIX_MISSING', { latitudeE7: 0.5 }, {}],
      ['an endless accuracy', 'FIX_MISSING', { accuracyMillimetres: Infinity }, {}],
      ['an accuracy of zero', 'FIX_MISSING', { accuracyMillimetres: 0 }, {}],
      ['a time of NaN', 'FIX_MISSING', { takenAt: NaN }, {}],
      ['a source not accepted', 'SOURCE_NOT_ACCEPTED', {}, { sources: ['hypertrack'] }],
      ['no beacon where one must be', 'BEACON_MISSING', {}, { isBeaconRequired: true }],
      ['5.001 s ahead', 'FIX_FROM_FUTURE', { takenAt: NOW + 5_001 }, {}],
      ['60.001 s old', 'FIX_STALE', { takenAt: NOW - 60_001 }, {}],
      ['61 s old', 'FIX_STALE', { takenAt: NOW - 61_000 }, {}],
      ['100.001 m', 'ACCURACY_POOR', { accuracyMillimetres: 100_001 }, {}],
      ['null island', 'LOCATION_IMPLAUSIBLE', { longitudeE7: 0, latitudeE7: 0 }, {}],
    ]
    for (const [what, reason, change, policy] of refused) {
      it(`refuses ${what} as ${reason}`, () => {
        const evidence = browserAt(...(change ? [{ ...fix, ...change }] : []))
        expect(decide({ document: documentOf([hall], policy), evidence, now: NOW })).to.deep.equal({
          verdict: 'refused',
          reason,
        })
      })
    }

    it('refuses when the clock is broken', () => {
      const decision = decide({ document: documentOf([hall]), evidence: browserAt(fix), now: NaN })
      expect(decision).to.deep.equal({ verdict: 'refused', reason: 'FIX_MISSING' })
    })
  })

  describe('given a fix just good enough', () => {
    for (const change of [
      { takenAt: NOW + 5_000 },
      { takenAt: NOW - 59_000 },
      { takenAt: NOW - 60_000 },
    ]) {
      it(`takes ${NOW - change.takenAt} ms of age`, () => {
        expect(at(change)).to.include({ verdict: 'inside', site: 1 })
      })
    }

    it('takes null island where the fence is', () => {
      const document = documentOf([squareSite({ half: Math.round(60 * METRE) })])
      const evidence = browserAt({ ...fix, longitudeE7: 0 })
      expect(decide({ document, evidence, now: NOW })).to.include({ verdict: 'inside' })
    })
  })

  describe('given a fence of 120 m by 120 m', () => {
    it('says inside in the middle, unsure on the edge, outside a street away', () => {
      expect(at({})).to.deep.equal({ verdict: 'inside', site: 1, confidencePermille: 1000 })
      expect(at({ latitudeE7: Math.round(60 * METRE) })).to.deep.equal({
        verdict: 'unsure',
        reason: 'TOO_CLOSE_TO_EDGE',
      })
      expect(at({ latitudeE7: Math.round(100 * METRE) })).to.deep.equal({
        verdict: 'outside',
        reason: 'OUTSIDE_GEOFENCE',
      })
    })

    it('gives half on a straight edge, a quarter on a corner, within a hundredth', () => {
      const edge = { ...fix, latitudeE7: Math.round(60 * METRE) }
      const corner = { ...edge, longitudeE7: east + Math.round(60 * METRE) }
      expect(confidenceAt(edge)).to.be.closeTo(500, 10)
      expect(confidenceAt(corner)).to.be.closeTo(250, 10)
    })

    it('is not surer when the fix is coarser', () => {
      const confidences = [5, 10, 20, 40, 60, 80, 100].map((metres) =>
        confidenceAt({ ...fix, accuracyMillimetres: metres * 1000 }),
      )
      expect(confidences).to.deep.equal(confidences.toSorted((a, b) => b - a))
    })

    it('gives a circle of accuracy its 95 %', () => {
      const round = Array.from({ length: 360 }, (_, degree) => ({
        longitudeE7: east + Math.round(20 * METRE * Math.cos((degree * Math.PI) / 180)),
        latitudeE7: Math.round(20 * METRE * Math.sin((degree * Math.PI) / 180)),
      }))
      const site = { ...hall, rings: [round] }
      expect(confidenceAt(fix, documentOf([site], { minConfidencePermille: 500 }))).to.be.closeTo(
        950,
        8,
      )
    })

    it('counts a hole as outside', () => {
      const site = {
        ...hall,
        rings: [...hall.rings, square({ half: Math.round(50 * METRE), east })],
      }
      expect(
        decide({ document: documentOf([site]), evidence: browserAt(fix), now: NOW }),
      ).to.include({
        verdict: 'outside',
      })
    })

    it('asks of a stricter policy only more', () => {
      const edge = { ...fix, latitudeE7: Math.round(50 * METRE) }
      const verdicts = [500, 800, 999].map(
        (minConfidencePermille) =>
          decide({
            document: documentOf([hall], { minConfidencePermille }),
            evidence: browserAt(edge),
            now: NOW,
          }).verdict,
      )
      expect(verdicts).to.deep.equal(['inside', 'inside', 'unsure'])
    })
  })

  describe('given a managed device', () => {
    const document = documentOf([hall], { sources: ['hypertrack'] })
    const outcomeOf = (change: Partial<Evidence>) => {
      const evidence: Evidence = { source: 'hypertrack', fixes: [fix], ...change }
      const decision = decide({ document, evidence, now: NOW })
      return decision.verdict === 'refused' ? decision.reason : decision.verdict
    }

    it('takes the fix of one that is active', () => {
      expect(outcomeOf({ condition: 'ACTIVE' })).to.equal('inside')
    })

    it('refuses with the code of its outage, whatever fix there is', () => {
      for (const condition of ['DEVICE_LOCATION_MOCKED', 'DEVICE_CLOCK_CHANGED'] as const) {
        expect(outcomeOf({ condition })).to.equal(condition)
        expect(outcomeOf({ condition, fixes: [] })).to.equal(condition)
      }
    })

    it('refuses one of which nothing is said', () => {
      expect(outcomeOf({})).to.equal('DEVICE_INCOMPLETE')
    })

    it('refuses an outage that comes with a browser’s fix too', () => {
      const evidence: Evidence = { ...browserAt(fix), condition: 'DEVICE_LOCATION_OFF' }
      const decision = decide({ document: documentOf([hall]), evidence, now: NOW })
      expect(decision).to.deep.equal({ verdict: 'refused', reason: 'DEVICE_LOCATION_OFF' })
    })

    it('may report the same fix twice', () => {
      const earlier = sightingOf(fix)
      expect(outcomeOf({ condition: 'ACTIVE', earlier })).to.equal('inside')
    })
  })

  describe('given that the counter’s beacon must be seen', () => {
    const TURN = NOW / 1000 - ((NOW / 1000) % 15)
    const other = { ...hall, number: 2, rings: [square({ half: 500, east: east + 20_000 })] }
    const document = documentOf([hall, other], { isBeaconRequired: true })
    const signature = `0x${'c5'.repeat(64)}` as const
    const beacon = { site: 1, shownAt: TURN, signature, isFromCounter: true }
    const outcomeOf = (
      change: Partial<NonNullable<Evidence['beacon']>> | undefined,
      { now = NOW, at: where }: { now?: number; at?: Partial<Fix> } = {},
    ) => {
      const evidence: Evidence = {
        ...browserAt({ ...fix, takenAt: now, ...where }),
        ...(change && { beacon: { ...beacon, ...change } }),
      }
      const decision = decide({ document, evidence, now })
      return decision.verdict === 'refused' ? decision.reason : decision.verdict
    }

    it('takes one of this turn and of the turn before', () => {
      expect(outcomeOf({})).to.equal('inside')
      expect(outcomeOf({}, { now: (TURN + 29.999) * 1000 })).to.equal('inside')
      expect(outcomeOf({}, { now: (TURN + 30) * 1000 })).to.equal('BEACON_STALE')
    })

    it('takes one from a counter’s clock that is up to five seconds ahead', () => {
      expect(outcomeOf({}, { now: (TURN - 5) * 1000 })).to.equal('inside')
      expect(outcomeOf({}, { now: (TURN - 5) * 1000 - 1 })).to.equal('BEACON_FROM_FUTURE')
    })

    it('refuses none, one of no counter, one of no turn, one of a site that there is not', () => {
      expect(outcomeOf(undefined)).to.equal('BEACON_MISSING')
      expect(outcomeOf({ isFromCounter: false })).to.equal('BEACON_UNTRUSTED')
      expect(outcomeOf({ shownAt: TURN - 1 })).to.equal('BEACON_UNTRUSTED')
      expect(outcomeOf({ site: 3 })).to.equal('BEACON_ELSEWHERE')
    })

    it('refuses one of another site than the holder is at', () => {
      expect(outcomeOf({ site: 2 })).to.equal('BEACON_ELSEWHERE')
    })

    it('is no place by itself', () => {
      const far = { latitudeE7: 10_000_000 }
      expect(outcomeOf({}, { at: far })).to.equal('outside')
      expect(outcomeOf({}, { at: { latitudeE7: Math.round(60 * METRE) } })).to.equal('unsure')
    })
  })

  describe('given several fixes', () => {
    it('decides by the last', () => {
      const away = { ...fix, latitudeE7: Math.round(150 * METRE), takenAt: NOW - 5_000 }
      const document = documentOf([hall])
      const came = browserAt(away, fix)
      const went = browserAt({ ...fix, takenAt: NOW - 5_000 }, { ...away, takenAt: NOW })
      expect(decide({ document, evidence: came, now: NOW }).verdict).to.equal('inside')
      expect(decide({ document, evidence: went, now: NOW }).verdict).to.equal('outside')
    })

    it('refuses where one of them is broken', () => {
      const evidence = browserAt({ ...fix, takenAt: NaN }, fix)
      const decision = decide({ document: documentOf([hall]), evidence, now: NOW })
      expect(decision).to.deep.equal({ verdict: 'refused', reason: 'FIX_MISSING' })
    })
  })

  describe('given several sites', () => {
    it('names the most probable one', () => {
      const other = squareSite({
        half: Math.round(60 * METRE),
        east: east + Math.round(130 * METRE),
      })
      const document = documentOf([hall, { ...other, number: 2 }])
      const there = { ...fix, longitudeE7: east + Math.round(110 * METRE) }
      expect(decide({ document, evidence: browserAt(fix), now: NOW })).to.include({ site: 1 })
      expect(decide({ document, evidence: browserAt(there), now: NOW })).to.include({ site: 2 })
    })

    it('names the lower number where two are equally probable', () => {
      const document = documentOf([hall, { ...hall, number: 2 }])
      expect(decide({ document, evidence: browserAt(fix), now: NOW })).to.include({ site: 1 })
    })

    it('sees that the second is just sure enough, whatever the first is', () => {
      const other = { ...hall, number: 2 }
      const edge = { ...fix, longitudeE7: east + Math.round(52 * METRE) }
      const sure = confidenceAt(edge, documentOf([other], { minConfidencePermille: 500 }))
      const strict = { minConfidencePermille: sure }
      const decisionIn = (first: number) => {
        const beside = { half: Math.round(60 * METRE), east: east + Math.round(first * METRE) }
        const document = documentOf([squareSite(beside), other], strict)
        return decide({ document, evidence: browserAt(edge), now: NOW })
      }
      expect(sure).to.be.within(600, 900)
      // The first is as sure, nearly, hardly and not at all.
      expect(decisionIn(0)).to.include({ site: 1, confidencePermille: sure })
      for (const first of [-4, -20, -300]) {
        expect(decisionIn(first)).to.include({ site: 2, confidencePermille: sure })
      }
    })

    it('does not add up two sites that are each unsure', () => {
      const other = squareSite({
        half: Math.round(60 * METRE),
        east: east + Math.round(121 * METRE),
      })
      const document = documentOf([hall, { ...other, number: 2 }])
      const between = { ...fix, longitudeE7: east + Math.round(60 * METRE) }
      expect(decide({ document, evidence: browserAt(between), now: NOW }).verdict).to.equal(
        'unsure',
      )
    })
  })

  describe('given the edges of the map', () => {
    it('sees across the antimeridian', () => {
      const half = Math.round(60 * METRE)
      const site = squareSite({ half, east: 1_800_000_000 - half })
      const meridian = { ...fix, longitudeE7: -1_800_000_000 } // the same meridian as +180
      expect(
        confidenceAt(meridian, documentOf([site], { minConfidencePermille: 500 })),
      ).to.be.closeTo(500, 10)
      const beyond = { ...fix, longitudeE7: -1_800_000_000 + Math.round(40 * METRE) }
      expect(
        decide({ document: documentOf([site]), evidence: browserAt(beyond), now: NOW }).verdict,
      ).to.equal('outside')
    })

    it('keeps metres metres at 84 degrees of latitude', () => {
      const half = Math.round(60 * METRE)
      const stretched = hall.rings[0]!.map(({ longitudeE7, latitudeE7 }) => ({
        longitudeE7: east + Math.round((longitudeE7 - east) / Math.cos((84 * Math.PI) / 180)),
        latitudeE7: latitudeE7 + 840_000_000,
      }))
      const document = documentOf([{ ...hall, rings: [stretched] }], { minConfidencePermille: 500 })
      expect(confidenceAt({ ...fix, latitudeE7: 840_000_000 + half }, document)).to.be.closeTo(
        500,
        10,
      )
    })

    it('says outside at the pole', () => {
      expect(at({ latitudeE7: 900_000_000 }).verdict).to.equal('outside')
    })
  })

  describe('statistics, 20 m of accuracy at a straight edge', () => {
    const random = generator(42)

    it('turns an honest holder 10 m inside away flat at most once in a hundred, and says yes in three fixes', () => {
      const people = 4_000
      let flat = 0
      let served = 0
      for (let person = 0; person < people; person++) {
        const verdicts = [1, 2, 3].map(() => verdictFor({ metresInside: 10, random }))
        if (verdicts[0] === 'outside') flat++
        if (verdicts.includes('inside')) served++
      }
      expect(flat / people).to.be.at.most(0.01)
      expect(served / people).to.be.at.least(0.9)
    }).timeout(20_000)

    it('says yes 50 m outside at most once in a thousand', () => {
      const fixes = 10_000
      let yes = 0
      for (let index = 0; index < fixes; index++) {
        if (verdictFor({ metresInside: -50, random }) === 'inside') yes++
      }
      expect(yes / fixes).to.be.at.most(0.001)
    }).timeout(20_000)
  })

  it('decides in well under a millisecond, far away at once', () => {
    const ring = Array.from({ length: 500 }, (_, index) => ({
      longitudeE7: east + Math.round(5_000 * Math.cos((index * Math.PI) / 250)),
      latitudeE7: Math.round(5_000 * Math.sin((index * Math.PI) / 250)),
    }))
    const document = documentOf([{ ...hall, rings: [ring] }])
    const startedAt = Date.now()
    for (let index = 0; index < 200; index++)
      decide({ document, evidence: browserAt(fix), now: NOW })
    expect((Date.now() - startedAt) / 200).to.be.below(5) // generous: machines are noisy
  })
})

function documentOf(sites: Site[], policy: Partial<Policy> = {}): GeofenceDocument {
  return {
    version: 1,
    readers: 'anybody',
    salt: `0x${'5a'.repeat(32)}`,
    policy: { ...defaultPolicy, ...policy },
    sites,
  }
}

function browserAt(...fixes: Fix[]): Evidence {
  return { source: 'browser', fixes }
}

function at(change: Partial<Fix>): Decision {
  return decide({
    document: documentOf([hall]),
    evidence: browserAt({ ...fix, ...change }),
    now: NOW,
  })
}

/** The confidence, found by trying policies, since only a yes tells it. */
function confidenceAt(of: Fix, document = documentOf([hall])): number {
  for (let minConfidencePermille = 999; minConfidencePermille > 0; minConfidencePermille--) {
    const policy = { ...document.policy, minConfidencePermille }
    const decision = decide({
      document: { ...document, policy },
      evidence: browserAt(of),
      now: NOW,
    })
    if (decision.verdict === 'inside') return decision.confidencePermille
  }
  return 0
}

/** What somebody hears whose fix is off by a Gaussian with a 95 % radius of 20 m. */
function verdictFor({
  metresInside,
  random,
}: {
  metresInside: number
  random: () => number
}): Decision['verdict'] {
  const radius = (20 / 2.4477) * Math.sqrt(-2 * Math.log(1 - random()))
  const angle = 2 * Math.PI * random()
  const north = 60 - metresInside + radius * Math.sin(angle)
  return at({
    latitudeE7: Math.round(north * METRE),
    longitudeE7: east + Math.round(radius * Math.cos(angle) * METRE),
  }).verdict
}
