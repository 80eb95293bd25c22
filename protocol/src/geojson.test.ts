import { expect } from 'chai'
import { geofenceFromGeoJson } from './geofence-check.ts'
import type { GeofenceProblemCode } from './geofence-problem.ts'
import { defaultPolicy, hashGeofence } from './geofence.ts'
import { bytes32Field } from './wire-fields.ts'

const salt = bytes32Field.parse(`0x${'5a'.repeat(32)}`)
const SHELL = [
  [75.92, 26.93],
  [75.93, 26.93],
  [75.93, 26.94],
  [75.92, 26.94],
  [75.92, 26.93],
]

describe('geofenceFromGeoJson', () => {
  it('reads a polygon, a feature and a collection alike', () => {
    const polygon = { type: 'Polygon', coordinates: [SHELL] }
    const feature = { type: 'Feature', properties: null, geometry: polygon }
    const collection = { type: 'FeatureCollection', features: [feature] }
    const hashes = [polygon, feature, collection].map((geoJson) => {
      const result = geofenceFromGeoJson({ geoJson, salt })
      return result.ok ? hashGeofence(result.document) : result.problems
    })
    expect(hashes[0]).to.be.a('string')
    expect(new Set(hashes).size).to.equal(1)
  })

  it('fills in the defaults: readers, policy, names', () => {
    const result = geofenceFromGeoJson({ geoJson: polygonOf(SHELL), salt })
    if (!result.ok) expect.fail(JSON.stringify(result.problems))
    expect(result.document).to.include({ version: 1, readers: 'holders', salt })
    expect(result.document.policy).to.deep.equal(defaultPolicy)
    expect(result.document.sites[0]!.name).to.equal('Site 1')
  })

  it('takes names from the caller first, then from the features', () => {
    const feature = {
      type: 'Feature',
      properties: { name: ' Mess hall ' },
      geometry: polygonOf(SHELL),
    }
    const geoJson = { type: 'FeatureCollection', features: [feature, feature] }
    const result = geofenceFromGeoJson({ geoJson, salt, names: ['Lawn'] })
    expect(result.ok && result.document.sites.map(({ name }) => name)).to.deep.equal([
      'Lawn',
      'Mess hall',
    ])
  })

  it('splits a MultiPolygon into sites', () => {
    const geometry = { type: 'MultiPolygon', coordinates: [[SHELL], [moved(1)]] }
    const geoJson = { type: 'Feature', properties: { name: 'Halls', site: 1 }, geometry }
    const result = geofenceFromGeoJson({ geoJson, salt })
    expect(
      result.ok && result.document.sites.map(({ number, name }) => [number, name]),
    ).to.deep.equal([
      [1, 'Halls'],
      [2, 'Halls, part 2'],
    ])
  })

  it('drops a lying bbox and every other member', () => {
    const lying = { ...polygonOf(SHELL), bbox: [0, 0, 1, 1], rights: 'all' }
    expect(geofenceFromGeoJson({ geoJson: lying, salt })).to.deep.equal(
      geofenceFromGeoJson({ geoJson: polygonOf(SHELL), salt }),
    )
  })

  const position = (vertex: unknown) => polygonOf([...SHELL.slice(0, 2), vertex, ...SHELL.slice(3)])
  const refused: [string, GeofenceProblemCode, unknown][] = [
    ['null', 'GEOMETRY_INVALID', null],
    ['a URL', 'GEOMETRY_INVALID', 'file:///etc/passwd'],
    ['a point', 'GEOMETRY_INVALID', { type: 'Point', coordinates: [75.92, 26.93] }],
    ['a line', 'GEOMETRY_INVALID', { type: 'LineString', coordinates: SHELL }],
    [
      'a collection of geometries',
      'GEOMETRY_INVALID',
      { type: 'GeometryCollection', geometries: [] },
    ],
    ['an empty collection', 'GEOMETRY_INVALID', { type: 'FeatureCollection', features: [] }],
    ['a feature without geometry', 'GEOMETRY_INVALID', { type: 'Feature', geometry: null }],
    [
      'a feature in a feature',
      'GEOMETRY_INVALID',
      { type: 'Feature', geometry: { type: 'Feature' } },
    ],
    [
      'a polygon among features',
      'GEOMETRY_INVALID',
      { type: 'FeatureCollection', features: [polygonOf(SHELL)] },
    ],
    ['a polygon without rings', 'GEOMETRY_INVALID', { type: 'Polygon', coordinates: [] }],
    [
      'a ring that is none',
      'GEOMETRY_INVALID',
      { type: 'Polygon', coordinates: ['http://169.254.169.254'] },
    ],
    [
      'another datum',
      'GEOMETRY_INVALID',
      { ...polygonOf(SHELL), crs: { properties: { name: 'EPSG:3857' } } },
    ],
    ['an empty ring', 'RING_TOO_SHORT', polygonOf([])],
    ['a ring of 3 points', 'RING_TOO_SHORT', polygonOf(SHELL.slice(0, 3))],
    ['a ring open eastward', 'RING_OPEN', polygonOf([...SHELL.slice(0, 4), [75.921, 26.93]])],
    ['a ring open northward', 'RING_OPEN', polygonOf([...SHELL.slice(0, 4), [75.92, 26.931]])],
    ['a 3-D position', 'GEOMETRY_INVALID', position([75.93, 26.94, 1])],
    ['text', 'GEOMETRY_INVALID', position(['75.93', '26.94'])],
    ['null', 'GEOMETRY_INVALID', position([null, 26.94])],
    ['NaN', 'GEOMETRY_INVALID', position([75.93, NaN])],
    ['1e999', 'GEOMETRY_INVALID', position([75.93, JSON.parse('1e999')])],
    ['a latitude of 95', 'GEOMETRY_INVALID', position([75.93, 95])],
    ['a longitude of 180.1', 'GEOMETRY_INVALID', position([180.1, 26.94])],
    [
      'a bow-tie',
      'RING_SELF_CROSSES',
      polygonOf([SHELL[0], SHELL[2], SHELL[1], SHELL[3], SHELL[0]]),
    ],
    ['a ring wound twice', 'RING_REPEATED', polygonOf([...SHELL.slice(0, 4), ...SHELL])],
    ['502 positions', 'RING_TOO_LONG', polygonOf(Array.from({ length: 502 }, () => [0, 0]))],
    [
      'nine rings',
      'TOO_MANY_RINGS',
      { type: 'Polygon', coordinates: Array.from({ length: 9 }, () => SHELL) },
    ],
    [
      '65 polygons',
      'TOO_MANY_SITES',
      { type: 'MultiPolygon', coordinates: Array.from({ length: 65 }, () => [SHELL]) },
    ],
    [
      '65 features',
      'TOO_MANY_SITES',
      { type: 'FeatureCollection', features: Array.from({ length: 65 }) },
    ],
    [
      'sites numbered in another order',
      'SITE_NUMBER_INVALID',
      { type: 'Feature', properties: { site: 2 }, geometry: polygonOf(SHELL) },
    ],
    ['a short salt', 'SALT_INVALID', polygonOf(SHELL)],
  ]
  for (const [what, code, geoJson] of refused) {
    it(`refuses ${what} as ${code}`, () => {
      const result = geofenceFromGeoJson({ geoJson, salt: what === 'a short salt' ? '0x12' : salt })
      expect(result.ok ? [] : result.problems.map((problem) => problem.code)).to.include(code)
    })
  }

  it('names the vertex and its place', () => {
    const result = geofenceFromGeoJson({ geoJson: position([75.93, '26.94']), salt })
    expect(result).to.deep.equal({
      ok: false,
      problems: [
        {
          code: 'GEOMETRY_INVALID',
          message: 'Vertex 3 needs a latitude that is a number from -90 to 90.',
          path: 'coordinates.0.2',
        },
      ],
    })
  })
})

function polygonOf(ring: unknown[]) {
  return { type: 'Polygon', coordinates: [ring] }
}

function moved(degrees: number) {
  return SHELL.map(([longitude, latitude]) => [longitude! + degrees, latitude])
}
