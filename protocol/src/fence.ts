import type { Site } from './geofence.ts'
import { LINE, type Slabs, slabsOf } from './slabs.ts'

/** The least box around a site, in degrees × 10⁷. */
export type Box = { west: number; east: number; south: number; north: number }

/** Points in degrees × 10⁷, from south to north. */
export type Points = { longitudes: Float64Array; latitudes: Float64Array }

// Bounded, or whoever registers the worst fences could fill the memory: entries of two bytes, the worst site has 125,000.
const MOST_ENTRIES = 16_000_000
// Units by which an edge's longitude as doubles give it may be wrong, with much to spare; within it, whole numbers decide.
const BLUR = 0.01

const boxes = new WeakMap<Site, Box>()
const fences = new Map<Site, Slabs>()
let entries = 0

/** The box of a site's shell, found once. */
export function boxOf(site: Site): Box {
  const known = boxes.get(site)
  if (known) return known
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity }
  for (const { longitudeE7, latitudeE7 } of site.rings[0] ?? []) {
    box.west = Math.min(box.west, longitudeE7)
    box.east = Math.max(box.east, longitudeE7)
    box.south = Math.min(box.south, latitudeE7)
    box.north = Math.max(box.north, latitudeE7)
  }
  boxes.set(site, box)
  return box
}

/** Cuts a site, so that whoever asks first of it does not wait for that. */
export function cut(site: Site): void {
  fenceOf(site)
}

/**
 * How many of these points, moved so far east, lie inside a site or on an edge of it; 0 where that is not more than `least`.
 * Exact, and quick from the second time on.
 */
export function countInside({
  site,
  points: { longitudes, latitudes },
  eastward = 0,
  least = 0,
}: {
  site: Site
  points: Points
  eastward?: number
  least?: number
}): number {
  const { west, east, south, north } = boxOf(site)
  let fence: Slabs | undefined
  let slab = 0
  let inside = 0
  let left = latitudes.length // that may still be inside
  for (let index = 0; index < latitudes.length; index++, left--) {
    if (inside + left <= least) return 0
    const x = (longitudes[index] ?? NaN) + eastward
    const y = latitudes[index] ?? NaN
    if (!(x >= west && x <= east && y >= south && y <= north)) continue
    fence ??= fenceOf(site)
    while ((fence.latitudes[slab + 1] ?? Infinity) <= y) slab++
    if (isInside(fence, slab, x, y)) inside++
  }
  return inside
}

// Names for the arguments would cost more than the arithmetic below: this is done 250 times for each site.
function isInside(fence: Slabs, slab: number, x: number, y: number): boolean {
  const west = edgesWestOf(fence, slab, x, y)
  if (west < 0 || west % 2 === 1) return true
  if (fence.latitudes[slab] !== y) return false
  // At the latitude of a vertex, what ends there from below and what lies along it counts too.
  if (slab > 0 && edgesWestOf(fence, slab - 1, x, y) < 0) return true
  return (fence.level.get(y) ?? []).some(({ west, east }) => x >= west && x <= east)
}

/** How many edges of a slab lie west of a point in the slab or on its rim; -1 where it lies on one. */
function edgesWestOf(fence: Slabs, slab: number, x: number, y: number): number {
  const { order, starts, lines } = fence
  const start = starts[slab] ?? 0
  let from = start
  let to = starts[slab + 1] ?? start
  let place = from
  // Most edges are about evenly spread: from where the point would be if all were, in ever larger steps, and then by halves.
  if (to - from > 2) {
    const first = longitudeAt(lines, order[from] ?? 0, y)
    const last = longitudeAt(lines, order[to - 1] ?? 0, y)
    const share = last > first ? (x - first) / (last - first) : 0
    place = from + Math.floor(Math.min(Math.max(share, 0), 1) * (to - from - 1))
  }
  let step = 1
  let isGoingEast: boolean | undefined
  while (from < to) {
    const line = order[place] ?? 0
    const apart = x - longitudeAt(lines, line, y)
    const side = apart > BLUR || apart < -BLUR ? apart : sideOf(fence, line, x, y)
    if (side === 0) return -1
    const isWest = side > 0
    if (isWest) from = place + 1
    else to = place
    isGoingEast ??= isWest
    if (step > 0 && isWest === isGoingEast) {
      place = isWest ? Math.min(from + step, to) - 1 : Math.max(to - step, from)
      step *= 2
    } else {
      step = 0
      place = (from + to) >>> 1
    }
  }
  return from - start
}

function longitudeAt(lines: Float64Array, line: number, y: number): number {
  return (lines[line] ?? 0) + (y - (lines[line + 1] ?? 0)) * (lines[line + 2] ?? 0)
}

/** Above zero where the point lies east of the edge, below where it lies west, zero on its line; exact. */
function sideOf(fence: Slabs, line: number, x: number, y: number): number {
  const { lines, eastward, northward, isNarrow } = fence
  const east = eastward[line / LINE] ?? 0
  const north = northward[line / LINE] ?? 0
  const fromLowX = x - (lines[line] ?? 0)
  const fromLowY = y - (lines[line + 1] ?? 0)
  if (isNarrow) return fromLowX * north - east * fromLowY
  const exact = BigInt(fromLowX) * BigInt(north) - BigInt(east) * BigInt(fromLowY)
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

function fenceOf(site: Site): Slabs {
  const known = fences.get(site)
  if (known) return known
  const fence = slabsOf(site)
  fences.set(site, fence)
  entries += fence.order.length
  for (const [oldest, { order }] of fences) {
    if (entries <= MOST_ENTRIES || oldest === site) break
    fences.delete(oldest)
    entries -= order.length
  }
  return fence
}
