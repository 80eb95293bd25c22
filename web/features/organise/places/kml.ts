import { Parser } from 'saxen'
import type { FieldProblem } from '../../../ui/Field.tsx'

/** What a KML file draws, as GeoJSON with everything in it: what is no polygon is there by its name, to be told of. */
export type KmlRead =
  { ok: true; geoJson: { type: 'FeatureCollection'; features: KmlFeature[] } } | KmlProblem

type KmlProblem = { ok: false } & FieldProblem
type KmlFeature = {
  type: 'Feature'
  properties: { name: string }
  geometry: { type: string; coordinates?: Polygon[] } | null
}
type Polygon = number[][][]

/** A placemark, or something else that KML can show, while it is read. */
type Shown = { kind: string; name: string; polygons: Polygon[]; others: string[] }

const SHOWN = ['Placemark', 'NetworkLink', 'GroundOverlay', 'PhotoOverlay', 'ScreenOverlay']
const OTHER_GEOMETRIES = ['Point', 'LineString', 'Model', 'Track', 'MultiTrack', 'LinearRing']

/** Reads KML: placemarks with their polygons and holes. Heights and styles are not read, and links are not followed. */
export function kmlToGeoJson(text: string): KmlRead {
  const open: string[] = []
  const features: KmlFeature[] = []
  const problems: string[] = []
  let root: string | undefined
  let shown: Shown | undefined
  let polygon: { shell: number[][][]; holes: number[][][] } | undefined
  let words = ''

  const begin = (name: string) => {
    root ??= name
    open.push(name)
    words = ''
    if (SHOWN.includes(name)) shown = { kind: name, name: '', polygons: [], others: [] }
    else if (name === 'Polygon') polygon = { shell: [], holes: [] }
    else if (OTHER_GEOMETRIES.includes(name) && polygon === undefined) shown?.others.push(name)
  }
  const end = (name: string) => {
    open.pop()
    if (name === 'name' && open.at(-1) === shown?.kind && shown !== undefined) {
      shown.name = words.trim()
    } else if (name === 'coordinates' && polygon !== undefined) {
      const ring = positionsIn(words)
      if (open.includes('innerBoundaryIs')) polygon.holes.push(ring)
      else polygon.shell.push(ring)
    } else if (name === 'Polygon' && polygon !== undefined) {
      shown?.polygons.push([...polygon.shell, ...polygon.holes])
      polygon = undefined
    } else if (name === shown?.kind) {
      features.push(...featuresOf(shown))
      shown = undefined
    }
    words = ''
  }

  const parser = new Parser()
  parser.on('openTag', (name) => begin(localOf(name)))
  parser.on('closeTag', (name) => end(localOf(name)))
  parser.on('text', (part, decode) => (words += decode(part)))
  parser.on('cdata', (part) => (words += part))
  parser.on('error', (error) => problems.push(error.message))
  parser.parse(text)

  const [broken] = problems
  if (broken !== undefined || open.length > 0) {
    const why = broken ?? `<${open.at(-1) ?? ''}> is not closed`
    return { ok: false, code: 'KML_INVALID', message: `This KML is broken: ${why}.` }
  }
  if (root !== 'kml') {
    const found = root === undefined ? '' : ` It begins with <${root}>.`
    return { ok: false, code: 'KML_INVALID', message: `This is XML, but no KML.${found}` }
  }
  return { ok: true, geoJson: { type: 'FeatureCollection', features } }
}

function featuresOf({ kind, name, polygons, others }: Shown): KmlFeature[] {
  const feature = (geometry: KmlFeature['geometry']): KmlFeature => ({
    type: 'Feature',
    properties: { name },
    geometry,
  })
  if (kind !== 'Placemark') return [feature({ type: kind })]
  const drawn =
    polygons.length > 0 ? [feature({ type: 'MultiPolygon', coordinates: polygons })] : []
  const rest = others.map((type) => feature({ type }))
  return drawn.length + rest.length > 0 ? [...drawn, ...rest] : [feature(null)]
}

/** "75.1,26.9,0 75.2,26.9,0": longitude first; what is no number stays none, for the check to name. */
function positionsIn(text: string): number[][] {
  return text
    .trim()
    .split(/\s+/)
    .filter((tuple) => tuple !== '')
    .map((tuple) => {
      const [longitude, latitude] = tuple.split(',')
      return [longitude, latitude].map((part) =>
        part === undefined || part === '' ? Number.NaN : Number(part),
      )
    })
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
