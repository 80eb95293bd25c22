import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { lte } from 'drizzle-orm'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { StoreUnavailableError } from './errors.ts'
import { lockFolder } from './folder-lock.ts'
import { challenges } from './schema.ts'
import { challengeStore, type ChallengeStore } from './store-challenges.ts'
import { reached, type Database } from './store-database.ts'
import { geofenceStore, type GeofenceStore } from './store-geofences.ts'
import { logStore, type LogStore } from './store-log.ts'
import { openStoreInThread } from './store-thread.ts'
import { sightingStore, type SightingStore } from './store-sightings.ts'
import { turnStore, type TurnStore } from './store-turns.ts'
import { workerStore, type WorkerStore } from './store-workers.ts'

const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url))
// Any number, the same in every oracle: two that start at once must not both change the tables.
const MIGRATION_LOCK = 7_162_534
const TIMEOUT_MILLISECONDS = 5_000

/** What the oracle remembers. Never a position, but for an hour in which cell of some 11 km somebody was. Each throws StoreUnavailableError where the database is away. */
export type Store = GeofenceStore &
  ChallengeStore &
  LogStore &
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
  if (folder === undefined) return storeOfPglite(await PGlite.create())
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
  return storeOfPglite(await PGlite.create(join(folder, 'postgres')))
}

/** A store in PostgreSQL, which several oracles may share. */
export async function openPostgresStore({ url }: { url: string }): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
    query_timeout: TIMEOUT_MILLISECONDS,
    // An oracle that froze while it held the log's lock must not stop the others for longer.
    idle_in_transaction_session_timeout: TIMEOUT_MILLISECONDS,
  })
  // A connection that breaks while idle; the next query says so to whom it concerns.
  pool.on('error', () => undefined)
  try {
    await migrateAlone(url)
  } catch (cause) {
    await pool.end()
    throw new StoreUnavailableError({ cause })
  }
  return createStore({ database: drizzlePg(pool), close: () => pool.end() })
}

async function storeOfPglite(client: PGlite): Promise<Store> {
  const database = drizzlePglite(client)
  await migratePglite(database, { migrationsFolder })
  return createStore({ database, close: () => client.close() })
}

async function migrateAlone(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
  })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migratePg(drizzlePg(client), { migrationsFolder })
  } finally {
    await client.end() // and the lock with it
  }
}

function createStore({
  database,
  close,
}: {
  database: Database
  close: () => Promise<void>
}): Store {
  const store = {
    ...geofenceStore(database),
    ...challengeStore(database),
    ...logStore(database),
    ...sightingStore(database),
    ...turnStore(database),
    ...workerStore(database),
  }
  return {
    ...store,

    forget: async (now) => {
      await store.forgetChallenges(now)
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
