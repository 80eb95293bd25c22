import { LIMITS, toE7, type Site, type Vertex } from './geofence.ts'
import type { GeofenceProblem, GeofenceProblemCode } from './geofence-problem.ts'

// Both mean RFC 7946's own order and datum; older programs still write them.
const KNOWN_CRS = ['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:EPSG::4326', 'EPSG:4326']

/** The sites that GeoJSON draws: one for each polygon. Only polygons, `name` and `site` are read; nothing is fetched. */
export function sitesFromGeoJson({
  geoJson,
  names,
}: {
  geoJson: unknown
  names: readonly string[]
}): { ok: true; sites: Site[] } | { ok: false; problems: GeofenceProblem[] } {
  const problems: GeofenceProblem[] = []
  const drawings = polygonsIn({ value: geoJson, path: '', problems })
  if (drawings.length > LIMITS.sites) {
    const message = `A geofence has ${LIMITS.sites} sites at most; this one has ${drawings.length}.`
    return { ok: false, problems: [{ code: 'TOO_MANY_SITES', message, path: '' }] }
  }
  if (drawings.length === 0 && problems.length === 0) {
    problems.push(invalid({ path: '', message: 'There is no polygon in this GeoJSON.' }))
  }

  const sites = drawings.map((drawing, index) => {
    if (drawing.site !== undefined && drawing.site !== index + 1) {
      problems.push({
        code: 'SITE_NUMBER_INVALID',
        message: `Polygon ${index + 1} says it is site ${drawing.site}. Sites are numbered from 1 in the order of the file.`,
        path: drawing.path,
      })
    }
    const name = names[index] ?? drawing.name ?? `Site ${index + 1}`
    return {
      number: index + 1,
      name: name.trim().normalize(),
      rings: ringsIn({ drawing, problems }),
    }
  })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, sites }
}

type Problems = GeofenceProblem[]
type Drawing = { rings: unknown; name: string | undefined; site: number | undefined; path: string }

/** All polygons of a geometry, feature or collection, in order; a MultiPolygon is one for each part. */
function polygonsIn({
  value,
  path,
  problems,
}: {
  value: unknown
  path: string
  problems: Problems
}): Drawing[] {
  const crs = member(value, 'crs')
  if (crs !== undefined && !KNOWN_CRS.includes(String(member(member(crs, 'properties'), 'name')))) {
    problems.push(
      invalid({
        path: join(path, 'crs'),
        message: 'Coordinates must be WGS 84 longitude and latitude (RFC 7946).',
      }),
    )
    return []
  }

  switch (member(value, 'type')) {
    case 'FeatureCollection': {
      const features = member(value, 'features')
      if (!Array.isArray(features)) break
      if (features.length > LIMITS.sites) {
        problems.push({
          code: 'TOO_MANY_SITES',
          message: `A geofence has ${LIMITS.sites} sites at most; this one has ${features.length} features.`,
          path: join(path, 'features'),
        })
        return []
      }
      return features.flatMap((feature: unknown, index) => {
        const at = join(path, `features.${index}`)
        if (member(feature, 'type') === 'Feature')
          return polygonsIn({ value: feature, path: at, problems })
        problems.push(invalid({ path: at, message: `Feature ${index + 1} is no GeoJSON feature.` }))
        return []
      })
    }
    case 'Feature': {
      const geometry = member(value, 'geometry')
      const type = member(geometry, 'type')
      if (type !== 'Polygon' && type !== 'MultiPolygon') break
      const { name, site } = labelsOf(member(value, 'properties'))
      const drawings = polygonsIn({ value: geometry, path: join(path, 'geometry'), problems })
      return drawings.map((drawing, part) => ({
        ...drawing,
        name: name === undefined || part === 0 ? name : `${name}, part ${part + 1}`,
        site: part === 0 ? site : undefined,
      }))
    }
    case 'Polygon':
      return [
        {
          rings: member(value, 'coordinates'),
          name: undefined,
          site: undefined,
          path: join(path, 'coordinates'),
        },
      ]
    case 'MultiPolygon': {
      const parts = member(value, 'coordinates')
      if (!Array.isArray(parts)) break
      return parts.map((rings: unknown, part) => ({
        rings,
        name: undefined,
        site: undefined,
        path: join(path, `coordinates.${part}`),
      }))
    }
  }
  problems.push(
    invalid({
      path,
      message:
        'Only polygons can be sites: a GeoJSON Polygon or MultiPolygon, or features of them.',
    }),
  )
  return []
}

function labelsOf(properties: unknown): { name: string | undefined; site: number | undefined } {
  const name = member(properties, 'name')
  const site = member(properties, 'site')
  return {
    name: typeof name === 'string' && name.trim() !== '' ? name : undefined,
    site: typeof site === 'number' ? site : undefined,
  }
}

function ringsIn({ drawing, problems }: { drawing: Drawing; problems: Problems }): Vertex[][] {
  const { rings, path } = drawing
  if (!Array.isArray(rings) || rings.length === 0) {
    problems.push(invalid({ path, message: 'A polygon needs a list of rings.' }))
    return []
  }
  if (rings.length > LIMITS.ringsPerSite) {
    const message = `A site has ${LIMITS.ringsPerSite} rings at most; this one has ${rings.length}.`
    problems.push({ code: 'TOO_MANY_RINGS', message, path })
    return []
  }
  return rings.map((ring: unknown, index) => ringIn({ ring, path: `${path}.${index}`, problems }))
}

function ringIn({
  ring,
  path,
  problems,
}: {
  ring: unknown
  path: string
  problems: Problems
}): Vertex[] {
  function refuse(code: GeofenceProblemCode, message: string): Vertex[] {
    problems.push({ code, message, path })
    return []
  }
  if (!Array.isArray(ring)) return refuse('GEOMETRY_INVALID', 'A ring must be a list of positions.')
  if (ring.length < 4) {
    return refuse(
      'RING_TOO_SHORT',
      'A ring needs four positions or more, the last equal to the first.',
    )
  }
  if (ring.length > LIMITS.verticesPerSite + 1) {
    const message = `A site has ${LIMITS.verticesPerSite} vertices at most; this ring alone has ${ring.length - 1}.`
    return refuse('RING_TOO_LONG', message)
  }

  const vertices = ring.flatMap((position: unknown, index) => {
    const vertex = vertexIn(position)
    if (typeof vertex !== 'string') return [vertex]
    problems.push(invalid({ path: `${path}.${index}`, message: `Vertex ${index + 1} ${vertex}.` }))
    return []
  })
  if (vertices.length < ring.length) return []

  const [first, last] = [vertices[0], vertices.at(-1)]
  if (first?.longitudeE7 !== last?.longitudeE7 || first?.latitudeE7 !== last?.latitudeE7) {
    return refuse('RING_OPEN', 'The first and last point of a ring must be the same.')
  }
  return vertices.slice(0, -1)
}

/** The vertex, or what is wrong with the position. */
function vertexIn(position: unknown): Vertex | string {
  if (!isList(position)) return 'is no position'
  if (position.length !== 2) return 'must have exactly a longitude and a latitude'
  const [longitude, latitude] = position
  if (!isDegrees(longitude, 180)) return 'needs a longitude that is a number from -180 to 180'
  if (!isDegrees(latitude, 90)) return 'needs a latitude that is a number from -90 to 90'
  return { longitudeE7: toE7(longitude), latitudeE7: toE7(latitude) }
}

// Array.isArray alone would make each element an `any`.
function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

function isDegrees(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= limit
}

function invalid({ path, message }: { path: string; message: string }): GeofenceProblem {
  return { code: 'GEOMETRY_INVALID', message, path }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
