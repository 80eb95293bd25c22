import { isHex, size, type Hex } from 'viem'
import * as z from 'zod/mini'
import { SOURCES } from './evidence.ts'
import { hashStruct } from './typed-data.ts'

/** The geofence document's EIP-712 types; the hash has no domain (docs/protocol.md#geofence). */
export const geofenceTypes = {
  Geofence: [
    { name: 'readers', type: 'string' },
    { name: 'salt', type: 'bytes32' },
    { name: 'policy', type: 'Policy' },
    { name: 'sites', type: 'Site[]' },
  ],
  Policy: [
    { name: 'maxAccuracyMetres', type: 'uint32' },
    { name: 'maxFixAgeSeconds', type: 'uint32' },
    { name: 'minConfidencePermille', type: 'uint16' },
    { name: 'sources', type: 'string[]' },
    { name: 'isBeaconRequired', type: 'bool' },
  ],
  Site: [
    { name: 'number', type: 'uint16' },
    { name: 'name', type: 'string' },
    { name: 'rings', type: 'Ring[]' },
  ],
  Ring: [{ name: 'vertices', type: 'Vertex[]' }],
  Vertex: [
    { name: 'longitudeE7', type: 'int32' },
    { name: 'latitudeE7', type: 'int32' },
  ],
} as const

/** The most sites of one document, of which boxes may lie over one another, and the most rings and vertices of one site. */
export const LIMITS = {
  sites: 64,
  sitesOverOneAnother: 8,
  ringsPerSite: 8,
  verticesPerSite: 500,
  nameLength: 80,
} as const

const E7 = 10_000_000
// Controls, lone surrogates, direction overrides and invisible spaces; joiners stay, scripts of India need them.
const INVISIBLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u

const vertexSchema = z.strictObject({
  longitudeE7: z.int().check(z.gte(-180 * E7), z.lte(180 * E7)),
  latitudeE7: z.int().check(z.gte(-90 * E7), z.lte(90 * E7)),
})

const policySchema = z.strictObject({
  maxAccuracyMetres: z.int().check(z.gte(1), z.lte(10_000)),
  maxFixAgeSeconds: z.int().check(z.gte(1), z.lte(600)),
  minConfidencePermille: z.int().check(z.gte(500), z.lte(999)),
  sources: z.array(z.enum(SOURCES)).check(
    z.minLength(1),
    z.refine((sources) => new Set(sources).size === sources.length),
  ),
  isBeaconRequired: z.boolean(),
})

const siteSchema = z.strictObject({
  number: z.int().check(z.gte(1), z.lte(LIMITS.sites)),
  name: z.string().check(
    z.minLength(1),
    z.maxLength(LIMITS.nameLength),
    z.refine((name) => name.trim() === name && !INVISIBLE.test(name)),
  ),
  rings: z
    .array(z.array(vertexSchema).check(z.minLength(3), z.maxLength(LIMITS.verticesPerSite)))
    .check(z.minLength(1), z.maxLength(LIMITS.ringsPerSite)),
})

/** The form of a geofence document; whether its fences make sense is `checkGeofence`'s question. */
export const geofenceDocumentSchema = z.strictObject({
  version: z.literal(1),
  readers: z.enum(['anybody', 'holders']),
  salt: z.custom<Hex>((value) => isHex(value) && size(value) === 32 && BigInt(value) !== 0n),
  policy: policySchema,
  sites: z.array(siteSchema).check(
    z.minLength(1),
    z.maxLength(LIMITS.sites),
    z.refine((sites) => sites.every((site, index) => site.number === index + 1)),
  ),
})

/** Places, and how sure an oracle must be, in integers. */
export type GeofenceDocument = z.infer<typeof geofenceDocumentSchema>

/** How sure an oracle must be. */
export type Policy = z.infer<typeof policySchema>

/** One place: a shell and its holes, each ring open (its first vertex not repeated). */
export type Site = z.infer<typeof siteSchema>

/** A corner of a fence, in degrees × 10⁷. */
export type Vertex = z.infer<typeof vertexSchema>

/** The policy of an organiser who asks for nothing else. */
export const defaultPolicy: Policy = {
  maxAccuracyMetres: 100,
  maxFixAgeSeconds: 60,
  minConfidencePermille: 800,
  sources: ['browser'],
  isBeaconRequired: false,
}

/** The hash that a campaign promises: EIP-712 `hashStruct` of the document in its canonical form. */
export function hashGeofence(document: GeofenceDocument): Hex {
  const { readers, salt, policy, sites } = canonicalGeofence(document)
  return hashStruct({
    types: geofenceTypes,
    primaryType: 'Geofence',
    data: {
      readers,
      salt,
      policy,
      sites: sites.map(({ number, name, rings }) => ({
        number,
        name,
        rings: rings.map((vertices) => ({ vertices })),
      })),
    },
  })
}

/** The one form in which two drawings of the same fences are equal. */
export function canonicalGeofence(document: GeofenceDocument): GeofenceDocument {
  return {
    ...document,
    policy: {
      ...document.policy,
      sources: SOURCES.filter((source) => document.policy.sources.includes(source)),
    },
    sites: document.sites.map((site) => ({ ...site, rings: canonicalRings(site.rings) })),
  }
}

/** Degrees as the integer that is hashed. */
export function toE7(degrees: number): number {
  return Math.round(degrees * E7) + 0 // + 0: there is no minus zero among integers
}

/** The integer that is hashed as degrees. */
export function fromE7(integer: number): number {
  return integer / E7
}

/** A site as an RFC 7946 polygon, for drawing; never for deciding. */
export function siteToGeoJson(site: Site) {
  return {
    type: 'Feature' as const,
    properties: { site: site.number, name: site.name },
    geometry: {
      type: 'Polygon' as const,
      coordinates: site.rings.map((ring) =>
        [...ring, ...ring.slice(0, 1)].map(({ longitudeE7, latitudeE7 }) => [
          fromE7(longitudeE7),
          fromE7(latitudeE7),
        ]),
      ),
    },
  }
}

/** Shell first and counter-clockwise, holes clockwise and by their first vertices. */
function canonicalRings(rings: readonly Vertex[][]): Vertex[][] {
  const [shell = [], ...holes] = rings.map((ring, position) =>
    rotated(isCounterClockwise(ring) === (position === 0) ? ring : ring.toReversed()),
  )
  return [shell, ...holes.sort((a, b) => byPosition(a[0], b[0]))]
}

// Rotated to the smallest vertex first, so that two drawings of one fence share a hash.
function rotated(ring: Vertex[]): Vertex[] {
  const [smallest] = ring.toSorted(byPosition)
  const first = ring.findIndex((vertex) => byPosition(vertex, smallest) === 0)
  return [...ring.slice(first), ...ring.slice(0, first)]
}

function byPosition(a: Vertex | undefined, b: Vertex | undefined): number {
  if (a === undefined || b === undefined) return 0 // the schema lets no ring be empty
  return a.longitudeE7 - b.longitudeE7 || a.latitudeE7 - b.latitudeE7
}

/** By the sign of twice the ring's area; exact, since an error would change a hash. */
function isCounterClockwise(ring: readonly Vertex[]): boolean {
  return (
    ring.reduce((doubled, vertex, index) => {
      const next = ring[(index + 1) % ring.length] ?? vertex
      return (
        doubled +
        BigInt(vertex.longitudeE7) * BigInt(next.latitudeE7) -
        BigInt(next.longitudeE7) * BigInt(vertex.latitudeE7)
      )
    }, 0n) > 0n
  )
}
