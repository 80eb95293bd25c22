import { cosineOf, MILLIMETRES_PER_E7 } from './earth.ts'
import type { Fix } from './evidence.ts'
import { boxOf, countInside } from './fence.ts'
import type { Site } from './geofence.ts'

const FULL_TURN_E7 = 3_600_000_000
const POLAR_E7 = 860_000_000 // no fence reaches beyond 85 degrees, no accuracy that counts is wider than one
const RADII_PER_95_PERCENT = 2.4477 // r95 of a two-dimensional Gaussian, in standard deviations
const REACH = 4 // standard deviations; the farthest sample lies at 3.53

/** The 250 equally probable points of a Gaussian with deviation 1, in the order of the sunflower that makes them. */
export const SAMPLES = samplesOfUnitGaussian(250)

/** The probability, in thousandths, that the true point of a fix lies inside each of these sites. */
export function confidencesIn({ sites, fix }: { sites: readonly Site[]; fix: Fix }): number[] {
  if (Math.abs(fix.latitudeE7) > POLAR_E7) return sites.map(() => 0)
  const deviation = fix.accuracyMillimetres / RADII_PER_95_PERCENT
  const north = deviation / MILLIMETRES_PER_E7
  const east = north / cosineOf(fix.latitudeE7)
  let samples: ReturnType<typeof samplesAround> | undefined

  return sites.map((site) => {
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
    samples ??= samplesAround({ fix, north, east })
    const { eastward, latitudes } = samples
    const longitudes = eastward.map((offset) => longitudeE7 + offset)
    return Math.floor((countInside({ site, longitudes, latitudes }) * 1000) / SAMPLES.length)
  })
}

/** Whether a point lies inside a site or on its edge. */
export function isInside({ site, fix }: { site: Site; fix: Fix }): boolean {
  const longitudes = Float64Array.of(fix.longitudeE7)
  const latitudes = Float64Array.of(fix.latitudeE7)
  return countInside({ site, longitudes, latitudes }) === 1
}

/** Where the samples lie, in whole units: longitudes from that of the fix, and latitudes. */
function samplesAround({ fix, north, east }: { fix: Fix; north: number; east: number }) {
  return {
    eastward: Float64Array.from(SAMPLES, (sample) => Math.round(sample.east * east)),
    latitudes: Float64Array.from(
      SAMPLES,
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
