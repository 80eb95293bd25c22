import type { Fix, Sighting } from './evidence.ts'
import type { Vertex } from './geofence.ts'

// Engines' own trigonometry differs in the last bit, and a decision must come out the same everywhere. So this file adds,
// multiplies, divides and takes roots, which IEEE 754 fixes to the bit.

const RADIUS_MILLIMETRES = 6_371_008_800
const RADIANS_PER_E7 = 3.141592653589793 / 1_800_000_000
const CELL_E7 = 1_000_000
const HALF_TURN_E7 = 1_800_000_000
const TERMS = 16

/** Millimetres along a meridian for a ten-millionth of a degree. */
export const MILLIMETRES_PER_E7 = RADIUS_MILLIMETRES * RADIANS_PER_E7

/** The cosine of an angle in degrees × 10⁷, of half a turn at most: its series to the sixteenth term, from the last one up. */
export function cosineOf(angleE7: number): number {
  const radians = angleE7 * RADIANS_PER_E7
  const square = radians * radians
  let sum = 1
  for (let term = TERMS; term >= 1; term--) {
    sum = 1 - (sum * square) / ((2 * term - 1) * (2 * term))
  }
  return sum
}

/** Millimetres, in a straight line, that lie at least between a fix and the cell of an earlier sighting. */
export function leastDistanceToCell(fix: Fix, { longitudeCell, latitudeCell }: Sighting): number {
  const south = latitudeCell * CELL_E7
  const west = longitudeCell * CELL_E7
  const northward = gap({ at: fix.latitudeE7, from: south, to: south + CELL_E7 })
  const eastward = Math.min(
    ...[-2 * HALF_TURN_E7, 0, 2 * HALF_TURN_E7].map((turn) =>
      gap({ at: fix.longitudeE7 + turn, from: west, to: west + CELL_E7 }),
    ),
  )
  // A degree of longitude is shortest where the cell is nearest its pole.
  const narrowest = Math.max(Math.abs(south), Math.abs(south + CELL_E7))
  return chord({ northward, eastward, latitudes: [fix.latitudeE7, narrowest] })
}

/** Millimetres in a straight line between two positions. */
export function distanceBetween(one: Vertex, other: Vertex): number {
  const apart = Math.abs(one.longitudeE7 - other.longitudeE7)
  return chord({
    northward: Math.abs(one.latitudeE7 - other.latitudeE7),
    eastward: Math.min(apart, 2 * HALF_TURN_E7 - apart),
    latitudes: [one.latitudeE7, other.latitudeE7],
  })
}

function chord({
  northward,
  eastward,
  latitudes: [one, other],
}: {
  northward: number
  eastward: number
  latitudes: [number, number]
}): number {
  const parallels = Math.max(cosineOf(one), 0) * Math.max(cosineOf(other), 0)
  const square = 1 - cosineOf(northward) + parallels * (1 - cosineOf(eastward))
  return RADIUS_MILLIMETRES * Math.sqrt(2 * Math.max(square, 0))
}

function gap({ at, from, to }: { at: number; from: number; to: number }): number {
  return Math.max(from - at, at - to, 0)
}
