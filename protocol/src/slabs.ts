import type { Site, Vertex } from './geofence.ts'

/** How many numbers of `lines` an edge has: where it begins in the south (x, y), and how far east it goes for each step north. */
export const LINE = 4 // the last is not used; a power of two keeps an edge in one line of the processor's memory

/**
 * A site cut into slabs at the latitudes of its vertices. Within a slab no edge begins, ends or crosses another, so that
 * they lie in one order from west to east and a point finds its place among them by halving. Holes are edges like all
 * others: inside is what has an odd number of edges to its west.
 */
export type Slabs = {
  lines: Float64Array
  /** How far an edge goes east and north, in whole units. */
  eastward: Float64Array
  northward: Float64Array
  latitudes: Float64Array
  /** Where in `lines` the edges of slab _i_ are, from west to east: `order` from `starts[i]` up to `starts[i + 1]`. */
  order: Uint16Array
  starts: Uint32Array
  /** The stretches that lie along a latitude. */
  level: Map<number, { west: number; east: number }[]>
  /** Whether all products of its differences are exact. */
  isNarrow: boolean
}

type Edges = Pick<Slabs, 'lines' | 'eastward' | 'northward'>

/** Cuts a site. */
export function slabsOf(site: Site): Slabs {
  const pairs = pairsOf(site)
  const edges = edgesOf(pairs)
  const latitudes = Float64Array.from(
    new Set(pairs.flatMap((pair) => pair.map(({ latitudeE7 }) => latitudeE7))),
  ).sort()
  const slabAt = new Map(Array.from(latitudes, (latitude, slab) => [latitude, slab]))

  const level: Slabs['level'] = new Map()
  const rising: number[][] = Array.from(latitudes, () => [])
  const ending = new Uint32Array(pairs.length) // the slab in which an edge is no more
  let total = 0
  for (const [edge, [low, high]] of pairs.entries()) {
    const [from, to] = [slabAt.get(low.latitudeE7) ?? 0, slabAt.get(high.latitudeE7) ?? 0]
    total += to - from
    ending[edge] = to
    if (from !== to) rising[from]?.push(edge)
    else {
      const ends = [low.longitudeE7, high.longitudeE7]
      const stretch = { west: Math.min(...ends), east: Math.max(...ends) }
      level.set(low.latitudeE7, [...(level.get(low.latitudeE7) ?? []), stretch])
    }
  }

  const order = new Uint16Array(total)
  const starts = new Uint32Array(latitudes.length)
  const current = new Uint16Array(pairs.length)
  let count = 0
  let written = 0
  for (let slab = 0; slab + 1 < latitudes.length; slab++) {
    let kept = 0
    for (let place = 0; place < count; place++) {
      const edge = current[place] ?? 0
      if ((ending[edge] ?? 0) > slab) current[kept++] = edge
    }
    count = kept
    const twiceY = (latitudes[slab] ?? 0) + (latitudes[slab + 1] ?? 0)
    for (const edge of rising[slab] ?? []) {
      const rank = rankOf({ edge, among: current, count, edges, twiceY })
      current.copyWithin(rank + 1, rank, count)
      current[rank] = edge
      count++
    }
    starts[slab] = written
    for (let place = 0; place < count; place++) order[written++] = (current[place] ?? 0) * LINE
  }
  starts[latitudes.length - 1] = written
  return { ...edges, latitudes, order, starts, level, isNarrow: isNarrow(pairs) }
}

/** The edges of all rings, each from its southern end. */
function pairsOf(site: Site): [Vertex, Vertex][] {
  return site.rings.flatMap((ring) =>
    ring.map((from, index): [Vertex, Vertex] => {
      const to = ring[(index + 1) % ring.length] ?? from
      return from.latitudeE7 <= to.latitudeE7 ? [from, to] : [to, from]
    }),
  )
}

function edgesOf(pairs: readonly [Vertex, Vertex][]): Edges {
  const lines = new Float64Array(pairs.length * LINE)
  const eastward = new Float64Array(pairs.length)
  const northward = new Float64Array(pairs.length)
  for (const [edge, [low, high]] of pairs.entries()) {
    const east = high.longitudeE7 - low.longitudeE7
    const north = high.latitudeE7 - low.latitudeE7
    lines.set([low.longitudeE7, low.latitudeE7, north === 0 ? 0 : east / north], edge * LINE)
    eastward[edge] = east
    northward[edge] = north
  }
  return { lines, eastward, northward }
}

function isNarrow(pairs: readonly [Vertex, Vertex][]): boolean {
  const spanOf = (axis: keyof Vertex) => {
    let [least, most] = [Infinity, -Infinity]
    for (const pair of pairs) {
      for (const vertex of pair) {
        least = Math.min(least, vertex[axis])
        most = Math.max(most, vertex[axis])
      }
    }
    return most - least
  }
  return Number.isSafeInteger(spanOf('longitudeE7') * spanOf('latitudeE7'))
}

/** Where an edge belongs among the first `count` of those of a slab whose middle lies at half of `twiceY`. */
function rankOf({
  edge,
  among,
  count,
  edges,
  twiceY,
}: {
  edge: number
  among: Uint16Array
  count: number
  edges: Edges
  twiceY: number
}): number {
  let from = 0
  let to = count
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
  const { lines, eastward, northward } = edges
  const up = twiceY / 2 - (lines[edge * LINE + 1] ?? 0)
  return (lines[edge * LINE] ?? 0) + (up * (eastward[edge] ?? 0)) / (northward[edge] ?? 1)
}

/** Twice that longitude as a fraction of whole numbers, `over / height`. */
function fractionAt({ edge, edges, twiceY }: { edge: number; edges: Edges; twiceY: number }) {
  const [x, y] = [edges.lines[edge * LINE] ?? 0, edges.lines[edge * LINE + 1] ?? 0]
  const [east, height] = [edges.eastward[edge] ?? 0, BigInt(edges.northward[edge] ?? 1)]
  return { over: 2n * BigInt(x) * height + BigInt(twiceY - 2 * y) * BigInt(east), height }
}
