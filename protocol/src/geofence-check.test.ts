import { expect } from 'chai'
import { checkGeofence } from './geofence-check.ts'
import type { GeofenceProblemCode } from './geofence-problem.ts'
import { defaultPolicy, type Vertex } from './geofence.ts'
import { square } from './square.fixture.ts'
import { bytes32Field } from './wire-fields.ts'

const salt = bytes32Field.parse(`0x${'5a'.repeat(32)}`)

describe('checkGeofence', () => {
  const shell = square({ half: 50_000 })

  it('gives a good document back in canonical form', () => {
    const hole = square({ half: 10_000 })
    const result = checkGeofence(documentOf([shell, hole]))
    if (!result.ok) expect.fail(JSON.stringify(result.problems))
    expect(result.document.sites[0]!.rings[0]![0]).to.deep.equal(at(-50_000, -50_000))
    expect(checkGeofence(result.document)).to.deep.equal(result)
  })

  const refused: [string, GeofenceProblemCode, unknown][] = [
    ['null', 'DOCUMENT_INVALID', null],
    ['text', 'DOCUMENT_INVALID', 'https://example.org/fence.json'],
    ['a list', 'DOCUMENT_INVALID', []],
    ['an unknown member', 'DOCUMENT_INVALID', { ...documentOf([shell]), crs: {} }],
    ['no salt', 'SALT_INVALID', { ...documentOf([shell]), salt: undefined }],
    [
      'a salt of 31 bytes',
      'SALT_INVALID',
      { ...documentOf([shell]), salt: `0x${'5a'.repeat(31)}` },
    ],
    ['a salt of zeros', 'SALT_INVALID', { ...documentOf([shell]), salt: `0x${'00'.repeat(32)}` }],
    ['no policy', 'POLICY_INVALID', { ...documentOf([shell]), policy: undefined }],
    ['a nameless site', 'NAME_INVALID', documentOf([shell], { name: '' })],
    ['a site out of order', 'SITE_NUMBER_INVALID', documentOf([shell], { number: 2 })],
    ['no site', 'SITE_NUMBER_INVALID', { ...documentOf([shell]), sites: [] }],
    ['no ring', 'GEOMETRY_INVALID', documentOf([])],
    ['an empty ring', 'RING_TOO_SHORT', documentOf([[]])],
    ['two vertices', 'RING_TOO_SHORT', documentOf([shell.slice(2)])],
    ['a vertex of NaN', 'GEOMETRY_INVALID', documentOf([[...shell, at(NaN, 0)]])],
    ['a vertex of half a unit', 'GEOMETRY_INVALID', documentOf([[...shell, at(0.5, 0)]])],
    ['a latitude of 95', 'GEOMETRY_INVALID', documentOf([[...shell, at(0, 950_000_000)]])],
    ['a ring of null', 'RING_TOO_SHORT', { ...documentOf([]), sites: [{ rings: [null] }] }],
    ['a closed ring', 'RING_REPEATED', documentOf([[...shell, shell[0]!]])],
    ['a ring wound twice', 'RING_REPEATED', documentOf([[...shell, ...shell]])],
    ['a bow-tie', 'RING_SELF_CROSSES', documentOf([[shell[0]!, shell[2]!, shell[1]!, shell[3]!]])],
    [
      'a vertex on an edge',
      'RING_SELF_CROSSES',
      documentOf([[at(0, 0), at(9_000, 0), at(9_000, 9_000), at(4_000, 0), at(0, 9_000)]]),
    ],
    [
      'a spike',
      'RING_SELF_CROSSES',
      documentOf([[at(0, 0), at(9_000, 0), at(19_000, 0), at(8_000, 0), at(0, 9_000)]]),
    ],
    ['a line', 'RING_SELF_CROSSES', documentOf([[at(0, 0), at(9_000, 9_000), at(5_000, 5_000)]])],
    ['a hole outside', 'HOLE_OUTSIDE', documentOf([shell, square({ half: 9, east: 60_000 })])],
    [
      'a hole across the edge',
      'HOLE_OUTSIDE',
      documentOf([shell, square({ half: 9_000, east: 50_000 })]),
    ],
    [
      'a hole that touches the edge',
      'HOLE_OUTSIDE',
      documentOf([shell, square({ half: 9_000, east: 41_000 })]),
    ],
    ['a hole around the shell', 'HOLE_OUTSIDE', documentOf([shell, square({ half: 60_000 })])],
    [
      'holes that overlap',
      'HOLE_OVERLAP',
      documentOf([shell, square({ half: 9_000 }), square({ half: 9_000, east: 9_000 })]),
    ],
    [
      'holes that touch',
      'HOLE_OVERLAP',
      documentOf([shell, square({ half: 9_000 }), square({ half: 9_000, east: 18_000 })]),
    ],
    [
      'a hole in a hole',
      'HOLE_OVERLAP',
      documentOf([shell, square({ half: 9_000 }), square({ half: 900 })]),
    ],
    [
      'a hole around a hole',
      'HOLE_OVERLAP',
      documentOf([shell, square({ half: 900 }), square({ half: 9_000 })]),
    ],
    [
      'one hole twice',
      'HOLE_OVERLAP',
      documentOf([shell, square({ half: 900 }), square({ half: 900 })]),
    ],
    ['99 m²', 'AREA_TOO_SMALL', documentOf([square({ half: 446 })])],
    [
      'a frame of no area',
      'AREA_TOO_SMALL',
      documentOf([square({ half: 1_000 }), square({ half: 999 })]),
    ],
    ['more than 10,000 km²', 'AREA_TOO_LARGE', documentOf([square({ half: 4_600_000 })])],
    ['a fence across the antimeridian', 'FENCE_ANTIMERIDIAN', documentOf([across()])],
    [
      'a fence near the pole',
      'FENCE_POLAR',
      documentOf([square({ half: 1_000, north: 850_000_000 })]),
    ],
    ['nine rings', 'TOO_MANY_RINGS', documentOf(Array.from({ length: 9 }, () => shell))],
    [
      '65 sites',
      'TOO_MANY_SITES',
      { ...documentOf([shell]), sites: Array.from({ length: 65 }, () => ({})) },
    ],
    ['nine sites over one another', 'SITES_PILED', piled(9)],
    [
      'nine that share no more than a corner of their boxes',
      'SITES_PILED',
      {
        ...piled(8),
        sites: [...piled(8).sites, siteAt({ number: 9, east: 100_000, north: 100_000 })],
      },
    ],
    ['501 vertices', 'RING_TOO_LONG', documentOf([circle(501)])],
    ['501 vertices in two rings', 'RING_TOO_LONG', documentOf([circle(251), circle(250)])],
  ]
  for (const [what, code, document] of refused) {
    it(`refuses ${what} as ${code}`, () => {
      const result = checkGeofence(document)
      expect(result.ok ? [] : result.problems.map((problem) => problem.code)).to.include(code)
    })
  }

  it('says in a sentence what is wrong, and where', () => {
    const bowTie = [at(0, 0), at(40_000, 40_000), at(40_000, 0), at(0, 40_000)]
    expect(checkGeofence(documentOf([shell, bowTie]))).to.deep.equal({
      ok: false,
      problems: [
        {
          code: 'RING_SELF_CROSSES',
          message:
            'Site 1 (Lawn), ring 2, crosses or touches itself at longitude 0.002, latitude 0.002.',
          path: 'sites.0.rings.1',
        },
      ],
    })
  })

  it('takes the largest allowed: 500 vertices, 8 rings, 64 sites of which 8 over one another, 101 m², 85 degrees', () => {
    expect(checkGeofence(documentOf([circle(500)])).ok).to.equal(true)
    const holes = Array.from({ length: 7 }, (_, hole) =>
      square({ half: 1_000, east: (hole - 3) * 3_000 }),
    )
    expect(checkGeofence(documentOf([shell, ...holes])).ok).to.equal(true)
    const sites = Array.from({ length: 64 }, (_, index) =>
      siteAt({ number: index + 1, east: (index % 8) * 200_000 }),
    )
    expect(checkGeofence({ ...documentOf([]), sites }).ok).to.equal(true)
    const beside = siteAt({ number: 9, east: 100_001, north: 100_000 })
    expect(checkGeofence({ ...piled(8), sites: [...piled(8).sites, beside] }).ok).to.equal(true)
    expect(checkGeofence(documentOf([square({ half: 453 })])).ok).to.equal(true)
    const north = square({ half: 50_000, north: 849_950_000 })
    expect(checkGeofence(documentOf([north])).ok).to.equal(true)
    const atSeam = square({ half: 50_000, east: 1_799_950_000 })
    expect(checkGeofence(documentOf([atSeam])).ok).to.equal(true)
  })

  it('refuses a million vertices before it looks at one', () => {
    const ring = new Proxy(Array.from({ length: 1_000_000 }), {
      get: (array, member) => {
        if (typeof member === 'string' && /^\d+$/.test(member)) throw new Error('It looked.')
        return Reflect.get(array, member) as unknown
      },
    })
    expect(checkGeofence(documentOf([ring]))).to.have.nested.property(
      'problems[0].code',
      'RING_TOO_LONG',
    )
  })

  it('leaves Object.prototype alone', () => {
    const document: unknown = JSON.parse('{"__proto__":{"polluted":1},"version":1}')
    expect(checkGeofence(document).ok).to.equal(false)
    expect(Reflect.get({}, 'polluted')).to.equal(undefined)
  })
})

function documentOf(rings: unknown[], change: { number?: number; name?: string } = {}) {
  const sites = [{ number: 1, name: 'Lawn', rings, ...change }]
  return { version: 1, readers: 'holders', salt, policy: defaultPolicy, sites }
}

/** So many sites in one place. */
function piled(sites: number) {
  const numbers = Array.from({ length: sites }, (_, index) => index + 1)
  return { ...documentOf([]), sites: numbers.map((number) => siteAt({ number })) }
}

function siteAt({ number, ...offset }: { number: number; east?: number; north?: number }) {
  return { number, name: `Lawn ${number}`, rings: [square({ half: 50_000, ...offset })] }
}

function at(longitudeE7: number, latitudeE7: number): Vertex {
  return { longitudeE7, latitudeE7 }
}

function circle(vertices: number): Vertex[] {
  return Array.from({ length: vertices }, (_, index) => {
    const angle = (index / vertices) * 2 * Math.PI
    return at(Math.round(Math.cos(angle) * 100_000), Math.round(Math.sin(angle) * 100_000))
  })
}

function across(): Vertex[] {
  return [
    at(1_799_900_000, 0),
    at(-1_799_900_000, 0),
    at(-1_799_900_000, 90_000),
    at(1_799_900_000, 90_000),
  ]
}
