import { area } from '@turf/area'
import type { Hex } from 'viem'
import { boxOf } from './fence.ts'
import {
  canonicalGeofence,
  defaultPolicy,
  fromE7,
  geofenceDocumentSchema,
  LIMITS,
  siteToGeoJson,
  type GeofenceDocument,
  type Policy,
  type Site,
  type Vertex,
} from './geofence.ts'
import { formProblem, type GeofenceProblem, type GeofenceProblemCode } from './geofence-problem.ts'
import { sitesFromGeoJson } from './geojson.ts'
import { doRingsMeet, isInsideRing, selfCrossingOf } from './ring.ts'

const SMALLEST_SQUARE_METRES = 100
const LARGEST_SQUARE_METRES = 10_000_000_000
const HIGHEST_LATITUDE_E7 = 850_000_000
const HALF_TURN_E7 = 1_800_000_000

/** A document in canonical form, or what keeps it from being one. */
export type GeofenceResult =
  { ok: true; document: GeofenceDocument } | { ok: false; problems: GeofenceProblem[] }

/** A geofence document from drawn or dropped GeoJSON; every member but polygons and names is dropped. */
export function geofenceFromGeoJson({
  geoJson,
  salt,
  readers = 'holders',
  policy = defaultPolicy,
  names = [],
}: {
  geoJson: unknown
  salt: Hex
  readers?: GeofenceDocument['readers']
  policy?: Policy
  names?: readonly string[]
}): GeofenceResult {
  const drawn = sitesFromGeoJson({ geoJson, names })
  if (!drawn.ok) return drawn
  return checkGeofence({ version: 1, readers, salt, policy, sites: drawn.sites })
}

/** Whether a document is one that campaigns may promise; it comes back in canonical form. */
export function checkGeofence(document: unknown): GeofenceResult {
  const tooMuch = sizeProblemsOf(document) // before anything whose time grows with the input
  if (tooMuch.length > 0) return { ok: false, problems: tooMuch }

  const parsed = geofenceDocumentSchema.safeParse(document)
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(({ path }) => formProblem(path)) }
  }

  const problems = parsed.data.sites.flatMap((site) => siteProblemsOf(site))
  if (problems.length > 0) return { ok: false, problems }
  const piled = pileProblemsOf(parsed.data.sites)
  if (piled.length > 0) return { ok: false, problems: piled }
  return { ok: true, document: canonicalGeofence(parsed.data) }
}

function sizeProblemsOf(document: unknown): GeofenceProblem[] {
  const sites = listIn(document, 'sites')
  if (sites.length > LIMITS.sites) {
    const message = `A geofence has ${LIMITS.sites} sites at most; this one has ${sites.length}.`
    return [{ code: 'TOO_MANY_SITES', message, path: 'sites' }]
  }
  return sites.flatMap((site, index): GeofenceProblem[] => {
    const rings = listIn(site, 'rings')
    const path = `sites.${index}.rings`
    if (rings.length > LIMITS.ringsPerSite) {
      const message = `Site ${index + 1} has ${rings.length} rings; a site has ${LIMITS.ringsPerSite} at most.`
      return [{ code: 'TOO_MANY_RINGS', message, path }]
    }
    const lengths = rings.map((ring) => (Array.isArray(ring) ? ring.length : 0))
    const vertices = lengths.reduce((sum, length) => sum + length, 0)
    if (vertices > LIMITS.verticesPerSite) {
      const message = `Site ${index + 1} has ${vertices} vertices; a site has ${LIMITS.verticesPerSite} at most.`
      return [{ code: 'RING_TOO_LONG', message, path }]
    }
    return lengths.flatMap((length, ring): GeofenceProblem[] =>
      length >= 3
        ? []
        : [
            {
              code: 'RING_TOO_SHORT',
              message: `Site ${index + 1}, ring ${ring + 1}: a ring needs three different vertices or more.`,
              path: `${path}.${ring}`,
            },
          ],
    )
  })
}

function listIn(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return []
  const list: unknown = Reflect.get(value, key)
  return Array.isArray(list) ? list : []
}

/** What is wrong with a site's fence; each question is asked only when the ones before have good answers. */
function siteProblemsOf(site: Site): GeofenceProblem[] {
  const questions = [extentProblemsOf, ringProblemsOf, holeProblemsOf, areaProblemsOf]
  for (const question of questions) {
    const problems = question(site)
    if (problems.length > 0) return problems
  }
  return []
}

function extentProblemsOf(site: Site): GeofenceProblem[] {
  const vertices = site.rings.flat()
  const longitudes = vertices.map(({ longitudeE7 }) => longitudeE7)
  if (vertices.some(({ latitudeE7 }) => Math.abs(latitudeE7) > HIGHEST_LATITUDE_E7)) {
    return [problem({ site, code: 'FENCE_POLAR', says: 'lies beyond 85 degrees of latitude' })]
  }
  if (Math.max(...longitudes) - Math.min(...longitudes) > HALF_TURN_E7) {
    const says =
      'spans more than 180 degrees of longitude. Where it crosses the antimeridian, split it there into two polygons (RFC 7946, section 3.1.9)'
    return [problem({ site, code: 'FENCE_ANTIMERIDIAN', says })]
  }
  return []
}

function ringProblemsOf(site: Site): GeofenceProblem[] {
  return site.rings.flatMap((vertices, ring) => {
    const seen = new Set<string>()
    for (const [vertex, { longitudeE7, latitudeE7 }] of vertices.entries()) {
      const position = `${longitudeE7} ${latitudeE7}`
      if (seen.has(position)) {
        const says = `passes twice through vertex ${vertex + 1}`
        return [problem({ site, ring, vertex, code: 'RING_REPEATED', says })]
      }
      seen.add(position)
    }
    const crossing = selfCrossingOf(vertices)
    if (crossing === undefined) return []
    const says = `crosses or touches itself at ${spoken(crossing)}`
    return [problem({ site, ring, code: 'RING_SELF_CROSSES', says })]
  })
}

function holeProblemsOf(site: Site): GeofenceProblem[] {
  const [shell = [], ...holes] = site.rings
  return holes.flatMap((hole, index): GeofenceProblem[] => {
    const ring = index + 1
    if (doRingsMeet(shell, hole) || !startsInside(hole, shell)) {
      const says = 'is a hole that is not wholly inside the outer ring'
      return [problem({ site, ring, code: 'HOLE_OUTSIDE', says })]
    }
    const isApart = holes
      .slice(0, index)
      .every(
        (other) =>
          !doRingsMeet(hole, other) && !startsInside(hole, other) && !startsInside(other, hole),
      )
    const says = 'is a hole that touches or overlaps another'
    return isApart ? [] : [problem({ site, ring, code: 'HOLE_OVERLAP', says })]
  })
}

function startsInside([first]: readonly Vertex[], ring: readonly Vertex[]): boolean {
  return first !== undefined && isInsideRing(first, ring)
}

function areaProblemsOf(site: Site): GeofenceProblem[] {
  const squareMetres = area(siteToGeoJson(site))
  if (squareMetres < SMALLEST_SQUARE_METRES) {
    return [problem({ site, code: 'AREA_TOO_SMALL', says: 'is smaller than 100 m²' })]
  }
  if (squareMetres > LARGEST_SQUARE_METRES) {
    return [problem({ site, code: 'AREA_TOO_LARGE', says: 'is larger than 10,000 km²' })]
  }
  return []
}

/** A position is held against every site whose box it lies in: their number bounds what a decision costs. */
function pileProblemsOf(sites: readonly Site[]): GeofenceProblem[] {
  const boxes = sites.map(boxOf)
  // Where most boxes share a point, one of them begins in the west there and one in the south.
  for (const { west } of boxes) {
    const across = boxes.filter((box) => box.west <= west && west <= box.east)
    for (const { south } of across) {
      const pile = across.filter((box) => box.south <= south && south <= box.north).length
      if (pile <= LIMITS.sitesOverOneAnother) continue
      const place = spoken({ longitudeE7: west, latitudeE7: south })
      const message =
        `Around ${place} ${pile} sites lie over one another; at most ` +
        `${LIMITS.sitesOverOneAnother} may. Draw them apart, or make them one site.`
      return [{ code: 'SITES_PILED', message, path: 'sites' }]
    }
  }
  return []
}

function problem({
  site,
  ring,
  vertex,
  code,
  says,
}: {
  site: Site
  ring?: number
  vertex?: number
  code: GeofenceProblemCode
  says: string
}): GeofenceProblem {
  const where =
    `Site ${site.number} (${site.name})` + (ring === undefined ? '' : `, ring ${ring + 1},`)
  const path = ['sites', site.number - 1, 'rings', ring, vertex].filter(
    (part) => part !== undefined,
  )
  return { code, message: `${where} ${says}.`, path: path.join('.') }
}

function spoken({ longitudeE7, latitudeE7 }: Vertex): string {
  return `longitude ${fromE7(longitudeE7)}, latitude ${fromE7(latitudeE7)}`
}
