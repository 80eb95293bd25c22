import type { Site } from './geofence.ts'

/** The least box around a site, in degrees × 10⁷. */
export type Box = { west: number; east: number; south: number; north: number }

type Edge = { lowX: number; lowY: number; highX: number; highY: number }

/**
 * A site cut into slabs at the latitudes of its vertices. Within a slab no edge begins, ends or crosses another, so that
 * they lie in one order from west to east and a point finds its place among them by halving. Holes are edges like all
 * others: inside is what has an odd number of edges to its west.
 */
type Fence = {
  edges: Edge[]
  latitudes: Float64Array
  /** The numbers of the edges in each slab, from west to east. */
  slabs: Uint16Array[]
  /** The stretches that lie along each latitude. */
  levels: { west: number; east: number }[][]
}

const boxes = new WeakMap<Site, Box>()
// Bounded by number, or whoever registers the worst fences could fill the memory: one takes up to 300 kB.
const MOST_FENCES = 256
const fences = new Map<Site, Fence>()

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

/** How many of these points lie inside a site or on one of its edges; exact, and quick from the second time on. */
export function countInside({
  site,
  longitudes,
  latitudes,
}: {
  site: Site
  longitudes: Float64Array
  latitudes: Float64Array
}): number {
  const { west, east, south, north } = boxOf(site)
  let fence: Fence | undefined
  let inside = 0
  for (let index = 0; index < latitudes.length; index++) {
    const x = longitudes[index] ?? NaN
    const y = latitudes[index] ?? NaN
    if (!(x >= west && x <= east && y >= south && y <= north)) continue
    fence ??= fenceOf(site)
    if (isInside({ fence, x, y })) inside++
  }
  return inside
}

function isInside({ fence, x, y }: { fence: Fence; x: number; y: number }): boolean {
  const { latitudes, levels } = fence
  const slab = slabAt({ latitudes, y })
  const above = placeIn({ fence, slab, x, y })
  if (above.isOnEdge || above.westward % 2 === 1) return true
  if (latitudes[slab] !== y) return false
  // At the latitude of a vertex, what ends there from below and what lies along it counts too.
  if (placeIn({ fence, slab: slab - 1, x, y }).isOnEdge) return true
  return (levels[slab] ?? []).some(({ west, east }) => x >= west && x <= east)
}

/** The last latitude that is not north of `y`, by halving. */
function slabAt({ latitudes, y }: { latitudes: Float64Array; y: number }): number {
  let from = 0
  let to = latitudes.length - 1
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if ((latitudes[middle] ?? Infinity) <= y) from = middle
    else to = middle - 1
  }
  return from
}

/** How many edges of a slab lie west of a point in it or on its rim, and whether the point lies on one. */
function placeIn({
  fence: { edges, slabs },
  slab,
  x,
  y,
}: {
  fence: Fence
  slab: number
  x: number
  y: number
}): { westward: number; isOnEdge: boolean } {
  const order = slabs[slab]
  let from = 0
  let to = order?.length ?? 0
  let isOnEdge = false
  while (from < to) {
    const middle = (from + to) >> 1
    const edge = edges[order?.[middle] ?? -1]
    const side = edge ? sideOf({ edge, x, y }) : NaN
    if (side < 0) from = middle + 1
    else to = middle
    isOnEdge ||= side === 0
  }
  return { westward: from, isOnEdge }
}

/** Below zero where the point lies east of the edge, above where it lies west, zero on it; exact. */
function sideOf({ edge, x, y }: { edge: Edge; x: number; y: number }): number {
  const { lowX, lowY, highX, highY } = edge
  const left = (highX - lowX) * (y - lowY)
  const right = (x - lowX) * (highY - lowY)
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right
  // Fences wider than some ten degrees.
  const exact = BigInt(highX - lowX) * BigInt(y - lowY) - BigInt(x - lowX) * BigInt(highY - lowY)
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

function fenceOf(site: Site): Fence {
  const known = fences.get(site)
  if (known) return known
  const fence = fenceFrom(site)
  const [oldest] = fences.keys()
  if (fences.size >= MOST_FENCES && oldest) fences.delete(oldest)
  fences.set(site, fence)
  return fence
}

function fenceFrom(site: Site): Fence {
  const edges = site.rings.flatMap(edgesOf)
  const latitudes = Float64Array.from(new Set(edges.flatMap(({ lowY, highY }) => [lowY, highY])))
  latitudes.sort()

  const rising = new Map<number, number[]>()
  const lying = new Map<number, { west: number; east: number }[]>()
  for (const [number, { lowX, lowY, highX, highY }] of edges.entries()) {
    if (lowY < highY) rising.set(lowY, [...(rising.get(lowY) ?? []), number])
    else {
      const stretch = { west: Math.min(lowX, highX), east: Math.max(lowX, highX) }
      lying.set(lowY, [...(lying.get(lowY) ?? []), stretch])
    }
  }

  let order: Edge[] = []
  const numberOf = new Map(edges.map((edge, number) => [edge, number]))
  const slabs = Array.from(latitudes.subarray(1), (north, index) => {
    const south = latitudes[index] ?? north
    order = order.filter(({ highY }) => highY > south)
    for (const number of rising.get(south) ?? []) {
      const edge = edges[number]
      if (edge) order.splice(rankOf({ edge, order, twiceY: south + north }), 0, edge)
    }
    return Uint16Array.from(order, (edge) => numberOf.get(edge) ?? 0)
  })
  const levels = Array.from(latitudes, (latitude) => lying.get(latitude) ?? [])
  return { edges, latitudes, slabs, levels }
}

function edgesOf(ring: Site['rings'][number]): Edge[] {
  return ring.map((from, index) => {
    const to = ring[(index + 1) % ring.length] ?? from
    const [low, high] = from.latitudeE7 <= to.latitudeE7 ? [from, to] : [to, from]
    return {
      lowX: low.longitudeE7,
      lowY: low.latitudeE7,
      highX: high.longitudeE7,
      highY: high.latitudeE7,
    }
  })
}

/** Where an edge belongs among those of a slab whose middle lies at half of `twiceY`. */
function rankOf({ edge, order, twiceY }: { edge: Edge; order: Edge[]; twiceY: number }): number {
  let from = 0
  let to = order.length
  while (from < to) {
    const middle = (from + to) >> 1
    const other = order[middle]
    if (other && byLongitude({ one: edge, other, twiceY }) > 0) from = middle + 1
    else to = middle
  }
  return from
}

/** Which of two edges lies further west at half of `twiceY`; exact where they come close. */
function byLongitude({ one, other, twiceY }: { one: Edge; other: Edge; twiceY: number }): number {
  const difference = longitudeAt({ edge: one, twiceY }) - longitudeAt({ edge: other, twiceY })
  if (Math.abs(difference) > 1) return difference
  const [a, b] = [exactAt({ edge: one, twiceY }), exactAt({ edge: other, twiceY })]
  const exact = a.over * b.height - b.over * a.height
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

function longitudeAt({ edge, twiceY }: { edge: Edge; twiceY: number }): number {
  const { lowX, lowY, highX, highY } = edge
  return lowX + ((twiceY / 2 - lowY) * (highX - lowX)) / (highY - lowY)
}

/** Twice that longitude as a fraction, `over / height`. */
function exactAt({ edge, twiceY }: { edge: Edge; twiceY: number }) {
  const { lowX, lowY, highX, highY } = edge
  const height = BigInt(highY - lowY)
  const over = 2n * BigInt(lowX) * height + BigInt(twiceY - 2 * lowY) * BigInt(highX - lowX)
  return { over, height }
}
