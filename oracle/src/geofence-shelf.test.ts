import { hashGeofence } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { createGeofenceShelf } from './geofence-shelf.ts'
import { messHall } from './rehearsal.ts'

describe('the shelf of geofences', () => {
  const hash = hashGeofence(messHall)
  let reads = 0
  let isAway = false
  const store = {
    keepGeofence: () => Promise.resolve({ isNew: true }),
    geofence: () => {
      reads += 1
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve<unknown>(messHall)
    },
  }
  beforeEach(() => {
    reads = 0
    isAway = false
  })

  it('reads a document once, however many ask at the same time and later', async () => {
    const shelf = createGeofenceShelf({ store })
    const found = await Promise.all(Array.from({ length: 20 }, () => shelf.find(hash)))
    expect(found).to.deep.equal(Array.from({ length: 20 }, () => messHall))
    await shelf.find(hash)
    expect(reads).to.equal(1)
  })

  it('has it ready when it was registered', async () => {
    const shelf = createGeofenceShelf({ store })
    expect(await shelf.keep(messHall)).to.deep.equal({ isNew: true })
    expect(reads).to.equal(1)
    await shelf.find(hash)
    expect(reads).to.equal(1)
  })

  it('asks again after the database was away', async () => {
    const shelf = createGeofenceShelf({ store })
    isAway = true
    expect(await shelf.find(hash).catch(() => 'away')).to.equal('away')
    isAway = false
    expect(await shelf.find(hash)).to.deep.equal(messHall)
  })
})
