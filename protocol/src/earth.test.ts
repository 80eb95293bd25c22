import { expect } from 'chai'
import { cosineOf, distanceBetween, leastDistanceToCell, MILLIMETRES_PER_E7 } from './earth.ts'
import { type Fix, sightingOf } from './evidence.ts'
import { generator } from './random.fixture.ts'

const KILOMETRE = 1_000_000
const jaipur: Fix = at({ longitude: 75.9235, latitude: 26.9359 })
const berlin = at({ longitude: 13.4, latitude: 52.52 })

describe('earth', () => {
  it('has the cosine, over half a turn either way', () => {
    for (let degrees = -180; degrees <= 180; degrees += 0.25) {
      const expected = Math.cos((degrees * Math.PI) / 180)
      expect(cosineOf(degrees * 1e7)).to.be.closeTo(expected, 2e-15)
    }
  })

  it('has these very bits of it', () => {
    expect([269_359_000, 525_200_000, 849_999_999].map(cosineOf)).to.deep.equal([
      0.8915138711023317, 0.6084844593680823, 0.08715574448634589,
    ])
  })

  it('measures along meridians, and straight through for far places', () => {
    const near = { ...jaipur, latitudeE7: jaipur.latitudeE7 + 10_000 }
    expect(distanceBetween(jaipur, near)).to.be.closeTo(10_000 * MILLIMETRES_PER_E7, 100)
    expect(distanceBetween(jaipur, berlin) / KILOMETRE).to.be.closeTo(5_569, 60)
    const antipode = at({ longitude: -104.0765, latitude: -26.9359 })
    expect(distanceBetween(jaipur, antipode) / KILOMETRE).to.be.closeTo(12_742, 1)
  })

  it('goes the short way across the antimeridian', () => {
    const [west, east] = [179.999, -179.999].map((longitude) => at({ longitude, latitude: 0 }))
    expect(distanceBetween(west!, east!)).to.be.closeTo(222_390, 100)
    expect(leastDistanceToCell(west!, sightingOf(east!))).to.be.closeTo(111_195, 100)
  })

  it('is nothing from within a cell and from its rim', () => {
    expect(leastDistanceToCell(jaipur, sightingOf(jaipur))).to.equal(0)
    const rim = { ...jaipur, longitudeE7: 760_000_000 }
    expect(leastDistanceToCell(rim, sightingOf(jaipur))).to.equal(0)
  })

  it('is never more than the distance to the point that was in the cell', () => {
    const random = generator(11)
    for (let index = 0; index < 20_000; index++) {
      const [one, other] = [0, 1].map(() =>
        at({ longitude: random() * 360 - 180, latitude: random() * 170 - 85 }),
      )
      const least = leastDistanceToCell(one!, sightingOf(other!))
      expect(least).to.be.at.most(distanceBetween(one!, other!) + 1)
    }
  })

  it('is short of it by no more than a cell’s diagonal', () => {
    const random = generator(12)
    for (let index = 0; index < 2_000; index++) {
      const [one, other] = [0, 1].map(() =>
        at({ longitude: random() * 5, latitude: 20 + random() * 5 }),
      )
      const least = leastDistanceToCell(one!, sightingOf(other!))
      expect(distanceBetween(one!, other!) - least).to.be.below(20 * KILOMETRE)
    }
  })
})

function at({ longitude, latitude }: { longitude: number; latitude: number }): Fix {
  return {
    longitudeE7: Math.round(longitude * 1e7),
    latitudeE7: Math.round(latitude * 1e7),
    accuracyMillimetres: 10_000,
    takenAt: 2_000_000_000_000,
  }
}
