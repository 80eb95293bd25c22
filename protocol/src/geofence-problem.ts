import { LIMITS } from './geofence.ts'

/** What can be wrong with a geofence, in a word for machines. */
export type GeofenceProblemCode =
  | 'AREA_TOO_LARGE'
  | 'AREA_TOO_SMALL'
  | 'DOCUMENT_INVALID'
  | 'FENCE_ANTIMERIDIAN'
  | 'FENCE_POLAR'
  | 'GEOMETRY_INVALID'
  | 'HOLE_OUTSIDE'
  | 'HOLE_OVERLAP'
  | 'NAME_INVALID'
  | 'POLICY_INVALID'
  | 'RING_OPEN'
  | 'RING_REPEATED'
  | 'RING_SELF_CROSSES'
  | 'RING_TOO_LONG'
  | 'RING_TOO_SHORT'
  | 'SALT_INVALID'
  | 'SITES_PILED'
  | 'SITE_NUMBER_INVALID'
  | 'TOO_MANY_RINGS'
  | 'TOO_MANY_SITES'

/** One thing wrong with a geofence: for machines, for people, and where (`sites.0.rings.1.4`). */
export type GeofenceProblem = { code: GeofenceProblemCode; message: string; path: string }

/** What a document lacks that fails the schema at this path. */
export function formProblem(path: readonly PropertyKey[]): GeofenceProblem {
  const [member, site, part, ring, vertex] = path
  const place = path.map(String).join('.')
  switch (member) {
    case 'salt':
      return {
        code: 'SALT_INVALID',
        message: 'The salt must be 32 random bytes, as 0x and 64 hexadecimal digits.',
        path: place,
      }
    case 'policy':
      return {
        code: 'POLICY_INVALID',
        message: 'A value of the policy is missing or out of its range.',
        path: place,
      }
    case 'sites':
      if (part === 'name') {
        return {
          code: 'NAME_INVALID',
          message: `Site ${Number(site) + 1} needs a name of 1 to ${LIMITS.nameLength} visible characters.`,
          path: place,
        }
      }
      if (part === 'number' || site === undefined) {
        return {
          code: 'SITE_NUMBER_INVALID',
          message: 'A geofence has one site or more, numbered from 1 in order.',
          path: place,
        }
      }
      return {
        code: 'GEOMETRY_INVALID',
        message:
          vertex === undefined
            ? `Site ${Number(site) + 1} is not made of rings of vertices.`
            : `Site ${Number(site) + 1}, ring ${Number(ring) + 1}, vertex ${Number(vertex) + 1} is no whole longitudeE7 and latitudeE7 in range.`,
        path: place,
      }
    default:
      return { code: 'DOCUMENT_INVALID', message: 'This is no geofence document.', path: place }
  }
}
