import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import type { Evidence, Fix } from './evidence.ts'
import type { GeofenceDocument, Site } from './geofence.ts'
import type { RefusalCode } from './wire.ts'

export { RULESET } from './evidence.ts'

/** Why a position is not a yes. */
export type Reason = Extract<
  RefusalCode,
  | 'ACCURACY_POOR'
  | 'BEACON_MISSING'
  | 'FIX_FROM_FUTURE'
  | 'FIX_MISSING'
  | 'FIX_STALE'
  | 'LOCATION_IMPLAUSIBLE'
  | 'OUTSIDE_GEOFENCE'
  | 'SOURCE_NOT_ACCEPTED'
  | 'TOO_CLOSE_TO_EDGE'
>

/** Is this position inside this fence? Only `inside` is a yes. */
export type Decision =
  | { verdict: 'inside'; site: number; confidencePermille: number }
  | { verdict: 'outside'; reason: Extract<Reason, 'OUTSIDE_GEOFENCE'> }
  | { verdict: 'unsure'; reason: Extract<Reason, 'TOO_CLOSE_TO_EDGE'> }
  | { verdict: 'refused'; reason: Exclude<Reason, 'OUTSIDE_GEOFENCE' | 'TOO_CLOSE_TO_EDGE'> }

type Point = { longitudeE7: number; latitudeE7: number }

const LATEST_AHEAD_MILLISECONDS = 5_000
const FULL_TURN_E7 = 3_600_000_000
const POLAR_E7 = 860_000_000 // no fence reaches beyond 85 degrees, no accuracy that counts is wider than one
const MILLIMETRES_PER_E7 = (6_371_008_800 * Math.PI) / 180 / 10_000_000 // along a meridian
const RADII_PER_95_PERCENT = 2.4477 // r95 of a two-dimensional Gaussian, in standard deviations
const SAMPLES = samplesOfUnitGaussian(250)
const REACH = 4 // standard deviations; the farthest sample lies at 3.53

/**
 * Decides by ruleset coupon-secure/2 (docs/protocol.md#decision): the share of a fixed set of equally probable true
 * points that lies inside a site. `now` is in unix milliseconds; the document must have passed `checkGeofence`.
 */
export function decide({
  document,
  evidence,
  now,
}: {
  document: GeofenceDocument
  evidence: Evidence
  now: number
}): Decision {
  const { policy, sites } = document
  const fix = evidence.fixes.at(-1)
  if (!policy.sources.includes(evidence.source)) return no('SOURCE_NOT_ACCEPTED')
  // Written so that NaN is a refusal: every comparison that passes is between integers.
  if (fix === undefined || !isWhole(fix) || !Number.isFinite(now)) return no('FIX_MISSING')
  if (policy.isBeaconRequired) return no('BEACON_MISSING') // no evidence of this ruleset carries a beacon
  if (fix.takenAt > now + LATEST_AHEAD_MILLISECONDS) return no('FIX_FROM_FUTURE')
  if (fix.takenAt < now - policy.maxFixAgeSeconds * 1000) return no('FIX_STALE')
  if (fix.accuracyMillimetres > policy.maxAccuracyMetres * 1000) return no('ACCURACY_POOR')
  if (isNullIsland(fix) && !sites.some((site) => isInside({ site, point: fix }))) {
    return no('LOCATION_IMPLAUSIBLE')
  }

  let best = { site: 0, confidencePermille: 0 }
  for (const site of sites) {
    const confidencePermille = confidenceIn({ site, fix })
    if (confidencePermille > best.confidencePermille) {
      best = { site: site.number, confidencePermille }
    }
  }

  if (best.confidencePermille >= policy.minConfidencePermille) return { verdict: 'inside', ...best }
  if (best.confidencePermille * 2 < 1000 - policy.minConfidencePermille) {
    return { verdict: 'outside', reason: 'OUTSIDE_GEOFENCE' }
  }
  return { verdict: 'unsure', reason: 'TOO_CLOSE_TO_EDGE' }
}

function no(reason: Extract<Decision, { verdict: 'refused' }>['reason']): Decision {
  return { verdict: 'refused', reason }
}

function isWhole({ longitudeE7, latitudeE7, accuracyMillimetres, takenAt }: Fix): boolean {
  return (
    [longitudeE7, latitudeE7, accuracyMillimetres, takenAt].every(Number.isSafeInteger) &&
    accuracyMillimetres > 0
  )
}

// What broken receivers report when they know nothing.
function isNullIsland({ longitudeE7, latitudeE7 }: Point): boolean {
  return longitudeE7 === 0 && latitudeE7 === 0
}

/** The probability, in thousandths, that the true point lies inside the site. */
function confidenceIn({ site, fix }: { site: Site; fix: Fix }): number {
  if (Math.abs(fix.latitudeE7) > POLAR_E7) return 0
  const deviation = fix.accuracyMillimetres / RADII_PER_95_PERCENT
  const north = deviation / MILLIMETRES_PER_E7
  const east = north / Math.cos((fix.latitudeE7 / 10_000_000 / 180) * Math.PI)

  const box = boxOf(site)
  // The fix on the site's side of the antimeridian, where longitudes simply run on.
  const turns = Math.round((box.west + box.east - 2 * fix.longitudeE7) / 2 / FULL_TURN_E7)
  const longitudeE7 = fix.longitudeE7 + turns * FULL_TURN_E7
  if (
    longitudeE7 + REACH * east < box.west ||
    longitudeE7 - REACH * east > box.east ||
    fix.latitudeE7 + REACH * north < box.south ||
    fix.latitudeE7 - REACH * north > box.north
  ) {
    return 0
  }

  const polygon = polygonOf(site)
  const inside = SAMPLES.filter((sample) =>
    // Rounded to whole units, so that no engine's cosine can change an answer.
    booleanPointInPolygon(
      [
        longitudeE7 + Math.round(sample.east * east),
        fix.latitudeE7 + Math.round(sample.north * north),
      ],
      polygon,
    ),
  )
  return Math.floor((inside.length * 1000) / SAMPLES.length)
}

function isInside({ site, point }: { site: Site; point: Point }): boolean {
  return booleanPointInPolygon([point.longitudeE7, point.latitudeE7], polygonOf(site))
}

// Rebuilt from our own integers, never from what somebody sent: turf believes a lying bbox, null and NaN. It works in
// the plane, so integers serve it as well as degrees, and exactly.
function polygonOf(site: Site) {
  return {
    type: 'Polygon' as const,
    coordinates: site.rings.map((ring) =>
      [...ring, ...ring.slice(0, 1)].map(({ longitudeE7, latitudeE7 }) => [
        longitudeE7,
        latitudeE7,
      ]),
    ),
  }
}

function boxOf({ rings: [shell = []] }: Site) {
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity }
  for (const { longitudeE7, latitudeE7 } of shell) {
    box.west = Math.min(box.west, longitudeE7)
    box.east = Math.max(box.east, longitudeE7)
    box.south = Math.min(box.south, latitudeE7)
    box.north = Math.max(box.north, latitudeE7)
  }
  return box
}

/** Equally probable points of a Gaussian with deviation 1: a sunflower whose rings hold equal shares. */
function samplesOfUnitGaussian(count: number): { east: number; north: number }[] {
  const goldenAngle = Math.PI * (3 - Math.sqrt(5))
  return Array.from({ length: count }, (_, index) => {
    const radius = Math.sqrt(-2 * Math.log(1 - (index + 0.5) / count))
    const angle = index * goldenAngle
    // Millionths, so that every engine has the same set.
    return {
      east: Math.round(radius * Math.cos(angle) * 1e6) / 1e6,
      north: Math.round(radius * Math.sin(angle) * 1e6) / 1e6,
    }
  })
}
