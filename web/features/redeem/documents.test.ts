import { defaultPolicy, hashGeofence } from '@coupon-secure/protocol/geofence'
import { geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import { expect } from 'chai'
import fs from 'node:fs'
import { forgetPlaces, keepDocument, keptDocument } from './documents.ts'

const venue = new URL('../../../demo/venue.geojson', import.meta.url)
const made = geofenceFromGeoJson({
  geoJson: JSON.parse(fs.readFileSync(venue, 'utf8')),
  salt: `0x${'01'.repeat(32)}`,
})
if (!made.ok) throw new Error('the demo’s venue is not valid')
const { document } = made
const geofenceHash = hashGeofence(document)
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const pocket = { chainId: 1, book, holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5' } as const
const other = { ...pocket, holder: book } as const

function openShelf() {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size
    },
  }
}

describe('the places kept on a phone', () => {
  it('are there for their holder, and for no other', () => {
    const shelf = openShelf()
    keepDocument({ shelf, pocket, document })
    expect(keptDocument({ shelf, pocket, geofenceHash })).to.deep.equal(document)
    expect(keptDocument({ shelf, pocket: other, geofenceHash })).to.equal(undefined)
  })

  it('are what was promised, or nothing', () => {
    const shelf = openShelf()
    keepDocument({ shelf, pocket, document })
    const [name] = shelf.kept.keys()
    for (const text of [
      'no JSON',
      'null',
      JSON.stringify({ ...document, policy: { ...defaultPolicy, maxAccuracyMetres: 5_000 } }),
    ]) {
      shelf.kept.set(name!, text)
      expect(keptDocument({ shelf, pocket, geofenceHash })).to.equal(undefined)
    }
  })

  it('go with their holder, and nothing else does', () => {
    const shelf = openShelf()
    keepDocument({ shelf, pocket, document })
    keepDocument({ shelf, pocket: other, document })
    shelf.setItem('something.else', 'stays')
    forgetPlaces({ shelf, holder: pocket.holder })
    expect(keptDocument({ shelf, pocket, geofenceHash })).to.equal(undefined)
    expect(keptDocument({ shelf, pocket: other, geofenceHash })).to.deep.equal(document)
    expect(shelf.getItem('something.else')).to.equal('stays')
  })

  it('are asked for again where nothing can be kept', () => {
    const shelf = {
      ...openShelf(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(() => keepDocument({ shelf, pocket, document })).not.to.throw()
  })
})
