import type { Site, Vertex } from './geofence.ts'

/** The least box around a site, in degrees × 10⁷. */
export type Box = { west: number; east: number; south: number; north: number }

/** Points in degrees × 10⁷, from south to north. */
export type Points = { longitudes: Float64Array; latitudes: Float64Array }

/**
 * A site cut into slabs at the latitudes of its vertices. Within a slab no edge begins, ends or crosses another, so that
 * they lie in one order from west to east and a point finds its place among them by halving. Holes are edges like all
 * others: inside is what has an odd number of edges to its west.
 */
type Fence = {
  /** The southern ends of the edges, and how far each goes east and north. */
  lowX: Float64Array
  lowY: Float64Array
  eastward: Float64Array
  northward: Float64Array
  latitudes: Float64Array
  /** The numbers of the edges in slab _i_, from west to east, are `order` from `starts[i]` up to `starts[i + 1]`. */
  order: Uint16Array
  starts: Uint32Array
  /** The stretches that lie along a latitude. */
  level: Map<number, { west: number; east: number }[]>
  /** Whether all products of its differences are exact. */
  isNarrow: boolean
}

type Edges = Pick<Fence, 'lowX' | 'lowY' | 'eastward' | 'northward' | 'isNarrow'>

// Bounded, or whoever registers the worst fences could fill the memory: entries of two bytes, the worst site has 125,000.
const MOST_ENTRIES = 16_000_000

const boxes = new WeakMap<Site, Box>()
const fences = new Map<Site, Fence>()
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
  let fence: Fence | undefined
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
function isInside(fence: Fence, slab: number, x: number, y: number): boolean {
  const start = fence.starts[slab] ?? 0
  const place = placeIn(fence, slab, x, y)
  if ((place - start) % 2 === 1 || isOnEdge(fence, slab, place, x, y)) return true
  if (fence.latitudes[slab] !== y) return false
  // At the latitude of a vertex, what ends there from below and what lies along it counts too.
  if (slab > 0 && isOnEdge(fence, slab - 1, placeIn(fence, slab - 1, x, y), x, y)) return true
  return (fence.level.get(y) ?? []).some(({ west, east }) => x >= west && x <= east)
}

/** Where in the order the first edge of a slab stands that does not lie west of a point in the slab or on its rim. */
function placeIn(fence: Fence, slab: number, x: number, y: number): number {
  let from = fence.starts[slab] ?? 0
  let to = fence.starts[slab + 1] ?? from
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sideOf(fence, fence.order[middle] ?? 0, x, y) < 0) from = middle + 1
    else to = middle
  }
  return from
}

function isOnEdge(fence: Fence, slab: number, place: number, x: number, y: number): boolean {
  return place < (fence.starts[slab + 1] ?? 0) && sideOf(fence, fence.order[place] ?? 0, x, y) === 0
}

/** Below zero where the point lies east of the edge, above where it lies west, zero on its line; exact. */
function sideOf(edges: Edges, edge: number, x: number, y: number): number {
  const eastward = edges.eastward[edge] ?? 0
  const northward = edges.northward[edge] ?? 0
  const fromLowX = x - (edges.lowX[edge] ?? 0)
  const fromLowY = y - (edges.lowY[edge] ?? 0)
  if (edges.isNarrow) return eastward * fromLowY - fromLowX * northward
  const exact = BigInt(eastward) * BigInt(fromLowY) - BigInt(fromLowX) * BigInt(northward)
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

function fenceOf(site: Site): Fence {
  const known = fences.get(site)
  if (known) return known
  const fence = fenceFrom(site)
  fences.set(site, fence)
  entries += fence.order.length
  for (const [oldest, { order }] of fences) {
    if (entries <= MOST_ENTRIES || oldest === site) break
    fences.delete(oldest)
    entries -= order.length
  }
  return fence
}

function fenceFrom(site: Site): Fence {
  const edges = edgesOf(site)
  const { lowX, lowY, eastward, northward } = edges
  const ends = Array.from(lowY, (low, edge) => [low, low + (northward[edge] ?? 0)])
  const latitudes = Float64Array.from(new Set(ends.flat())).sort()

  const rising = new Map<number, number[]>()
  const level: Fence['level'] = new Map()
  for (const [edge, low] of lowY.entries()) {
    if (northward[edge] !== 0) rising.set(low, [...(rising.get(low) ?? []), edge])
    else {
      const [one, other] = [lowX[edge] ?? 0, (lowX[edge] ?? 0) + (eastward[edge] ?? 0)]
      const stretch = { west: Math.min(one, other), east: Math.max(one, other) }
      level.set(low, [...(level.get(low) ?? []), stretch])
    }
  }

  const order: number[] = []
  const starts = [0]
  let current: number[] = []
  for (const [slab, south] of latitudes.entries()) {
    const north = latitudes[slab + 1]
    if (north === undefined) break
    current = current.filter((edge) => (lowY[edge] ?? 0) + (northward[edge] ?? 0) > south)
    for (const edge of rising.get(south) ?? []) {
      current.splice(rankOf({ edge, among: current, edges, twiceY: south + north }), 0, edge)
    }
    for (const edge of current) order.push(edge)
    starts.push(order.length)
  }
  return {
    ...edges,
    latitudes,
    order: Uint16Array.from(order),
    starts: Uint32Array.from(starts),
    level,
  }
}

/** The edges of all rings, each from its southern end. */
function edgesOf(site: Site): Edges {
  const pairs = site.rings.flatMap((ring) =>
    ring.map((from, index): [Vertex, Vertex] => {
      const to = ring[(index + 1) % ring.length] ?? from
      return from.latitudeE7 <= to.latitudeE7 ? [from, to] : [to, from]
    }),
  )
  const { west, east, south, north } = boxOf(site)
  return {
    lowX: Float64Array.from(pairs, ([low]) => low.longitudeE7),
    lowY: Float64Array.from(pairs, ([low]) => low.latitudeE7),
    eastward: Float64Array.from(pairs, ([low, high]) => high.longitudeE7 - low.longitudeE7),
    northward: Float64Array.from(pairs, ([low, high]) => high.latitudeE7 - low.latitudeE7),
    isNarrow: Number.isSafeInteger((east - west) * (north - south)),
  }
}

/** Where an edge belongs among those of a slab whose middle lies at half of `twiceY`. */
function rankOf({
  edge,
  among,
  edges,
  twiceY,
}: {
  edge: number
  among: readonly number[]
  edges: Edges
  twiceY: number
}): number {
  let from = 0
  let to = among.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (isEastOf({ one: edge, other: among[middle] ?? 0, edges, twiceY })) from = middle + 1
    else to = middle
  }
  return from
}

function isEastOf({
  one,
  other,
  edges,
  twiceY,
}: {
  one: number
  other: number
  edges: Edges
  twiceY: number
}): boolean {
  const apart =
    longitudeAt({ edge: one, edges, twiceY }) - longitudeAt({ edge: other, edges, twiceY })
  if (Math.abs(apart) > 1) return apart > 0
  // Two that begin in one vertex may differ by less than a double can tell.
  const [a, b] = [
    fractionAt({ edge: one, edges, twiceY }),
    fractionAt({ edge: other, edges, twiceY }),
  ]
  return a.over * b.height > b.over * a.height
}

function longitudeAt({ edge, edges, twiceY }: { edge: number; edges: Edges; twiceY: number }) {
  const { lowX, lowY, eastward, northward } = edges
  const up = twiceY / 2 - (lowY[edge] ?? 0)
  return (lowX[edge] ?? 0) + (up * (eastward[edge] ?? 0)) / (northward[edge] ?? 1)
}

/** Twice that longitude as a fraction of whole numbers, `over / height`. */
function fractionAt({ edge, edges, twiceY }: { edge: number; edges: Edges; twiceY: number }) {
  const [x, y] = [edges.lowX[edge] ?? 0, edges.lowY[edge] ?? 0]
  const [east, height] = [edges.eastward[edge] ?? 0, BigInt(edges.northward[edge] ?? 1)]
  return { over: 2n * BigInt(x) * height + BigInt(twiceY - 2 * y) * BigInt(east), height }
}
