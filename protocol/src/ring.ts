import type { Vertex } from './geofence.ts'

/** The position, in degrees × 10⁷, where a ring of different vertices touches or crosses itself. */
export function selfCrossingOf(ring: readonly Vertex[]): Vertex | undefined {
  const edges = edgesOf(ring)
  for (const [index, edge] of edges.entries()) {
    for (let other = index + 1; other < edges.length; other++) {
      const later = edges[other]
      if (later === undefined) continue
      if (later.from === edge.to || edge.from === later.to) {
        // Neighbours share a vertex by right; what they may not do is run back over each other.
        if (later.from === edge.to && isFold(edge.from, edge.to, later.to)) return edge.to
        if (edge.from === later.to && isFold(later.from, later.to, edge.to)) return later.to
      } else if (doMeet(edge, later)) {
        return meetingOf(edge, later)
      }
    }
  }
  return undefined
}

/** Whether two rings touch or cross anywhere. */
export function doRingsMeet(one: readonly Vertex[], other: readonly Vertex[]): boolean {
  const others = edgesOf(other)
  return edgesOf(one).some((edge) => others.some((candidate) => doMeet(edge, candidate)))
}

/** Whether a vertex that is not on the ring lies inside it. */
export function isInsideRing(vertex: Vertex, ring: readonly Vertex[]): boolean {
  return edgesOf(ring).reduce((isInside, { from, to }) => {
    const isCrossed = from.latitudeE7 > vertex.latitudeE7 !== to.latitudeE7 > vertex.latitudeE7
    const isUpward = to.latitudeE7 > from.latitudeE7
    const isEastOfVertex = turn(from, to, vertex) > 0 === isUpward
    return isCrossed && isEastOfVertex ? !isInside : isInside
  }, false)
}

type Edge = { from: Vertex; to: Vertex }

function edgesOf(ring: readonly Vertex[]): Edge[] {
  return ring.flatMap((from, index) => {
    const to = ring[(index + 1) % ring.length]
    return to === undefined ? [] : [{ from, to }]
  })
}

/** Whether two edges share any point, ends included. */
function doMeet(one: Edge, other: Edge): boolean {
  return (
    doOverlap(one, other, 'longitudeE7') &&
    doOverlap(one, other, 'latitudeE7') &&
    turn(one.from, one.to, other.from) * turn(one.from, one.to, other.to) <= 0 &&
    turn(other.from, other.to, one.from) * turn(other.from, other.to, one.to) <= 0
  )
}

function doOverlap(one: Edge, other: Edge, axis: keyof Vertex): boolean {
  return (
    Math.max(one.from[axis], one.to[axis]) >= Math.min(other.from[axis], other.to[axis]) &&
    Math.max(other.from[axis], other.to[axis]) >= Math.min(one.from[axis], one.to[axis])
  )
}

function isFold(before: Vertex, corner: Vertex, after: Vertex): boolean {
  return (
    turn(before, corner, after) === 0 &&
    ((before.longitudeE7 - corner.longitudeE7) * (after.longitudeE7 - corner.longitudeE7) > 0 ||
      (before.latitudeE7 - corner.latitudeE7) * (after.latitudeE7 - corner.latitudeE7) > 0)
  )
}

/** Which way one turns at `b` on the way from `a` to `c`: 1 left, -1 right, 0 straight on or back; exact. */
function turn(a: Vertex, b: Vertex, c: Vertex): -1 | 0 | 1 {
  const [bx, by] = [b.longitudeE7 - a.longitudeE7, b.latitudeE7 - a.latitudeE7]
  const [cx, cy] = [c.longitudeE7 - a.longitudeE7, c.latitudeE7 - a.latitudeE7]
  const [left, right] = [bx * cy, by * cx]
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return signOf(left - right)
  return signOf(BigInt(bx) * BigInt(cy) - BigInt(by) * BigInt(cx)) // fences wider than some ten degrees
}

function signOf(value: number | bigint): -1 | 0 | 1 {
  return value > 0 ? 1 : value < 0 ? -1 : 0
}

/** About where two edges that meet do so; good enough to show on a map. */
function meetingOf({ from, to }: Edge, other: Edge): Vertex {
  const [x, y] = [to.longitudeE7 - from.longitudeE7, to.latitudeE7 - from.latitudeE7]
  const otherX = other.to.longitudeE7 - other.from.longitudeE7
  const otherY = other.to.latitudeE7 - other.from.latitudeE7
  const denominator = x * otherY - y * otherX
  if (denominator === 0) return other.from // they lie on one line
  const along =
    ((other.from.longitudeE7 - from.longitudeE7) * otherY -
      (other.from.latitudeE7 - from.latitudeE7) * otherX) /
    denominator
  return {
    longitudeE7: Math.round(from.longitudeE7 + along * x),
    latitudeE7: Math.round(from.latitudeE7 + along * y),
  }
}
