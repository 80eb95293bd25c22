import fs from 'node:fs'
import { defaultPolicy } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { kmlToGeoJson } from './kml.ts'
import { readPlaces, readPlacesFile } from './places-file.ts'
import { squareSite } from './squares.fixture.ts'

const ring = (x: number, half = 0.001) => [
  [x - half, -half],
  [x + half, -half],
  [x + half, half],
  [x - half, half],
  [x - half, -half],
]
const polygon = (x: number) => ({ type: 'Polygon', coordinates: [ring(x)] })
const feature = (geometry: unknown, properties: unknown = {}) => ({
  type: 'Feature',
  properties,
  geometry,
})
const collection = (...features: unknown[]) =>
  JSON.stringify({ type: 'FeatureCollection', features })
const codesOf = (text: string) =>
  readPlaces(text).findings.map(({ code, path }) => `${path} ${code}`)
const namesOf = (text: string) => readPlaces(text).sites.map(({ name }) => name)

describe('readPlaces, given GeoJSON', () => {
  it('makes a site of each polygon, part by part', () => {
    const text = collection(
      feature(polygon(0), { name: 'Hall' }),
      feature(
        { type: 'MultiPolygon', coordinates: [[ring(1)], [ring(2), ring(2, 0.0002)]] },
        { name: 'Courts' },
      ),
    )
    expect(namesOf(text)).to.deep.equal(['Hall', 'Courts', 'Courts, part 2'])
    expect(readPlaces(text).sites[2]?.rings).to.have.length(2)
    expect(readPlaces(text).findings).to.deep.equal([])
    expect(readPlaces(JSON.stringify(polygon(0))).sites).to.have.length(1)
  })

  it('names each feature that is none, by its number and name, and keeps the others', () => {
    const text = collection(
      feature({ type: 'Point', coordinates: [0, 0] }, { name: 'Gate' }),
      feature(polygon(0), { name: 'Hall' }),
      feature(null),
      feature({ type: 'Polygon', coordinates: [ring(0).slice(0, 4)] }),
      feature({
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            ['x', 0],
            [1, 1],
            [0, 0],
          ],
        ],
      }),
    )
    expect(namesOf(text)).to.deep.equal(['Hall'])
    const { findings } = readPlaces(text)
    expect(findings.map(({ code, path }) => `${path} ${code}`)).to.deep.equal([
      'features.0 GEOMETRY_INVALID',
      'features.2 GEOMETRY_INVALID',
      'features.3.geometry.coordinates.0 RING_OPEN',
      'features.4.geometry.coordinates.0.1 GEOMETRY_INVALID',
    ])
    expect(findings[0]?.message).to.match(
      /^Feature 1 \(“Gate”\) was not added. It is a Point. Only/,
    )
    expect(findings[1]?.message).to.match(/^Feature 3 was not added. It draws nothing. /)
  })

  it('takes a fence that crosses itself, for the page to show it', () => {
    const bow = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ]
    const text = collection(feature({ type: 'Polygon', coordinates: [bow] }))
    expect(readPlaces(text).sites[0]?.rings[0]).to.have.length(4)
    expect(codesOf(text)).to.deep.equal([])
  })

  it('says that heights are left out, unless they are nought', () => {
    const high = (height: number) =>
      collection(
        feature({
          type: 'Polygon',
          coordinates: [ring(0).map((position) => [...position, height])],
        }),
      )
    expect(codesOf(high(0))).to.deep.equal([])
    expect(codesOf(high(12))).to.deep.equal(['features.0 HEIGHTS_LEFT_OUT'])
    expect(namesOf(high(12))).to.have.length(1)
  })

  it('says where a number of the file is not that of the list', () => {
    const text = collection(
      feature(polygon(0), { site: 2, name: 'Hall' }),
      feature(polygon(1), { site: 2 }),
    )
    expect(codesOf(text)).to.deep.equal(['features.0 SITE_NUMBER_INVALID'])
    expect(readPlaces(text).sites).to.have.length(2)
  })

  it('refuses as a whole what is wrong as a whole', () => {
    expect(codesOf('{')).to.deep.equal([' JSON_INVALID'])
    expect(codesOf(' '.repeat(2_000_001))).to.deep.equal([' FILE_TOO_LARGE'])
    expect(codesOf(collection())).to.deep.equal([' GEOMETRY_INVALID'])
    expect(codesOf(collection(...Array<unknown>(65).fill(feature(polygon(0)))))).to.deep.equal([
      'features TOO_MANY_SITES',
    ])
    const crs = { type: 'name', properties: { name: 'EPSG:3857' } }
    const projected = { type: 'FeatureCollection', crs, features: [feature(polygon(0))] }
    expect(codesOf(JSON.stringify(projected))).to.deep.equal(['crs GEOMETRY_INVALID'])
  })
})

describe('readPlaces, given a saved document', () => {
  const document = {
    version: 1,
    readers: 'holders',
    salt: `0x${'11'.repeat(32)}`,
    policy: defaultPolicy,
    sites: [squareSite({ name: 'Hall', number: 1 })],
  }
  it('takes it as it is, salt and policy too', () => {
    expect(readPlaces(JSON.stringify(document))).to.deep.include({ document, findings: [] })
  })
  it('says what is wrong with it', () => {
    expect(codesOf(JSON.stringify({ ...document, salt: '0x' }))).to.deep.equal([
      'salt SALT_INVALID',
    ])
  })
})

describe('readPlaces, given KML', () => {
  const kml = (...placemarks: string[]) =>
    `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Venue</name>${placemarks.join('')}</Document></kml>`
  const coordinates = (x: number, half?: number) =>
    `<LinearRing><coordinates>\n ${ring(x, half)
      .map((position) => [...position, 0].join(','))
      .join('\n ')}\n</coordinates></LinearRing>`
  const shape = (x: number, holes = '') =>
    `<Polygon><outerBoundaryIs>${coordinates(x)}</outerBoundaryIs>${holes}</Polygon>`
  const hole = `<innerBoundaryIs>${coordinates(0, 0.0002)}</innerBoundaryIs>`
  const mark = (name: string, inside: string) =>
    `<Placemark><name>${name}</name>${inside}</Placemark>`

  it('makes the same sites as of GeoJSON, holes and several shapes included', () => {
    const text = kml(
      `<Folder><name>All</name>${mark('Mess &amp; <![CDATA[<bar>]]>', shape(0, hole))}</Folder>`,
      mark('Courts', `<MultiGeometry>${shape(1)}${shape(2)}</MultiGeometry>`),
    )
    expect(namesOf(text)).to.deep.equal(['Mess & <bar>', 'Courts', 'Courts, part 2'])
    expect(codesOf(text)).to.deep.equal([])
    const same = collection(
      feature({ type: 'Polygon', coordinates: [ring(0), ring(0, 0.0002)] }, { name: 'x' }),
    )
    expect(readPlaces(text).sites[0]?.rings).to.deep.equal(readPlaces(same).sites[0]?.rings)
  })

  it('reads prefixed elements, and a polygon that names its hole first', () => {
    const swapped = `<Polygon>${hole}<outerBoundaryIs>${coordinates(0)}</outerBoundaryIs></Polygon>`
    const text = kml(mark('Hall', swapped))
    const rings = readPlaces(text).sites[0]?.rings
    expect(rings?.[0]?.[0]?.longitudeE7).to.equal(-10_000)
    const prefixed = text
      .replace(/<(\/?)(?=\w)/g, '<$1k:')
      .replace('<k:kml xmlns=', '<k:kml xmlns:k=')
    expect(readPlaces(prefixed).sites[0]?.rings).to.deep.equal(rings)
  })

  it('loses nothing: points, pictures and links are named', () => {
    const text = kml(
      mark('Gate', '<Point><coordinates>0,0</coordinates></Point>'),
      mark('Hall', `<MultiGeometry>${shape(0)}<LineString/></MultiGeometry>`),
      '<NetworkLink><name>More</name><Link><href>http://example.org/</href></Link></NetworkLink>',
      '<GroundOverlay><name>Plan</name></GroundOverlay>',
      '<Placemark><name>Nothing</name></Placemark>',
    )
    expect(namesOf(text)).to.deep.equal(['Hall'])
    const messages = readPlaces(text).findings.map(({ message }) => message)
    expect(messages.map((message) => message.split('. Only')[0])).to.deep.equal([
      'Feature 1 (“Gate”) was not added. It is a Point',
      'Feature 3 (“Hall”) was not added. It is a LineString',
      'Feature 4 (“More”) was not added. It is a NetworkLink',
      'Feature 5 (“Plan”) was not added. It is a GroundOverlay',
      'Feature 6 (“Nothing”) was not added. It draws nothing',
    ])
  })

  it('names a broken shape, and a broken file', () => {
    const bad = `<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 ,5 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>`
    expect(codesOf(kml(mark('Hall', bad)))).to.deep.equal([
      'features.0.geometry.coordinates.0.0.1 GEOMETRY_INVALID',
    ])
    expect(codesOf('<html><body/></html>')).to.deep.equal([' KML_INVALID'])
    expect(codesOf(kml(mark('Hall', shape(0))).slice(0, -8))).to.deep.equal([' KML_INVALID'])
    expect(codesOf('<kml><Document></kml>')).to.deep.equal([' KML_INVALID'])
    expect(codesOf('<kml/>')).to.deep.equal([' GEOMETRY_INVALID'])
    expect(kmlToGeoJson('<').ok).to.equal(false)
  })

  it('does not follow entities that a file declares for itself', () => {
    const text = `<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>${kml(mark('&x;', shape(0)))}`
    expect(namesOf(text).join()).not.to.contain('root')
  })
})

describe('readPlacesFile', () => {
  const codeOf = async (bytes: Uint8Array<ArrayBuffer> | string) => {
    const { findings } = await readPlacesFile(new Blob([bytes]))
    return findings[0]?.code
  }
  it('goes by what is in the file, and has a sentence for what is no map', async () => {
    expect(await codeOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13))).to.equal('FILE_IS_IMAGE')
    expect(await codeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).to.equal('FILE_IS_IMAGE')
    expect(await codeOf('%PDF-1.7')).to.equal('FILE_IS_PDF')
    expect(await codeOf('PK\u0003\u0004')).to.equal('FILE_IS_ZIPPED')
    expect(await codeOf(new Uint8Array(2_000_001))).to.equal('FILE_TOO_LARGE')
    expect(await codeOf('hello')).to.equal('JSON_INVALID')
    expect(await codeOf(`\uFEFF${JSON.stringify(polygon(0))}`)).to.equal(undefined)
  })
  it('reads the demo’s venue', async () => {
    const venue = fs.readFileSync(
      new URL('../../../../demo/venue.geojson', import.meta.url),
      'utf8',
    )
    const { sites, findings } = await readPlacesFile(new Blob([venue]))
    expect(findings).to.deep.equal([])
    expect(sites.map(({ name }) => name)).to.include('Mess hall')
  })
})
