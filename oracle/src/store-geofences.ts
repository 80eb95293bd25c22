import { eq } from 'drizzle-orm'
import type { Hex } from 'viem'
import { geofences } from './schema.ts'
import { reached, type Database } from '@coupon-secure/service/database'

/** The geofence documents, by hash. */
export type GeofenceStore = {
  /** Keeps a document under its hash; a second time changes nothing. */
  keepGeofence: (geofence: { hash: Hex; document: unknown }) => Promise<{ isNew: boolean }>
  geofence: (hash: Hex) => Promise<unknown>
}

/** The geofence documents in a database. */
export function geofenceStore(database: Database): GeofenceStore {
  return {
    keepGeofence: (geofence) =>
      reached(async () => {
        const kept = await database
          .insert(geofences)
          .values(geofence)
          .onConflictDoNothing()
          .returning({ hash: geofences.hash })
        return { isNew: kept.length === 1 }
      }),

    geofence: (hash) =>
      reached(async () => {
        const [row] = await database.select().from(geofences).where(eq(geofences.hash, hash))
        return row?.document
      }),
  }
}
