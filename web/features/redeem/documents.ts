import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import {
  type GeofenceDocument,
  geofenceDocumentSchema,
  hashGeofence,
} from '@coupon-secure/protocol/geofence'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import type { Address, Hex } from 'viem'
import type { AppConfig } from '../../chain/parse-config.ts'
import type { Pocket, Shelf } from './journal.ts'
import { type GeofenceRead, readGeofence } from './oracle.ts'
import { findPocketSignIn, lineOf } from './tools.ts'

const PREFIX = 'coupon-secure.place.'

/** A shelf that says what is on it, as `localStorage` does. */
export type LongShelf = Shelf & Pick<Storage, 'key' | 'length'>

/** A campaign's geofence document, from this phone if it has been read before, else from the oracle. */
export async function documentFor({
  config,
  pocket,
  geofenceHash,
  coupon,
}: {
  config: AppConfig
  pocket: Pocket
  geofenceHash: Hex
  coupon: HeldCoupon
}): Promise<GeofenceRead> {
  const kept = keptDocument({ shelf: localStorage, pocket, geofenceHash })
  if (kept !== undefined) return { ok: true, document: kept }

  const by = await findPocketSignIn(pocket)
  const line = {
    fetch: (url: string, init?: RequestInit) => fetch(url, init),
    url: config.oracleUrl,
    pocket,
    ...(by && lineOf({ config, pocket, by })),
  }
  const read = await readGeofence({ line, geofenceHash, coupon })
  if (read.ok) keepDocument({ shelf: localStorage, pocket, document: read.document })
  return read
}

/** The document kept for this pocket; its hash is checked again, since anything may have written there. */
export function keptDocument({
  shelf,
  pocket,
  geofenceHash,
}: {
  shelf: Shelf
  pocket: Pocket
  geofenceHash: Hex
}): GeofenceDocument | undefined {
  try {
    const json: unknown = JSON.parse(shelf.getItem(nameOf({ pocket, geofenceHash })) ?? 'null')
    const read = readWire({ schema: geofenceDocumentSchema, json })
    return read.ok && hashGeofence(read.value) === geofenceHash ? read.value : undefined
  } catch {
    return undefined
  }
}

/** Keeps a document with the pocket, so that the place is there without a network. */
export function keepDocument({
  shelf,
  pocket,
  document,
}: {
  shelf: Shelf
  pocket: Pocket
  document: GeofenceDocument
}): void {
  try {
    const name = nameOf({ pocket, geofenceHash: hashGeofence(document) })
    shelf.setItem(name, JSON.stringify(document))
  } catch {
    // Full or forbidden: it is asked for again.
  }
}

/** Forgets the places of a holder who has left this phone. */
export function forgetPlaces({ shelf, holder }: { shelf: LongShelf; holder: Address }): void {
  const names = Array.from({ length: shelf.length }, (_, index) => shelf.key(index))
  for (const name of names) {
    if (name?.startsWith(`${PREFIX}${holder.toLowerCase()}.`)) shelf.removeItem(name)
  }
}

// For each holder: who signs in next on this browser must not read what only the last one may.
function nameOf({ pocket: { holder }, geofenceHash }: { pocket: Pocket; geofenceHash: Hex }) {
  return `${PREFIX}${holder.toLowerCase()}.${geofenceHash}`
}
