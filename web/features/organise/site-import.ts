import type { GeofenceDocument, Site } from '@coupon-secure/protocol/geofence'
import { siteToGeoJson } from '@coupon-secure/protocol/geofence'
import { checkGeofence, geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import type { GeofenceProblem } from '@coupon-secure/protocol/geofence-problem'
import { randomSalt } from './new-book.ts'

/** What a dropped or pasted file holds: sites to add, a whole document to take over, or problems. */
export type Imported =
  | { kind: 'sites'; sites: readonly Site[] }
  | { kind: 'document'; document: GeofenceDocument }
  | { kind: 'problems'; problems: readonly (Omit<GeofenceProblem, 'code'> & { code: string })[] }

const LARGEST_FILE = 2_000_000

/** Reads GeoJSON, or a geofence document that was saved from here earlier. */
export function readPlaces(text: string): Imported {
  if (text.length > LARGEST_FILE) {
    return problem({ code: 'FILE_TOO_LARGE', message: 'This file is larger than two megabytes.' })
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    return problem({ code: 'JSON_INVALID', message: `This is not JSON: ${why}` })
  }
  if (typeof value === 'object' && value !== null && Reflect.get(value, 'version') === 1) {
    const checked = checkGeofence(value)
    return checked.ok
      ? { kind: 'document', document: checked.document }
      : { kind: 'problems', problems: checked.problems }
  }
  const read = geofenceFromGeoJson({ geoJson: value, salt: randomSalt() })
  return read.ok
    ? { kind: 'sites', sites: read.document.sites }
    : { kind: 'problems', problems: read.problems }
}

/** The size of a site in words. */
export function areaText(site: Site): string {
  const squareMetres = areaOf(site)
  return squareMetres < 100_000
    ? `${Math.round(squareMetres).toLocaleString('en-GB')} m²`
    : `${(squareMetres / 1_000_000).toLocaleString('en-GB', { maximumFractionDigits: 2 })} km²`
}

/** All sites as GeoJSON, for the map. */
export function sitesToGeoJson(sites: readonly Site[]) {
  return {
    type: 'FeatureCollection' as const,
    features: sites.map((site, index) => {
      const drawn = siteToGeoJson(site)
      return { ...drawn, properties: { name: site.name, number: index + 1 } }
    }),
  }
}

function problem({ code, message }: { code: string; message: string }): Imported {
  return { kind: 'problems', problems: [{ code, message, path: '' }] }
}

/** Square metres on a sphere; for showing only, nothing is decided by it. */
function areaOf({ rings }: Site): number {
  const [shell = 0, ...holes] = rings.map((ring) =>
    Math.abs(
      ring.reduce((sum, here, index) => {
        const next = ring[(index + 1) % ring.length] ?? here
        const width = radians(next.longitudeE7 - here.longitudeE7)
        return (
          sum +
          width * (2 + Math.sin(radians(here.latitudeE7)) + Math.sin(radians(next.latitudeE7)))
        )
      }, 0) *
        6_371_008.8 ** 2 *
        0.5,
    ),
  )
  return holes.reduce((left, hole) => left - hole, shell)
}

function radians(e7: number): number {
  return (e7 / 1e7) * (Math.PI / 180)
}
