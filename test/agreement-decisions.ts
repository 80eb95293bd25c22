// What protocol/vectors/decision.json holds: evidence of every kind, and what is decided by it.
import { decide } from '@coupon-secure/protocol/decide'
import { type Evidence, type Fix, sightingOf } from '@coupon-secure/protocol/evidence'
import { type DocumentName, documents } from './agreement-vectors.ts'
import { fix as seen, hex, OPENS_AT } from './agreement-voices.ts'

const METRE_E7 = 90 // of latitude, about

export function decisionVectors() {
  const known = documents()
  const now = OPENS_AT * 1000
  const fix = { ...seen, longitudeE7: 759_235_600, latitudeE7: 269_359_000, takenAt: now }
  const cases: { name: string; document: DocumentName; fix: Fix }[] = [
    { name: 'in the middle', document: 'venue', fix },
    { name: 'not sure', document: 'venue', fix: { ...fix, accuracyMillimetres: 100_000 } },
    {
      name: 'a street away',
      document: 'venue',
      fix: { ...fix, latitudeE7: fix.latitudeE7 - 200 * METRE_E7 },
    },
    { name: 'just old enough', document: 'venue', fix: { ...fix, takenAt: now - 60_000 } },
    { name: 'too old', document: 'venue', fix: { ...fix, takenAt: now - 60_001 } },
    { name: 'slightly ahead', document: 'venue', fix: { ...fix, takenAt: now + 5_000 } },
    { name: 'ahead', document: 'venue', fix: { ...fix, takenAt: now + 5_001 } },
    { name: 'coarse', document: 'venue', fix: { ...fix, accuracyMillimetres: 100_001 } },
    { name: 'no beacon', document: 'guarded', fix },
    {
      name: 'null island',
      document: 'venue',
      fix: { ...fix, longitudeE7: 0, latitudeE7: 0 },
    },
    {
      name: 'null island, where the fence is',
      document: 'atSea',
      fix: { ...fix, longitudeE7: 0, latitudeE7: 0 },
    },
    ...Array.from({ length: 12 }, (_, step) => ({
      name: `${step * 3} m north of the south edge`,
      document: 'venue' as const,
      fix: { ...fix, latitudeE7: 269_356_500 + step * 3 * METRE_E7 },
    })),
  ]
  const judged: { name: string; document: DocumentName; evidence: Evidence }[] = [
    ...cases.map(({ name, document, fix: only }) => ({
      name,
      document,
      evidence: { source: 'browser' as const, fixes: [only] },
    })),
    ...evidenceCases({ fix, now }),
  ]
  return judged.map(({ name, document, evidence }) => ({
    name,
    document,
    evidence,
    now,
    decision: decide({ document: known[document], evidence, now }),
  }))
}

/** Everything besides the last fix that can decide. */
function evidenceCases({ fix, now }: { fix: Fix; now: number }) {
  const browser: Evidence = { source: 'browser', fixes: [fix] }
  const turn = Math.floor(now / 15_000) * 15
  const signature = hex(`0x${'c5'.repeat(64)}`)
  const beacon = { site: 1, shownAt: turn, signature, isFromCounter: true }
  const satellite = { ...fix, altitudeMillimetres: 431_250 }
  const watch = (changes: Partial<Fix>[]) =>
    changes.map((change, index) => ({
      ...satellite,
      takenAt: now - 1_000 * (changes.length - 1 - index),
      ...change,
    }))
  const there = sightingOf({ ...fix, takenAt: now - 60_000 })
  const cases: [string, DocumentName, Evidence][] = [
    ['no fix', 'venue', { source: 'browser', fixes: [] }],
    ['another source', 'venue', { source: 'hypertrack', fixes: [fix], condition: 'ACTIVE' }],
    ['a device', 'managed', { source: 'hypertrack', fixes: [fix], condition: 'ACTIVE' }],
    ['a device that says nothing', 'managed', { source: 'hypertrack', fixes: [fix] }],
    [
      'a device that pretends',
      'managed',
      { source: 'hypertrack', fixes: [fix], condition: 'DEVICE_LOCATION_MOCKED' },
    ],
    ['a beacon', 'guarded', { ...browser, beacon }],
    ['the beacon before', 'guarded', { ...browser, beacon: { ...beacon, shownAt: turn - 15 } }],
    ['an old beacon', 'guarded', { ...browser, beacon: { ...beacon, shownAt: turn - 30 } }],
    ['an early beacon', 'guarded', { ...browser, beacon: { ...beacon, shownAt: turn + 15 } }],
    ['a false beacon', 'guarded', { ...browser, beacon: { ...beacon, isFromCounter: false } }],
    ['a beacon from elsewhere', 'guarded', { ...browser, beacon: { ...beacon, site: 2 } }],
    [
      'a watch',
      'venue',
      { ...browser, fixes: watch([{ latitudeE7: fix.latitudeE7 + 1 }, {}, {}]) },
    ],
    ['a frozen watch', 'venue', { ...browser, fixes: watch([{}, {}, {}]) }],
    ['a watch out of order', 'venue', { ...browser, fixes: watch([{ takenAt: now }, {}]) }],
    [
      'a jump of 400 m in a second',
      'venue',
      { ...browser, fixes: watch([{ latitudeE7: fix.latitudeE7 + 400 * METRE_E7 }, {}]) },
    ],
    [
      'a blank',
      'venue',
      {
        ...browser,
        fixes: watch([
          { altitudeMillimetres: 0, headingCentidegrees: 0, speedMillimetresPerSecond: 0 },
        ]),
      },
    ],
    ['seen here before', 'venue', { ...browser, earlier: there }],
    ['seen at this very moment', 'venue', { ...browser, earlier: { ...there, takenAt: now } }],
    [
      'seen two cells away, 60 s before',
      'venue',
      { ...browser, earlier: { ...there, latitudeCell: there.latitudeCell - 2 } },
    ],
    [
      'seen three cells away, 60 s before',
      'venue',
      { ...browser, earlier: { ...there, latitudeCell: there.latitudeCell - 3 } },
    ],
  ]
  return cases.map(([name, document, evidence]) => ({ name, document, evidence }))
}
