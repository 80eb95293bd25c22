import fs from 'node:fs'
import { geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import { expect } from 'chai'
import { SIDE, sketchOf } from './place-sketch.ts'
import { pointAway, pointInside } from './site-points.ts'

const venue = new URL('../../../demo/venue.geojson', import.meta.url)
const made = geofenceFromGeoJson({
  geoJson: JSON.parse(fs.readFileSync(venue, 'utf8')),
  salt: `0x${'01'.repeat(32)}`,
})
if (!made.ok) throw new Error('the demo’s venue is not valid')
const { sites } = made.document
const site = sites[0]!
const personAt = (point: { longitude: number; latitude: number }, accuracyMetres = 10) => ({
  ...point,
  accuracyMetres,
})
const numbersIn = (path: string) => (path.match(/-?[\d.]+/g) ?? []).map(Number)

describe('sketchOf', () => {
  it('draws everything inside the picture', () => {
    for (const person of [
      undefined,
      personAt(pointInside(site)),
      personAt(pointAway({ site, sites, metres: 200 }), 60),
    ]) {
      const sketch = sketchOf({ sites, person })!
      expect(sketch.sites.length).to.be.greaterThan(0)
      for (const { path } of sketch.sites) {
        for (const number of numbersIn(path)) expect(number).to.be.within(0, SIDE)
      }
      const { x = 0, y = 0, radius = 0 } = sketch.person ?? {}
      if (person)
        expect([x - radius, y - radius]).to.satisfy((all: number[]) => Math.min(...all) >= 0)
      expect(sketch.bar.length).to.be.within(SIDE / 20, SIDE / 3)
    }
  })

  it('has north up: who stands north of a place is drawn above it', () => {
    const middle = pointInside(site)
    const north = { ...middle, latitude: middle.latitude + 0.002 }
    const sketch = sketchOf({ sites: [site], person: personAt(north) })!
    const ys = numbersIn(sketch.sites[0]!.path).filter((_, index) => index % 2 === 1)
    expect(sketch.person!.y).to.be.below(Math.min(...ys))
  })

  it('is true to scale: the circle by the bar', () => {
    const sketch = sketchOf({ sites: [], person: personAt(pointInside(site), 100) })!
    const metresPerUnit = sketch.bar.metres / sketch.bar.length
    expect(sketch.person!.radius * metresPerUnit).to.be.closeTo(100, 1)
  })

  it('leaves out who is far away, and sites that are', () => {
    const middle = pointInside(site)
    const abroad = { longitude: middle.longitude + 1, latitude: middle.latitude }
    const far = sketchOf({ sites, person: personAt(abroad) })!
    expect(far.person).to.equal(undefined)
    expect(far.sites).to.have.length(sites.length)
    const moved = {
      ...site,
      number: 99,
      name: 'Elsewhere',
      rings: site.rings.map((ring) =>
        ring.map((vertex) => ({ ...vertex, latitudeE7: vertex.latitudeE7 + 200_000 })),
      ),
    }
    const near = sketchOf({ sites: [site, moved], person: personAt(middle) })!
    expect(near.sites.map(({ name }) => name)).to.deep.equal([site.name])
  })

  it('is none of nothing', () => {
    expect(sketchOf({ sites: [], person: undefined })).to.equal(undefined)
  })
})
