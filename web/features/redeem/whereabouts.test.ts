import fs from 'node:fs'
import { geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import { expect } from 'chai'
import { coordinatesIn, pretendedLocator, pretendedPosition } from './pretended.ts'
import { isRoughlyInside, metresToEdge, pointAway, pointInside } from './site-points.ts'
import { directionOf, guidanceOf, whereaboutsOf } from './whereabouts.ts'

const venue = new URL('../../../demo/venue.geojson', import.meta.url)
const made = geofenceFromGeoJson({
  geoJson: JSON.parse(fs.readFileSync(venue, 'utf8')),
  salt: `0x${'01'.repeat(32)}`,
})
if (!made.ok) throw new Error('the demo’s venue is not valid')
const { document } = made

const at = (point: { longitude: number; latitude: number }) =>
  pretendedPosition({ place: { ...point, label: '' }, now: 1.8e12 })

describe('whereaboutsOf', () => {
  for (const site of document.sites) {
    it(`knows who stands inside ${site.name}, as “stand here” does`, () => {
      const where = whereaboutsOf({ document, position: at(pointInside(site)) })
      expect(where).to.deep.equal({ kind: 'inside', site: site.name })
    })

    it(`knows who stands 200 m away from ${site.name}`, () => {
      const point = pointAway({ site, sites: document.sites, metres: 200 })
      const where = whereaboutsOf({ document, position: at(point) })
      expect(where.kind).to.equal('outside')
      expect(where.kind === 'outside' && where.metres).to.be.within(100, 400)
      if (where.kind !== 'outside') return
      const back = {
        ...point,
        ...stepFrom({ point, towards: where.towards, metres: where.metres }),
      }
      const nearer = whereaboutsOf({ document, position: at(back) })
      expect(nearer.kind === 'outside' ? nearer.metres : 0, 'the way leads there').to.be.below(
        where.metres,
      )
    })
  }

  it('looks at the position alone, whatever else the place asks for', () => {
    const policy = { ...document.policy, sources: ['hypertrack' as const], isBeaconRequired: true }
    const site = document.sites[0]!
    const position = at(pointInside(site))
    const where = whereaboutsOf({ document: { ...document, policy }, position })
    expect(where).to.deep.equal({ kind: 'inside', site: site.name })
  })

  it('is unsure where the position is coarse, and says what to do', () => {
    const position = { ...at(pointInside(document.sites[0]!)), accuracyMetres: 5_000 }
    const where = whereaboutsOf({ document, position })
    expect(where.kind === 'unsure' && where.failure.sentence).to.include('try again')
  })
})

describe('guidanceOf', () => {
  const site = document.sites[0]!
  const middle = pointInside(site)
  const guide = (point: { longitude: number; latitude: number }, accuracyMetres = 5) =>
    guidanceOf({ document, position: { ...at(point), accuracyMetres } })

  it('says who is there', () => {
    expect(guide(middle)).to.deep.equal({ kind: 'inside', site: site.name })
  })

  for (const accuracyMetres of [90, 400]) {
    it(`says to wait to who stands inside and is known to ${accuracyMetres} m only`, () => {
      expect(guide(middle, accuracyMetres)).to.deep.equal({ kind: 'wait', site: site.name })
    })
  }

  it('shows the way to who is outside, and it leads there', () => {
    const point = pointAway({ site, sites: document.sites, metres: 60 })
    const found = guide(point)
    if (found?.kind !== 'move') throw new Error(`It says ${found?.kind}.`)
    expect(found).to.include({ site: site.name, isInside: false })
    expect(found.metres).to.be.within(30, 80)
    const there = { ...point, ...stepFrom({ point, ...found }) }
    expect(metresToEdge({ site, point: there })).to.be.below(found.metres)
  })

  it('sends who stands at the very edge further in, not out', () => {
    const ring = site.rings[0]!
    const [a, b] = [ring[0]!, ring[1]!]
    const edge = {
      longitude: (a.longitudeE7 + b.longitudeE7) / 2e7,
      latitude: (a.latitudeE7 + b.latitudeE7) / 2e7,
    }
    const point = {
      longitude: edge.longitude + (middle.longitude - edge.longitude) * 0.02,
      latitude: edge.latitude + (middle.latitude - edge.latitude) * 0.02,
    }
    expect(isRoughlyInside({ site, point })).to.equal(true)
    const found = guide(point)
    if (found?.kind !== 'move') throw new Error(`It says ${found?.kind}.`)
    expect(found.isInside).to.equal(true)
    const there = { ...point, ...stepFrom({ point, towards: found.towards, metres: 10 }) }
    expect(metresToEdge({ site, point: there })).to.be.greaterThan(metresToEdge({ site, point }))
  })
})

describe('directionOf', () => {
  for (const [x, y, direction] of [
    [0, 9, 'north'],
    [3, 9, 'north'], // 18 degrees
    [5, 9, 'north-east'], // 29
    [9, 0, 'east'],
    [9, -9, 'south-east'],
    [0, -9, 'south'],
    [-9, -9, 'south-west'],
    [-9, 0, 'west'],
    [-9, 9, 'north-west'],
    [-3, 9, 'north'],
  ] as const) {
    it(`says ${direction} for ${x} m to the east and ${y} to the north`, () => {
      expect(directionOf({ x, y })).to.equal(direction)
    })
  }
})

describe('metresToEdge', () => {
  it('measures to the nearest edge', () => {
    const site = {
      number: 1,
      name: 'Square',
      rings: [
        [
          { longitudeE7: 0, latitudeE7: 0 },
          { longitudeE7: 100_000, latitudeE7: 0 },
          { longitudeE7: 100_000, latitudeE7: 100_000 },
          { longitudeE7: 0, latitudeE7: 100_000 },
        ],
      ],
    }
    const point = { longitude: 0.011, latitude: 0.005 } // 0.001 degrees east of the square
    expect(metresToEdge({ site, point })).to.be.closeTo(111, 1)
  })
})

describe('coordinatesIn', () => {
  it('reads latitude first, as maps show them', () => {
    expect(coordinatesIn(' 26.9359, 75.9236 ')).to.deep.equal({
      latitude: 26.9359,
      longitude: 75.9236,
    })
  })

  for (const text of ['', '26.9', '91, 10', '26, 181', 'here', '26,, 75']) {
    it(`refuses “${text}”`, () => {
      expect(coordinatesIn(text)).to.be.undefined
    })
  }
})

function stepFrom({
  point,
  towards,
  metres,
}: {
  point: { longitude: number; latitude: number }
  towards: string
  metres: number
}) {
  const up = towards.startsWith('north') ? 1 : towards.startsWith('south') ? -1 : 0
  const across = towards.endsWith('east') ? 1 : towards.endsWith('west') ? -1 : 0
  const degrees = metres / 111_195 / Math.hypot(up, across)
  return {
    latitude: point.latitude + up * degrees,
    longitude: point.longitude + (across * degrees) / Math.cos((point.latitude * Math.PI) / 180),
  }
}

describe('pretendedLocator', () => {
  it('is where it is said to be, at once and as a receiver would say it', async () => {
    const locator = pretendedLocator({ longitude: 75.9, latitude: 26.9, label: 'here' })
    const fix = await new Promise<GeolocationPosition>((resolve) => {
      const watch = locator.watchPosition((one) => {
        locator.clearWatch(watch)
        resolve(one)
      })
    })
    expect(fix.coords).to.include({ longitude: 75.9, latitude: 26.9, accuracy: 5 })
    expect(Date.now() - fix.timestamp).to.be.below(5_000)
  })
})
