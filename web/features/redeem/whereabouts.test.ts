import fs from 'node:fs'
import { geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import { expect } from 'chai'
import { coordinatesIn, pretendedPosition } from './pretended.ts'
import { metresToEdge, pointAway, pointInside } from './site-points.ts'
import { directionOf, whereaboutsOf } from './whereabouts.ts'

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
    expect(where.kind === 'unsure' && where.sentence).to.include('try again')
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
