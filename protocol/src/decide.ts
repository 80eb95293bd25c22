import { freshnessOf, TURN_SECONDS } from './beacon.ts'
import { type Gauge, gaugeAt, isInside } from './confidence.ts'
import type { DeviceCode } from './device.ts'
import type { Evidence } from './evidence.ts'
import { giveawayOf } from './giveaway.ts'
import type { GeofenceDocument, Site } from './geofence.ts'
import type { RefusalCode } from './wire.ts'

export { RULESET } from './evidence.ts'

/** Why a position is not a yes. */
export type Reason =
  | DeviceCode
  | Extract<
      RefusalCode,
      | 'ACCURACY_POOR'
      | 'BEACON_ELSEWHERE'
      | 'BEACON_FROM_FUTURE'
      | 'BEACON_MISSING'
      | 'BEACON_STALE'
      | 'BEACON_UNTRUSTED'
      | 'FIX_FROM_FUTURE'
      | 'FIX_MISSING'
      | 'FIX_STALE'
      | 'FROZEN'
      | 'LOCATION_IMPLAUSIBLE'
      | 'MOCKED'
      | 'OUTSIDE_GEOFENCE'
      | 'REPLAYED'
      | 'SOURCE_NOT_ACCEPTED'
      | 'TOO_CLOSE_TO_EDGE'
      | 'TRAVEL_IMPOSSIBLE'
    >

/** Is this position inside this fence? Only `inside` is a yes. */
export type Decision =
  | { verdict: 'inside'; site: number; confidencePermille: number }
  | { verdict: 'outside'; reason: Extract<Reason, 'OUTSIDE_GEOFENCE'> }
  | { verdict: 'unsure'; reason: Extract<Reason, 'TOO_CLOSE_TO_EDGE'> }
  | { verdict: 'refused'; reason: Exclude<Reason, 'OUTSIDE_GEOFENCE' | 'TOO_CLOSE_TO_EDGE'> }

type Refusal = Extract<Decision, { verdict: 'refused' }>['reason']

const LATEST_AHEAD_MILLISECONDS = 5_000

/**
 * Decides by ruleset coupon-secure/2 (docs/protocol.md#decision): may the evidence count at all, and if so, how probable
 * is it that its last fix was taken inside a site? `now` is in unix milliseconds; the document must have passed `checkGeofence`.
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
  const refusal =
    sourceRefusal({ document, evidence }) ??
    beaconRefusal({ document, evidence, now }) ??
    fixRefusal({ document, evidence, now }) ??
    giveawayOf({ evidence, maxAccuracyMillimetres: document.policy.maxAccuracyMetres * 1000 })
  const fix = evidence.fixes.at(-1)
  if (refusal !== undefined || fix === undefined) return no(refusal ?? 'FIX_MISSING')

  const { policy, sites } = document
  const gauge = gaugeAt(fix)
  const { minConfidencePermille } = policy
  const best = bestOf({ sites, gauge, minConfidencePermille })
  // A beacon says at which site the holder stands; there the position must agree.
  const site = policy.isBeaconRequired
    ? sites.find(({ number }) => number === evidence.beacon?.site)
    : undefined
  const seen = site ? { site: site.number, confidencePermille: gauge(site) } : best
  const { confidencePermille } = seen

  if (confidencePermille >= minConfidencePermille) return { verdict: 'inside', ...seen }
  if (best.confidencePermille >= minConfidencePermille) return no('BEACON_ELSEWHERE')
  if (confidencePermille * 2 < 1000 - minConfidencePermille) {
    return { verdict: 'outside', reason: 'OUTSIDE_GEOFENCE' }
  }
  return { verdict: 'unsure', reason: 'TOO_CLOSE_TO_EDGE' }
}

function no(reason: Refusal): Decision {
  return { verdict: 'refused', reason }
}

function sourceRefusal({
  document: { policy },
  evidence: { source, condition },
}: {
  document: GeofenceDocument
  evidence: Evidence
}): Refusal | undefined {
  if (!policy.sources.includes(source)) return 'SOURCE_NOT_ACCEPTED'
  if (source === 'hypertrack' && condition === undefined) return 'DEVICE_INCOMPLETE'
  return condition === undefined || condition === 'ACTIVE' ? undefined : condition
}

function beaconRefusal({
  document: { policy, sites },
  evidence: { beacon },
  now,
}: {
  document: GeofenceDocument
  evidence: Evidence
  now: number
}): Refusal | undefined {
  if (!policy.isBeaconRequired) return undefined
  if (beacon === undefined) return 'BEACON_MISSING'
  if (!beacon.isFromCounter || beacon.shownAt % TURN_SECONDS !== 0) return 'BEACON_UNTRUSTED'
  if (!sites.some(({ number }) => number === beacon.site)) return 'BEACON_ELSEWHERE'
  switch (freshnessOf({ shownAt: BigInt(beacon.shownAt), now })) {
    case 'fresh':
      return undefined
    case 'stale':
      return 'BEACON_STALE'
    case 'ahead':
      return 'BEACON_FROM_FUTURE'
  }
}

function fixRefusal({
  document: { policy, sites },
  evidence: { fixes },
  now,
}: {
  document: GeofenceDocument
  evidence: Evidence
  now: number
}): Refusal | undefined {
  const fix = fixes.at(-1)
  // Written so that NaN is a refusal: every comparison that passes is between integers.
  if (fix === undefined || !Number.isFinite(now)) return 'FIX_MISSING'
  const areWhole = fixes.every(
    ({ longitudeE7, latitudeE7, accuracyMillimetres, takenAt }) =>
      [longitudeE7, latitudeE7, accuracyMillimetres, takenAt].every(Number.isSafeInteger) &&
      accuracyMillimetres > 0,
  )
  if (!areWhole) return 'FIX_MISSING'
  if (fix.takenAt > now + LATEST_AHEAD_MILLISECONDS) return 'FIX_FROM_FUTURE'
  if (fix.takenAt < now - policy.maxFixAgeSeconds * 1000) return 'FIX_STALE'
  if (fix.accuracyMillimetres > policy.maxAccuracyMetres * 1000) return 'ACCURACY_POOR'
  // What broken receivers report when they know nothing.
  const isNullIsland = fix.longitudeE7 === 0 && fix.latitudeE7 === 0
  return isNullIsland && !sites.some((site) => isInside({ site, fix }))
    ? 'LOCATION_IMPLAUSIBLE'
    : undefined
}

/**
 * The site with the highest confidence, of equals the lowest number. Once one is more than outside, how unsure the others are
 * does not matter: they are looked at only as far as they may be a yes.
 */
function bestOf({
  sites,
  gauge,
  minConfidencePermille,
}: {
  sites: readonly Site[]
  gauge: Gauge
  minConfidencePermille: number
}) {
  let best = { site: 0, confidencePermille: 0 }
  for (const site of sites) {
    const isOutside = best.confidencePermille * 2 < 1000 - minConfidencePermille
    const least = isOutside ? 0 : minConfidencePermille - 1
    const confidencePermille = gauge(site, Math.max(best.confidencePermille, least))
    if (confidencePermille > best.confidencePermille) {
      best = { site: site.number, confidencePermille }
    }
  }
  return best
}
