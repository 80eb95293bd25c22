import { cosineOf, MILLIMETRES_PER_E7 } from './earth.ts'
import type { Fix } from './evidence.ts'
import { boxOf, countInside, type Points } from './fence.ts'
import type { Site } from './geofence.ts'

const FULL_TURN_E7 = 3_600_000_000
const POLAR_E7 = 860_000_000 // no fence reaches beyond 85 degrees, no accuracy that counts is wider than one
const RADII_PER_95_PERCENT = 2.4477 // r95 of a two-dimensional Gaussian, in standard deviations
const REACH = 4 // standard deviations; the farthest sample lies at 3.53

/** The 250 equally probable points of a Gaussian with deviation 1, in the order of the sunflower that makes them. */
export const SAMPLES = samplesOfUnitGaussian(250)

const FROM_THE_SOUTH = SAMPLES.toSorted((a, b) => a.north - b.north)

/** How probable it is, in thousandths, that the true point lies inside a site; 0 where that is not more than `least`. */
export type Gauge = (site: Site, least?: number) => number

/** A gauge for the sites around a fix. */
export function gaugeAt(fix: Fix): Gauge {
  const { longitudeE7, latitudeE7, accuracyMillimetres } = fix
  const north = accuracyMillimetres / RADII_PER_95_PERCENT / MILLIMETRES_PER_E7
  const east = north / cosineOf(latitudeE7)
  let points: Points | undefined

  return (site, least = 0) => {
    const box = boxOf(site)
    if (
      Math.abs(latitudeE7) > POLAR_E7 ||
      latitudeE7 + REACH * north < box.south ||
      latitudeE7 - REACH * north > box.north
    ) {
      return 0
    }
    // The fix on the site's side of the antimeridian, where longitudes simply run on.
    const turns = Math.round((box.west + box.east - 2 * longitudeE7) / 2 / FULL_TURN_E7)
    const eastward = turns * FULL_TURN_E7
    if (
      longitudeE7 + eastward + REACH * east < box.west ||
      longitudeE7 + eastward - REACH * east > box.east
    ) {
      return 0
    }
    points ??= pointsAround({ fix, north, east })
    const inside = countInside({ site, points, eastward, least: (least * SAMPLES.length) / 1000 })
    return Math.floor((inside * 1000) / SAMPLES.length)
  }
}

/** Whether a point lies inside a site or on its edge. */
export function isInside({ site, fix }: { site: Site; fix: Fix }): boolean {
  const longitudes = Float64Array.of(fix.longitudeE7)
  const latitudes = Float64Array.of(fix.latitudeE7)
  return countInside({ site, points: { longitudes, latitudes } }) === 1
}

/** Where the samples lie, in whole units. */
function pointsAround({ fix, north, east }: { fix: Fix; north: number; east: number }): Points {
  return {
    longitudes: Float64Array.from(
      FROM_THE_SOUTH,
      (sample) => fix.longitudeE7 + Math.round(sample.east * east),
    ),
    latitudes: Float64Array.from(
      FROM_THE_SOUTH,
      (sample) => fix.latitudeE7 + Math.round(sample.north * north),
    ),
  }
}

/** A sunflower whose rings hold equal shares. */
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
