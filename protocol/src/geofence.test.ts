import { expect } from 'chai'
import vectors from '../vectors/geofence.json' with { type: 'json' }
import {
  canonicalGeofence,
  defaultPolicy,
  fromE7,
  geofenceDocumentSchema,
  hashGeofence,
  siteToGeoJson,
  toE7,
  type GeofenceDocument,
} from './geofence.ts'
import { square, squareSite } from './square.fixture.ts'
import { bytes32Field } from './wire-fields.ts'

const salt = bytes32Field.parse(`0x${'5a'.repeat(32)}`)
const document: GeofenceDocument = {
  version: 1,
  readers: 'holders',
  salt,
  policy: defaultPolicy,
  sites: [
    {
      number: 1,
      name: 'Mess hall',
      rings: [
        square({ half: 5_000 }),
        square({ half: 1_000, east: 2_000 }),
        square({ half: 1_000, east: -2_000 }),
      ],
    },
  ],
}

describe('geofence', () => {
  describe('hashGeofence', () => {
    for (const { name, document, hash } of vectors) {
      it(`is that of the vectors for ${name}`, () => {
        expect(hashGeofence(geofenceDocumentSchema.parse(document))).to.equal(hash)
      })
    }

    it('is one for all drawings of one fence', () => {
      const [shell, left, right] = document.sites[0]!.rings
      const hash = hashGeofence(document)
      const drawings = [
        [turned(shell!, 1), turned(left!, 2), turned(right!, 3)],
        [shell!.toReversed(), left!.toReversed(), right!],
        [shell!, right!, left!],
        [turned(shell!.toReversed(), 3), right!.toReversed(), turned(left!, 1)],
      ]
      for (const rings of drawings) {
        expect(hashGeofence(withSite({ rings }))).to.equal(hash)
      }
    })

    it('is one for either order of the sources', () => {
      const one = withPolicy({ sources: ['browser', 'hypertrack'] })
      const other = withPolicy({ sources: ['hypertrack', 'browser'] })
      expect(hashGeofence(one)).to.equal(hashGeofence(other))
    })

    it('differs with every member', () => {
      const hashes = [
        document,
        { ...document, readers: 'anybody' as const },
        { ...document, salt: bytes32Field.parse(`0x${'5b'.repeat(32)}`) },
        withPolicy({ maxAccuracyMetres: 101 }),
        withPolicy({ maxFixAgeSeconds: 61 }),
        withPolicy({ minConfidencePermille: 801 }),
        withPolicy({ sources: ['hypertrack'] }),
        withPolicy({ isBeaconRequired: true }),
        withSite({ name: 'Mess hal' }),
        withSite({ rings: [square({ half: 5_001 })] }),
        withSite({ rings: [square({ half: 5_000 })] }),
        { ...document, sites: [...document.sites, { ...squareSite({ half: 1_000 }), number: 2 }] },
      ].map(hashGeofence)
      expect(new Set(hashes).size).to.equal(hashes.length)
    })
  })

  describe('canonicalGeofence', () => {
    it('turns the shell counter-clockwise and holes clockwise, from the smallest vertex on', () => {
      const { rings } = canonicalGeofence(document).sites[0]!
      expect(rings[0]).to.deep.equal([
        at(-5_000, -5_000),
        at(5_000, -5_000),
        at(5_000, 5_000),
        at(-5_000, 5_000),
      ])
      expect(rings[1]).to.deep.equal([
        at(-3_000, -1_000),
        at(-3_000, 1_000),
        at(-1_000, 1_000),
        at(-1_000, -1_000),
      ])
      expect(rings[2]![0]).to.deep.equal(at(1_000, -1_000))
    })

    it('changes nothing the second time, and never its argument', () => {
      const before = JSON.stringify(document)
      const once = canonicalGeofence(document)
      expect(canonicalGeofence(once)).to.deep.equal(once)
      expect(JSON.stringify(document)).to.equal(before)
    })
  })

  describe('geofenceDocumentSchema', () => {
    const refused: [string, unknown][] = [
      ['another version', { ...document, version: 2 }],
      ['other readers', { ...document, readers: 'everybody' }],
      ['an unknown member', { ...document, bbox: [0, 0, 1, 1] }],
      ['a short salt', { ...document, salt: '0x12' }],
      ['a salt of zeros', { ...document, salt: `0x${'00'.repeat(32)}` }],
      ['no source', withPolicy({ sources: [] })],
      ['a source twice', withPolicy({ sources: ['browser', 'browser'] })],
      ['an accuracy of zero', withPolicy({ maxAccuracyMetres: 0 })],
      [
        'an accuracy as text',
        { ...document, policy: { ...defaultPolicy, maxAccuracyMetres: '100' } },
      ],
      ['an age of 601', withPolicy({ maxFixAgeSeconds: 601 })],
      ['a confidence of 499', withPolicy({ minConfidencePermille: 499 })],
      ['a confidence of 1000', withPolicy({ minConfidencePermille: 1000 })],
      ['no site', { ...document, sites: [] }],
      ['a site out of order', withSite({ number: 2 })],
      ['an empty name', withSite({ name: '' })],
      ['a name of spaces', withSite({ name: '  ' })],
      ['a name with a direction override', withSite({ name: 'Mess\u202ehall' })],
      ['a name of 81', withSite({ name: 'x'.repeat(81) })],
      ['half a unit', withSite({ rings: [[...square({ half: 9 }), at(0.5, 1)]] })],
    ]
    for (const [what, value] of refused) {
      it(`refuses ${what}`, () => {
        expect(geofenceDocumentSchema.safeParse(value).success).to.equal(false)
      })
    }

    it('takes names in any script', () => {
      for (const name of ['भोजन कक्ष', 'क्‍ष', '食堂', 'Café 🍽️']) {
        expect(geofenceDocumentSchema.safeParse(withSite({ name })).success, name).to.equal(true)
      }
    })
  })

  describe('degrees', () => {
    it('survive the way to integers and back, a million times', () => {
      for (let index = 0; index < 1_000_000; index++) {
        const integer = ((index * 7_919 * 454_545) % 3_600_000_001) - 1_800_000_000
        if (toE7(fromE7(integer)) !== integer) expect.fail(`${integer}`)
      }
    })

    it('have no minus zero', () => {
      expect(Object.is(toE7(-0), 0)).to.equal(true)
      expect(Object.is(toE7(-1e-9), 0)).to.equal(true)
    })

    it('do not depend on how a number was written', () => {
      expect(toE7(JSON.parse('1.10'))).to.equal(toE7(JSON.parse('1.1')))
    })
  })

  describe('siteToGeoJson', () => {
    it('closes the rings', () => {
      const { geometry, properties } = siteToGeoJson(squareSite({ half: 10_000_000 }))
      expect(geometry.coordinates).to.deep.equal([
        [
          [1, 1],
          [1, -1],
          [-1, -1],
          [-1, 1],
          [1, 1],
        ],
      ])
      expect(properties).to.deep.equal({ site: 1, name: 'Square' })
    })
  })
})

function withSite(change: Partial<GeofenceDocument['sites'][number]>): GeofenceDocument {
  return { ...document, sites: document.sites.map((site) => ({ ...site, ...change })) }
}

function withPolicy(change: Partial<GeofenceDocument['policy']>): GeofenceDocument {
  return { ...document, policy: { ...defaultPolicy, ...change } }
}

function turned<Item>(ring: Item[], by: number): Item[] {
  return [...ring.slice(by), ...ring.slice(0, by)]
}

function at(longitudeE7: number, latitudeE7: number) {
  return { longitudeE7, latitudeE7 }
}
