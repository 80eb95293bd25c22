// The fences that the geometry bench decides about: many ordinary ones, and the worst that may be registered.
import {
  defaultPolicy,
  type GeofenceDocument,
  LIMITS,
  type Policy,
  type Site,
  type Vertex,
} from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'

type Random = () => number

export const CENTRE = { longitudeE7: 759_235_000, latitudeE7: 269_359_000 }

const METRE_E7 = 90 // of latitude, about
const HOLE_VERTICES = 8

/** So many wobbly rounds of 50 to 150 m, scattered over a town of 10 km. */
export function town({
  fences,
  vertices,
  random,
}: {
  fences: number
  vertices: number
  random: Random
}): GeofenceDocument[] {
  const offset = () => Math.round((random() - 0.5) * 10_000 * METRE_E7)
  return Array.from({ length: fences }, () => {
    const middle = {
      longitudeE7: CENTRE.longitudeE7 + offset(),
      latitudeE7: CENTRE.latitudeE7 + offset(),
    }
    const ring = Array.from({ length: vertices }, (_, index) => {
      const angle = (2 * Math.PI * index) / vertices
      const radius = (50 + 100 * random()) * METRE_E7
      return at({ middle, east: radius * Math.cos(angle), north: radius * Math.sin(angle) })
    })
    return documentOf({ sites: [{ number: 1, name: 'Fence', rings: [ring] }] })
  })
}

/**
 * As many sites, rings and vertices as a document may have, as many of them in one place as may be: every site a comb whose teeth
 * are narrower than any accuracy, so that every line from west to east crosses hundreds of edges, and a policy for which no site is
 * out of question before the last sample.
 */
export function worstDocument(): GeofenceDocument {
  const holes = LIMITS.ringsPerSite - 1
  const teeth = Math.floor((LIMITS.verticesPerSite - holes * HOLE_VERTICES - 2) / 2)
  const sites = Array.from({ length: LIMITS.sites }, (_, index) => ({
    number: index + 1,
    name: `Comb ${index + 1}`,
    rings: combAt({
      teeth,
      holes,
      shift: index % LIMITS.sitesOverOneAnother,
      east: Math.floor(index / LIMITS.sitesOverOneAnother) * 500 * METRE_E7,
    }),
  }))
  return documentOf({ sites, policy: { maxAccuracyMetres: 10_000, minConfidencePermille: 500 } })
}

function combAt({
  east,
  ...of
}: {
  teeth: number
  holes: number
  shift: number
  east: number
}): Vertex[][] {
  return [comb(of), ...holesIn(of)].map((ring) =>
    ring.map((vertex) => ({ ...vertex, longitudeE7: vertex.longitudeE7 + east })),
  )
}

/** A back of 20 m, and from it teeth of 200 m and more to the north, no two as long. */
function comb({ teeth, shift }: { teeth: number; shift: number }): Vertex[] {
  const step = (400 * METRE_E7) / (2 * teeth)
  const west = -200 * METRE_E7
  const south = -120 * METRE_E7 + shift
  const edge = Array.from({ length: 2 * teeth }, (_, index) =>
    at({
      middle: CENTRE,
      east: west + index * step,
      north: south + (index % 2 === 0 ? 20 * METRE_E7 + 3 * index : 220 * METRE_E7 - 3 * index),
    }),
  )
  return [
    at({ middle: CENTRE, east: west, north: south }),
    ...edge,
    at({ middle: CENTRE, east: west + 2 * teeth * step, north: south }),
  ]
}

/** Holes of 4 m in the comb's back. */
function holesIn({ holes, shift }: { holes: number; shift: number }): Vertex[][] {
  return Array.from({ length: holes }, (_, hole) =>
    Array.from({ length: HOLE_VERTICES }, (_, index) => {
      const angle = (2 * Math.PI * index) / HOLE_VERTICES
      return at({
        middle: CENTRE,
        east: (hole - 3) * 50 * METRE_E7 + 4 * METRE_E7 * Math.cos(angle),
        north: -110 * METRE_E7 + shift + 4 * METRE_E7 * Math.sin(angle),
      })
    }),
  )
}

function at({ middle, east, north }: { middle: Vertex; east: number; north: number }): Vertex {
  return {
    longitudeE7: Math.round(middle.longitudeE7 + east),
    latitudeE7: Math.round(middle.latitudeE7 + north),
  }
}

/** Checked like every document that is registered. */
function documentOf({
  sites,
  policy = {},
}: {
  sites: Site[]
  policy?: Partial<Policy>
}): GeofenceDocument {
  const checked = checkGeofence({
    version: 1,
    readers: 'anybody',
    salt: `0x${'5a'.repeat(32)}`,
    policy: { ...defaultPolicy, ...policy },
    sites,
  })
  if (!checked.ok) throw new Error(`The bench's own fence is wrong: ${checked.problems[0]?.code}.`)
  return checked.document
}
