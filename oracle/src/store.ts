import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import type { Address, Hex } from 'viem'
import { StoreUnavailableError } from './errors.ts'
import { lockFolder } from './folder-lock.ts'
import { attempts, challenges, geofences } from './schema.ts'

const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url))
// Any number, the same in every oracle: two that start at once must not both change the tables.
const MIGRATION_LOCK = 7_162_534
const TIMEOUT_MILLISECONDS = 5_000
const KEPT_AFTER_EXPIRY_MILLISECONDS = 60 * 60 * 1000

/** What a challenge was given for; it is good for nothing else. */
export type ChallengeFor = { book: Address; campaignId: bigint; serial: bigint; holder: Address }

/** What became of an attempt to use a challenge. */
export type Consumption = 'consumed' | 'used' | 'expired' | 'unknown' | 'for-something-else'

/** Whether something may be tried once more; times in milliseconds. */
export type Turn = { isAllowed: true } | { isAllowed: false; retryAfter: number }

/** What the oracle remembers. Never a position. Each throws StoreUnavailableError where the database is away. */
export type Store = {
  /** Keeps a document under its hash; a second time changes nothing. */
  keepGeofence: (geofence: { hash: Hex; document: unknown }) => Promise<{ isNew: boolean }>
  geofence: (hash: Hex) => Promise<unknown>
  keepChallenge: (challenge: ChallengeFor & { challenge: Hex; expiresAt: number }) => Promise<void>
  /** Uses a challenge up, in one statement, so that of two at once only one succeeds. */
  consumeChallenge: (claim: ChallengeFor & { challenge: Hex; now: number }) => Promise<Consumption>
  /** Counts one more attempt under the key, unless the window's limit is reached. */
  takeTurn: (turn: { key: string; limit: number; window: number; now: number }) => Promise<Turn>
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
    const store = await storeOfPglite(await PGlite.create(join(folder, 'postgres')))
    return { ...store, close: () => store.close().finally(unlock) }
  } catch (cause) {
    unlock()
    throw new StoreUnavailableError({ cause })
  }
}

/** A store in PostgreSQL, which several oracles may share. */
export async function openPostgresStore({ url }: { url: string }): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
    query_timeout: TIMEOUT_MILLISECONDS,
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

function createStore<result extends PgQueryResultHKT>({
  database,
  close,
}: {
  database: PgDatabase<result>
  close: () => Promise<void>
}): Store {
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

    keepChallenge: ({ challenge, expiresAt, ...purpose }) =>
      reached(async () => {
        await database.insert(challenges).values({ challenge, expiresAt, ...columnsOf(purpose) })
      }),

    consumeChallenge: ({ challenge, now, ...purpose }) =>
      reached(async () => {
        const { book, campaignId, serial, holder } = columnsOf(purpose)
        const isThis = and(
          eq(challenges.challenge, challenge),
          eq(challenges.book, book),
          eq(challenges.campaignId, campaignId),
          eq(challenges.serial, serial),
          eq(challenges.holder, holder),
        )
        const consumed = await database
          .update(challenges)
          .set({ usedAt: now })
          .where(and(isThis, isNull(challenges.usedAt), gt(challenges.expiresAt, now)))
          .returning({ challenge: challenges.challenge })
        if (consumed.length === 1) return 'consumed'

        // Only to say why; nothing is granted from here on.
        const [row] = await database
          .select({
            isThis: sql<boolean>`${isThis}`,
            isUsed: sql<boolean>`${challenges.usedAt} is not null`,
          })
          .from(challenges)
          .where(eq(challenges.challenge, challenge))
        if (!row) return 'unknown'
        if (!row.isThis) return 'for-something-else'
        return row.isUsed ? 'used' : 'expired'
      }),

    takeTurn: ({ key, limit, window, now }) =>
      reached(async () => {
        const isOver = sql`${attempts.endsAt} <= ${now}`
        const [row] = await database
          .insert(attempts)
          .values({ key, count: 1, endsAt: now + window })
          .onConflictDoUpdate({
            target: attempts.key,
            set: {
              count: sql`case when ${isOver} then 1 else least(${attempts.count} + 1, ${limit + 1}) end`,
              endsAt: sql`case when ${isOver} then ${now + window} else ${attempts.endsAt} end`,
            },
          })
          .returning()
        if (row && row.count <= limit) return { isAllowed: true }
        return { isAllowed: false, retryAfter: row ? row.endsAt - now : window }
      }),

    forget: (now) =>
      reached(async () => {
        // A while after they expired, so that a late claim still hears why.
        await database
          .delete(challenges)
          .where(lte(challenges.expiresAt, now - KEPT_AFTER_EXPIRY_MILLISECONDS))
        await database.delete(attempts).where(lte(attempts.endsAt, now))
      }),

    check: () =>
      reached(async () => {
        // A write that leaves nothing behind and fails on a read-only database.
        await database.delete(challenges).where(lte(challenges.expiresAt, 0))
      }),

    close,
  }
}

// Serials and campaigns are larger than any number of the database; addresses compare in one spelling.
function columnsOf({ book, campaignId, serial, holder }: ChallengeFor) {
  return {
    book: book.toLowerCase(),
    campaignId: campaignId.toString(),
    serial: serial.toString(),
    holder: holder.toLowerCase(),
  }
}

async function reached<answer>(ask: () => Promise<answer>): Promise<answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new StoreUnavailableError({ cause })
  }
}
