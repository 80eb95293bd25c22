import { expect } from 'chai'
import type { Vertex } from './geofence.ts'
import { doRingsMeet, isInsideRing, selfCrossingOf } from './ring.ts'
import { square } from './square.fixture.ts'

describe('ring', () => {
  describe('selfCrossingOf', () => {
    it('is exact where products leave the safe integers', () => {
      // Neighbours of Fibonacci: the corner at zero turns by one part in 10¹⁶, which doubles would call a fold.
      const [f40, f41, f42] = [102_334_155, 165_580_141, 267_914_296]
      const sliver = [at(0, 0), at(f42, f41), at(f42, f41 - 10_000), at(f41, f40)]
      expect(selfCrossingOf(sliver)).to.equal(undefined)
      const fold = [at(0, 0), at(2 * f41, 2 * f40), at(2 * f41, f40), at(f41, f40)]
      expect(selfCrossingOf(fold)).not.to.equal(undefined)
    })

    it('agrees with plain algebra for random rings', () => {
      let state = 1
      const random = () => (state = (state * 48_271) % 2_147_483_647) % 40
      for (let ring = 0; ring < 2_000; ring++) {
        const vertices = Array.from({ length: 5 }, () => at(random(), random()))
        if (new Set(vertices.map((vertex) => JSON.stringify(vertex))).size < 5) continue
        const crossing = selfCrossingOf(vertices)
        expect(crossing !== undefined, JSON.stringify(vertices)).to.equal(doesCross(vertices))
      }
    })
  })

  describe('isInsideRing', () => {
    it('agrees with the square', () => {
      for (let x = -3; x <= 3; x += 2) {
        for (let y = -3; y <= 3; y += 2) {
          const isInside = Math.abs(x) < 2 && Math.abs(y) < 2
          expect(isInsideRing(at(x, y), square({ half: 2 }))).to.equal(isInside)
          expect(isInsideRing(at(x, y), square({ half: 2 }).toReversed())).to.equal(isInside)
        }
      }
    })

    it('counts a vertex at the height of a corner once', () => {
      const kite = [at(0, -5), at(5, 0), at(0, 5), at(-5, 0)]
      expect(isInsideRing(at(0, 0), kite)).to.equal(true)
      expect(isInsideRing(at(-6, 0), kite)).to.equal(false)
      expect(isInsideRing(at(-6, 5), kite)).to.equal(false)
    })
  })

  describe('doRingsMeet', () => {
    it('sees a touch, a crossing and a distance of one unit', () => {
      const one = square({ half: 10 })
      expect(doRingsMeet(one, square({ half: 10, east: 20 }))).to.equal(true)
      expect(doRingsMeet(one, square({ half: 10, east: 5 }))).to.equal(true)
      expect(doRingsMeet(one, square({ half: 10, east: 21 }))).to.equal(false)
      expect(doRingsMeet(one, square({ half: 9 }))).to.equal(false)
    })
  })
})

/** The plain way: every pair of edges solved for the point they share, in numbers small enough for doubles. */
function doesCross(ring: Vertex[]): boolean {
  const edges = ring.map((from, index) => [from, ring[(index + 1) % ring.length]!] as const)
  return edges.some((one, index) =>
    edges.some((other, otherIndex) => {
      if (otherIndex <= index) return false
      const shared = one.filter((vertex) => other.includes(vertex))
      const free = other.filter((vertex) => !one.includes(vertex))
      const mine = one.filter((vertex) => !other.includes(vertex))
      if (shared.length === 0) return doShareAPoint(one, other)
      return isOn(free[0]!, one) || isOn(mine[0]!, other)
    }),
  )
}

function doShareAPoint(one: readonly [Vertex, Vertex], other: readonly [Vertex, Vertex]): boolean {
  const [dx, dy] = [one[1].longitudeE7 - one[0].longitudeE7, one[1].latitudeE7 - one[0].latitudeE7]
  const [ex, ey] = [
    other[1].longitudeE7 - other[0].longitudeE7,
    other[1].latitudeE7 - other[0].latitudeE7,
  ]
  const [fx, fy] = [
    other[0].longitudeE7 - one[0].longitudeE7,
    other[0].latitudeE7 - one[0].latitudeE7,
  ]
  const determinant = dx * ey - dy * ex
  if (determinant === 0) {
    return (
      [...other].some((vertex) => isOn(vertex, one)) ||
      [...one].some((vertex) => isOn(vertex, other))
    )
  }
  const [t, u] = [(fx * ey - fy * ex) / determinant, (fx * dy - fy * dx) / determinant]
  return t >= 0 && t <= 1 && u >= 0 && u <= 1
}

function isOn(vertex: Vertex, [from, to]: readonly [Vertex, Vertex]): boolean {
  const [ax, ay] = [from.longitudeE7 - vertex.longitudeE7, from.latitudeE7 - vertex.latitudeE7]
  const [bx, by] = [to.longitudeE7 - vertex.longitudeE7, to.latitudeE7 - vertex.latitudeE7]
  return ax * by - ay * bx === 0 && ax * bx + ay * by <= 0
}

function at(longitudeE7: number, latitudeE7: number): Vertex {
  return { longitudeE7, latitudeE7 }
}
