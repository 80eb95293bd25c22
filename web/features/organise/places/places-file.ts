import { type GeofenceDocument, LIMITS, siteToGeoJson } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import { sitesFromGeoJson } from '@coupon-secure/protocol/geojson'
import type { FieldProblem } from '../../../ui/Field.tsx'
import { kmlToGeoJson } from './kml.ts'
import type { Sites } from './site-edits.ts'

/** One thing that a file holds and that did not come over as it is; `path` says where in the file. */
export type Finding = FieldProblem & { path: string }

/** What came of a file: sites to add, or a whole document to take over; and everything else that was in it, named. */
export type Imported = { sites: Sites; document?: GeofenceDocument; findings: readonly Finding[] }

const LARGEST_FILE = 2_000_000

// What such files begin with.
const MAGIC = [
  { starts: [0x89, 0x50, 0x4e, 0x47], kind: 'picture' },
  { starts: [0xff, 0xd8, 0xff], kind: 'picture' },
  { starts: [0x47, 0x49, 0x46, 0x38], kind: 'picture' },
  { starts: [0x52, 0x49, 0x46, 0x46], kind: 'picture' },
  { starts: [0x25, 0x50, 0x44, 0x46], kind: 'pdf' },
  { starts: [0x50, 0x4b, 0x03, 0x04], kind: 'zip' },
] as const

/** Reads a file by what is in it, whatever it is called. */
export async function readPlacesFile(file: Blob): Promise<Imported> {
  if (file.size > LARGEST_FILE) return TOO_LARGE
  const bytes = new Uint8Array(await file.arrayBuffer())
  const magic = MAGIC.find(({ starts }) => starts.every((byte, index) => bytes[index] === byte))
  switch (magic?.kind) {
    case 'picture':
      return none({
        code: 'FILE_IS_IMAGE',
        message: 'This is a picture. Places come as GeoJSON or KML: shapes, not a drawing of them.',
      })
    case 'pdf':
      return none({
        code: 'FILE_IS_PDF',
        message: 'This is a PDF. Places come as GeoJSON or KML.',
      })
    case 'zip':
      return none({
        code: 'FILE_IS_ZIPPED',
        message:
          'This is a zipped file, such as a KMZ. Unpack it, and choose the KML that is in it.',
      })
    case undefined:
      return readPlaces(new TextDecoder().decode(bytes))
  }
}

/** Reads GeoJSON, KML, or a geofence document that was saved from here earlier. */
export function readPlaces(text: string): Imported {
  if (text.length > LARGEST_FILE) return TOO_LARGE
  const content = text.replace(/^\uFEFF/, '').trim()
  if (content.startsWith('<')) {
    const read = kmlToGeoJson(content)
    return read.ok ? sitesIn(read.geoJson) : none(read)
  }
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    return none({ code: 'JSON_INVALID', message: `This is neither GeoJSON nor KML: ${why}` })
  }
  if (member(value, 'version') === 1) {
    const checked = checkGeofence(value)
    return checked.ok
      ? { sites: checked.document.sites, document: checked.document, findings: [] }
      : { sites: [], findings: checked.problems }
  }
  return sitesIn(value)
}

/** All sites as GeoJSON, for the map. */
export function sitesToGeoJson(sites: Sites) {
  return {
    type: 'FeatureCollection' as const,
    features: sites.map((site, index) => ({
      ...siteToGeoJson(site),
      properties: { name: site.name, number: index + 1 },
    })),
  }
}

/** Feature by feature, so that a sound one is not lost for a broken one, and each broken one is named. */
function sitesIn(value: unknown): Imported {
  const isCollection = member(value, 'type') === 'FeatureCollection'
  const listed = isCollection ? member(value, 'features') : [value]
  const crs = member(value, 'crs')
  const features: unknown[] = Array.isArray(listed) ? listed : []
  if (features.length === 0 || features.length > LIMITS.sites || hasUnknownCrs(crs)) {
    // Wrong as a whole: the protocol's own sentence.
    const read = sitesFromGeoJson({ geoJson: value, names: [] })
    return read.ok ? { sites: read.sites, findings: [] } : { sites: [], findings: read.problems }
  }

  const sites: Sites[number][] = []
  const findings: Finding[] = []
  for (const [index, feature] of features.entries()) {
    const read = readFeature({ feature, index, isCollection, nextNumber: sites.length + 1 })
    sites.push(...read.sites)
    findings.push(...read.findings)
  }
  return { sites, findings }
}

function readFeature({
  feature,
  index,
  isCollection,
  nextNumber,
}: {
  feature: unknown
  index: number
  isCollection: boolean
  nextNumber: number
}): Imported {
  const properties = member(feature, 'properties')
  const [name, site] = [member(properties, 'name'), member(properties, 'site')]
  const called = typeof name === 'string' && name.trim() !== '' ? ` (“${name.trim()}”)` : ''
  const who = isCollection ? `Feature ${index + 1}${called}` : `The drawing${called}`
  const at = isCollection ? `features.${index}` : ''
  const geometry = member(feature, 'type') === 'Feature' ? member(feature, 'geometry') : feature

  const { flat, hadHeights } = withoutHeights(geometry)
  const read = sitesFromGeoJson({
    geoJson: {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name }, geometry: flat }],
    },
    names: [],
  })
  if (!read.ok) {
    return {
      sites: [],
      findings: read.problems.map(({ code, message, path }) => ({
        code,
        message: `${who} was not added. ${kindText(geometry)}${message}`,
        path: path.replace(/^features\.0/, at),
      })),
    }
  }
  const findings: Finding[] = []
  if (hadHeights) {
    const message = `${who} has heights. They were left out: a place has none.`
    findings.push({ code: 'HEIGHTS_LEFT_OUT', message, path: at })
  }
  if (typeof site === 'number' && site !== nextNumber) {
    const message = `${who} says it is site ${site}; in this file it comes as number ${nextNumber}. Sites are numbered in the order of the list.`
    findings.push({ code: 'SITE_NUMBER_INVALID', message, path: at })
  }
  return { sites: read.sites, findings }
}

function kindText(geometry: unknown): string {
  const type = member(geometry, 'type')
  if (geometry === null || geometry === undefined) return 'It draws nothing. '
  return typeof type === 'string' && !/Polygon$/.test(type) ? `It is a ${type}. ` : ''
}

/** Positions of three numbers as two: exporters add a height of nought to everything. */
function withoutHeights(geometry: unknown): { flat: unknown; hadHeights: boolean } {
  let hadHeights = false
  const flatten = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value
    const list: unknown[] = value
    if (list.length === 3 && list.every((part) => typeof part === 'number')) {
      hadHeights ||= list[2] !== 0
      return list.slice(0, 2)
    }
    return list.map(flatten)
  }
  if (typeof geometry !== 'object' || geometry === null) return { flat: geometry, hadHeights }
  const flat = { ...geometry, coordinates: flatten(member(geometry, 'coordinates')) }
  return { flat, hadHeights }
}

function hasUnknownCrs(crs: unknown): boolean {
  if (crs === undefined) return false
  const read = sitesFromGeoJson({
    geoJson: { type: 'FeatureCollection', crs, features: [] },
    names: [],
  })
  return !read.ok && read.problems.some(({ path }) => path === 'crs')
}

const TOO_LARGE = none({
  code: 'FILE_TOO_LARGE',
  message: 'This file is larger than two megabytes.',
})

function none({ code, message }: FieldProblem): Imported {
  return { sites: [], findings: [{ code, message, path: '' }] }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}
