import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  openPglite,
  openPostgres,
  reached,
  type OpenDatabase,
} from '@coupon-secure/service/database'
import { lte } from 'drizzle-orm'
import { StoreUnavailableError } from '@coupon-secure/service/errors'
import { lockFolder } from '@coupon-secure/service/folder-lock'
import { challenges } from './schema.ts'
import { challengeStore, type ChallengeStore } from './store-challenges.ts'
import { geofenceStore, type GeofenceStore } from './store-geofences.ts'
import { logStore, type LogStore } from './store-log.ts'
import { pairingStore, type PairingStore } from './store-pairings.ts'
import { openStoreInThread } from './store-thread.ts'
import { sightingStore, type SightingStore } from './store-sightings.ts'
import { turnStore, type TurnStore } from './store-turns.ts'
import { workerStore, type WorkerStore } from './store-workers.ts'

const tables = {
  migrations: fileURLToPath(new URL('../drizzle', import.meta.url)),
  // Any number, the same in every oracle: two that start at once must not both change the tables.
  lock: 7_162_534,
}

/** What the oracle remembers. Never a position, but for an hour in which cell of some 11 km somebody was. Each throws StoreUnavailableError where the database is away. */
export type Store = GeofenceStore &
  ChallengeStore &
  LogStore &
  PairingStore &
  SightingStore &
  TurnStore &
  WorkerStore & {
    /** Forgets what is over. */
    forget: (now: number) => Promise<void>
    /** That the database can be written. */
    check: () => Promise<void>
    close: () => Promise<void>
  }

/** A store in a folder of this machine, for one process; in memory where no folder is given. */
export async function openLocalStore({ folder }: { folder?: string } = {}): Promise<Store> {
  if (folder === undefined) return createStore(await openPglite(tables))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder)
  try {
    const store = await openStoreInThread({ folder })
    return { ...store, close: () => store.close().finally(unlock) }
  } catch (cause) {
    unlock()
    throw new StoreUnavailableError({ cause })
  }
}

/** The same without a lock and on this thread. */
export async function openFolderStore({ folder }: { folder: string }): Promise<Store> {
  return createStore(await openPglite({ ...tables, folder }))
}

/** A store in PostgreSQL, which several oracles may share. */
export async function openPostgresStore({ url }: { url: string }): Promise<Store> {
  return createStore(await openPostgres({ ...tables, url }))
}

function createStore({ database, close }: OpenDatabase): Store {
  const store = {
    ...geofenceStore(database),
    ...challengeStore(database),
    ...logStore(database),
    ...pairingStore(database),
    ...sightingStore(database),
    ...turnStore(database),
    ...workerStore(database),
  }
  return {
    ...store,

    forget: async (now) => {
      await store.forgetChallenges(now)
      await store.forgetPairings(now)
      await store.forgetSightings(now)
      await store.forgetTurns(now)
      await store.forgetWorkers(now)
    },

    check: () =>
      reached(async () => {
        // A write that leaves nothing behind and fails on a read-only database.
        await database.delete(challenges).where(lte(challenges.expiresAt, 0))
      }),

    close,
  }
}
