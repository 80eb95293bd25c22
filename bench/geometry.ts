// `npm run bench:geometry`: how long it takes to decide about a position. One position against a thousand fences of a hundred
// vertices, and against the worst document that may be registered; beside it turf, called as one would call it first.
// `-- --json` prints the record.
import { parseArgs } from 'node:util'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { gaugeAt, SAMPLES } from '@coupon-secure/protocol/confidence'
import { decide } from '@coupon-secure/protocol/decide'
import type { Fix } from '@coupon-secure/protocol/evidence'
import { boxOf } from '@coupon-secure/protocol/fence'
import {
  fromE7,
  type GeofenceDocument,
  type Site,
  siteToGeoJson,
} from '@coupon-secure/protocol/geofence'
import { generator } from '@coupon-secure/protocol/random.fixture'
import { CENTRE, town, worstDocument } from './geometry-fences.ts'

const NOW = 2_000_000_000_000
const FENCES = 1_000
const VERTICES = 100
const METRE_E7 = 90
const WARM_UP = 100

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1000' },
  },
})
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number.')

const random = generator(1)
const fences = town({ fences: FENCES, vertices: VERTICES, random })
const sites = fences.flatMap((document) => document.sites)
const worst = worstDocument()
const first = timeOf(() => decided(fixNear({ metres: 50 })))

// A fence is cut into slabs when a position first comes near it; that is told apart.
const cutting = timeOf(() => {
  for (const site of sites) gaugeAt(middleOf(site))(site)
})

const townFixes = Array.from({ length: rounds }, () => fixNear({ metres: 5_000 }))
const worstFixes = Array.from({ length: rounds }, () => fixNear({ metres: 50 }))
const us = timesOf({ fixes: townFixes, work: (fix) => confidencesIn(fix) })
const atWorst = timesOf({ fixes: worstFixes, work: (fix) => decided(fix) })
const turfPoint = timesOf({
  fixes: townFixes.slice(0, 200),
  work: (fix) => byTurf({ documents: fences, points: [pointOf(fix)] }),
})
const turfSamples = timesOf({
  fixes: townFixes.slice(0, 3),
  work: (fix) => byTurf({ documents: fences, points: samplesOf(fix) }),
})
const turfWorst = timesOf({
  fixes: worstFixes.slice(0, 3),
  work: (fix) => byTurf({ documents: [worst], points: samplesOf(fix) }),
})

const record = {
  fences: FENCES,
  vertices: VERTICES,
  rounds,
  p50Ms: at(us, 0.5),
  p99Ms: at(us, 0.99),
  worstFenceP50Ms: at(atWorst, 0.5),
  worstFenceP99Ms: at(atWorst, 0.99),
  firstMsForAll: cutting,
  worstFenceFirstMs: first,
  turf: {
    onePointP50Ms: at(turfPoint, 0.5),
    onePointP99Ms: at(turfPoint, 0.99),
    samplesP50Ms: at(turfSamples, 0.5),
    worstFenceSamplesP50Ms: at(turfWorst, 0.5),
  },
}

if (values.json) console.log(JSON.stringify(record, null, 2))
else {
  console.log(`milliseconds for one position; ${FENCES} fences of ${VERTICES} vertices`)
  console.table({
    'ours, all fences': { p50: record.p50Ms, p99: record.p99Ms },
    'ours, the worst document': { p50: record.worstFenceP50Ms, p99: record.worstFenceP99Ms },
    'turf, all fences, one point and no confidence': {
      p50: record.turf.onePointP50Ms,
      p99: record.turf.onePointP99Ms,
    },
    'turf, all fences, as sure as ours': { p50: record.turf.samplesP50Ms },
    'turf, the worst document, as sure as ours': { p50: record.turf.worstFenceSamplesP50Ms },
  })
  console.log(
    `Cut into slabs, once: all fences in ${cutting} ms, the worst document in ${first} ms.`,
  )
}

/** In how many of all fences the position may be, with the confidence of each. */
function confidencesIn(fix: Fix): number {
  const gauge = gaugeAt(fix)
  return sites.map((site) => gauge(site)).filter((permille) => permille > 0).length
}

function decided(fix: Fix): number {
  const evidence = { source: 'browser' as const, fixes: [fix] }
  return decide({ document: worst, evidence, now: NOW }).verdict === 'inside' ? 1 : 0
}

/** Polygons made for every question, as one has them from a database of GeoJSON. */
function byTurf({
  documents,
  points,
}: {
  documents: GeofenceDocument[]
  points: [number, number][]
}): number {
  return documents
    .flatMap(({ sites }) => sites)
    .filter((site) => {
      const polygon = siteToGeoJson(site)
      return points.filter((point) => booleanPointInPolygon(point, polygon)).length > 0
    }).length
}

function fixNear({ metres }: { metres: number }): Fix {
  const offset = () => Math.round((random() - 0.5) * 2 * metres * METRE_E7)
  return {
    longitudeE7: CENTRE.longitudeE7 + offset(),
    latitudeE7: CENTRE.latitudeE7 + offset(),
    accuracyMillimetres: 100_000,
    takenAt: NOW,
  }
}

function middleOf(site: Site): Fix {
  const { west, east, south, north } = boxOf(site)
  const middle = {
    longitudeE7: Math.round((west + east) / 2),
    latitudeE7: Math.round((south + north) / 2),
  }
  return { ...middle, accuracyMillimetres: 10_000, takenAt: NOW }
}

function pointOf({ longitudeE7, latitudeE7 }: Fix): [number, number] {
  return [fromE7(longitudeE7), fromE7(latitudeE7)]
}

function samplesOf(fix: Fix): [number, number][] {
  const deviation = (fix.accuracyMillimetres / 1_000 / 2.4477) * METRE_E7
  return SAMPLES.map(({ east, north }) =>
    pointOf({
      ...fix,
      longitudeE7: fix.longitudeE7 + east * deviation,
      latitudeE7: fix.latitudeE7 + north * deviation,
    }),
  )
}

function timesOf({ fixes, work }: { fixes: Fix[]; work: (fix: Fix) => number }): number[] {
  for (const fix of fixes.slice(0, WARM_UP)) work(fix)
  return fixes.map((fix) => timeOf(() => work(fix))).sort((a, b) => a - b)
}

function timeOf(work: () => unknown): number {
  const startedAt = performance.now()
  work()
  return Math.round((performance.now() - startedAt) * 1_000) / 1_000
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN
}
