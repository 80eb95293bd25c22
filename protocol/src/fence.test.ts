import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { expect } from 'chai'
import { boxOf, countInside } from './fence.ts'
import type { Site, Vertex } from './geofence.ts'
import { generator } from './random.fixture.ts'
import { doRingsMeet, isInsideRing, selfCrossingOf } from './ring.ts'
import { square, squareSite } from './square.fixture.ts'

describe('fence', () => {
  it('has the box of its shell', () => {
    expect(boxOf(squareSite({ half: 5, east: 100, north: -3 }))).to.deep.equal({
      west: 95,
      east: 105,
      south: -8,
      north: 2,
    })
  })

  it('counts corners, edges and what lies between them', () => {
    const site = squareSite({ half: 2 })
    const points = [-3, -2, -1, 0, 1, 2, 3].flatMap((x) => [-3, -2, 0, 2, 3].map((y) => [x, y]))
    expect(countOf({ site, points })).to.equal(5 * 3)
  })

  it('counts the rim of a hole, and not the hole', () => {
    const site = { ...squareSite({ half: 3 }), rings: [square({ half: 3 }), square({ half: 1 })] }
    expect(countOf({ site, points: [[0, 0]] })).to.equal(0)
    const rim = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y]))
    expect(countOf({ site, points: rim })).to.equal(8)
  })

  it('takes no point of NaN for one inside', () => {
    const points = [
      [NaN, 0],
      [0, NaN],
    ]
    expect(countOf({ site: squareSite({ half: 3 }), points })).to.equal(0)
  })

  it('agrees with turf on every point of small grids, where edges and corners are hit often', () => {
    const random = generator(7)
    let fences = 0
    let hits = 0
    while (fences < 300) {
      const site = randomSite({ random, size: 12, vertices: 3 + Math.floor(random() * 9) })
      if (site === undefined) continue
      fences++
      for (let x = -1; x <= 13; x++) {
        for (let y = -1; y <= 13; y++) {
          const isInside = countOf({ site, points: [[x, y]] }) === 1
          if (isInside) hits++
          expect(isInside, JSON.stringify({ site, x, y })).to.equal(byTurf({ site, x, y }))
        }
      }
    }
    expect(hits, 'not all of it outside').to.be.above(5_000)
  }).timeout(30_000)

  it('agrees with turf on wide fences, whose products leave the 53 bits', () => {
    const random = generator(8)
    let fences = 0
    while (fences < 20) {
      const site = randomSite({ random, size: 1_700_000_000, vertices: 8 })
      if (site === undefined) continue
      fences++
      for (const point of [...site.rings.flat(), ...midpointsOf(site)]) {
        const [x, y] = [point.longitudeE7, point.latitudeE7]
        expect(countOf({ site, points: [[x, y]] }) === 1).to.equal(byTurf({ site, x, y }))
      }
    }
  }).timeout(30_000)

  it('tells edges apart that are a hair’s breadth from each other', () => {
    // Two needles from one corner; between them there is hardly a whole point.
    const rings = [
      [
        { longitudeE7: 0, latitudeE7: 0 },
        { longitudeE7: 1_000_000, latitudeE7: 999_999 },
        { longitudeE7: 1_000_001, latitudeE7: 1_000_000 },
      ],
    ]
    const site: Site = { number: 1, name: 'Needle', rings }
    for (const step of [1, 2, 500_000, 999_999]) {
      for (const x of [step - 1, step, step + 1]) {
        expect(countOf({ site, points: [[x, step]] }) === 1).to.equal(byTurf({ site, x, y: step }))
      }
    }
  })
})

function countOf({ site, points }: { site: Site; points: number[][] }): number {
  const sorted = points.toSorted(([, one], [, other]) => one! - other!)
  return countInside({
    site,
    points: {
      longitudes: Float64Array.from(sorted, ([x]) => x!),
      latitudes: Float64Array.from(sorted, ([, y]) => y!),
    },
  })
}

function byTurf({ site, x, y }: { site: Site; x: number; y: number }): boolean {
  const coordinates = site.rings.map((ring) =>
    [...ring, ring[0]!].map(({ longitudeE7, latitudeE7 }) => [longitudeE7, latitudeE7]),
  )
  return booleanPointInPolygon([x, y], { type: 'Polygon', coordinates })
}

/** A shell and perhaps a hole of whole points, sound by the rules of a document; undefined where chance made nonsense. */
function randomSite({
  random,
  size,
  vertices,
}: {
  random: () => number
  size: number
  vertices: number
}): Site | undefined {
  const shell = randomRing({ random, size, vertices })
  if (shell === undefined) return undefined
  const hole = randomRing({ random, size, vertices: 3 })
  const isHole = hole !== undefined && !doRingsMeet(shell, hole) && isInsideRing(hole[0]!, shell)
  return { number: 1, name: 'Random', rings: isHole ? [shell, hole] : [shell] }
}

function randomRing({
  random,
  size,
  vertices,
}: {
  random: () => number
  size: number
  vertices: number
}): Vertex[] | undefined {
  const whole = () => Math.floor(random() * (size + 1))
  const points = Array.from({ length: vertices }, () => ({
    longitudeE7: whole(),
    latitudeE7: Math.floor(whole() / 2),
  }))
  // By their angles around the middle: seldom a crossing.
  const [x, y] = [size / 2 + 0.1, size / 4 + 0.2]
  const angleOf = (point: Vertex) => Math.atan2(point.latitudeE7 - y, point.longitudeE7 - x)
  const ring = points.sort((a, b) => angleOf(a) - angleOf(b))
  const names = new Set(ring.map((point) => `${point.longitudeE7} ${point.latitudeE7}`))
  return names.size === ring.length && selfCrossingOf(ring) === undefined ? ring : undefined
}

function midpointsOf(site: Site): Vertex[] {
  return site.rings.flatMap((ring) =>
    ring.map((from, index) => {
      const to = ring[(index + 1) % ring.length]!
      return {
        longitudeE7: Math.round((from.longitudeE7 + to.longitudeE7) / 2),
        latitudeE7: Math.round((from.latitudeE7 + to.latitudeE7) / 2),
      }
    }),
  )
}
