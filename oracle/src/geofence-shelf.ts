import {
  geofenceDocumentSchema,
  hashGeofence,
  type GeofenceDocument,
} from '@coupon-secure/protocol/geofence'
import type { Hex } from 'viem'
import { GeofenceCorruptError } from './errors.ts'
import type { Store } from './store.ts'

const MOST_REMEMBERED = 100

/** The geofence documents this oracle knows, by hash; what comes from it has the hash that was asked for. */
export type GeofenceShelf = {
  keep: (document: GeofenceDocument) => Promise<{ isNew: boolean }>
  find: (hash: Hex) => Promise<GeofenceDocument | undefined>
}

/** A shelf over a store. A document never changes under its hash, so those asked for last stay in memory. */
export function createGeofenceShelf({
  store,
}: {
  store: Pick<Store, 'keepGeofence' | 'geofence'>
}): GeofenceShelf {
  const remembered = new Map<Hex, GeofenceDocument>()

  return {
    keep: (document) => store.keepGeofence({ hash: hashGeofence(document), document }),

    find: async (asked) => {
      const hash = lowerCased(asked)
      const known = remembered.get(hash)
      if (known) return known
      const stored = await store.geofence(hash)
      if (stored === undefined) return undefined
      const document = checked({ stored, hash })
      const [oldest] = remembered.keys()
      if (remembered.size >= MOST_REMEMBERED && oldest) remembered.delete(oldest)
      remembered.set(hash, document)
      return document
    },
  }
}

// The campaign promised this hash and nothing else; a database is not taken at its word.
function checked({ stored, hash }: { stored: unknown; hash: Hex }): GeofenceDocument {
  const parsed = geofenceDocumentSchema.safeParse(stored)
  if (!parsed.success || hashGeofence(parsed.data) !== hash)
    throw new GeofenceCorruptError({ hash })
  return parsed.data
}

function lowerCased(hash: Hex): Hex {
  return `0x${hash.slice(2).toLowerCase()}`
}
