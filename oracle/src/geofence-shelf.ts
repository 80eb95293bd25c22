import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { cut } from '@coupon-secure/protocol/fence'
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
  // Asked for by many at once, it is read and cut once.
  const loading = new Map<Hex, Promise<GeofenceDocument | undefined>>()

  return {
    keep: async (document) => {
      const hash = hashGeofence(document)
      const kept = await store.keepGeofence({ hash, document })
      // So that it is cut before anybody claims by it.
      await find(hash)
      return kept
    },

    find,
  }

  async function find(asked: Hex): Promise<GeofenceDocument | undefined> {
    const hash = lowerCased(asked)
    const known = remembered.get(hash) ?? loading.get(hash)
    if (known) return known
    const found = load(hash).finally(() => loading.delete(hash))
    loading.set(hash, found)
    return found
  }

  async function load(hash: Hex): Promise<GeofenceDocument | undefined> {
    const stored = await store.geofence(hash)
    if (stored === undefined) return undefined
    const document = checked({ stored, hash })
    for (const site of document.sites) {
      cut(site)
      await turnOfLoop() // the largest document takes a tenth of a second, each of its sites a millisecond or two
    }
    const [oldest] = remembered.keys()
    if (remembered.size >= MOST_REMEMBERED && oldest) remembered.delete(oldest)
    remembered.set(hash, document)
    return document
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
