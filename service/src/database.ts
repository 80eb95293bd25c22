import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql, type SQL } from 'drizzle-orm'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { StoreUnavailableError } from './errors.ts'

const TIMEOUT_MILLISECONDS = 5_000

/** PostgreSQL or PGlite: the same SQL to both. */
export type Database = PgDatabase<PgQueryResultHKT>

/** A database with a service's tables in it. */
export type OpenDatabase = { database: Database; close: () => Promise<void> }

/** Where a service's migrations lie, and the number by which its processes know that one of them changes the tables. */
export type Tables = { migrations: string; lock: number }

/** PGlite in a folder, for one process; in memory where no folder is given. */
export async function openPglite({
  migrations: migrationsFolder,
  folder,
}: Tables & { folder?: string }): Promise<OpenDatabase> {
  const client = await PGlite.create(folder === undefined ? undefined : join(folder, 'postgres'))
  const database = drizzlePglite(client)
  await migratePglite(database, { migrationsFolder })
  return { database, close: () => client.close() }
}

/** PostgreSQL, which several processes may share; its tables are made or brought up to date. */
export async function openPostgres({
  url,
  ...tables
}: Tables & { url: string }): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
    query_timeout: TIMEOUT_MILLISECONDS,
    // A process that froze while it held a lock must not stop the others for longer.
    idle_in_transaction_session_timeout: TIMEOUT_MILLISECONDS,
  })
  // A connection that breaks while idle; the next query says so to whom it concerns.
  pool.on('error', () => undefined)
  try {
    await migrateAlone({ url, ...tables })
  } catch (cause) {
    await pool.end()
    throw new StoreUnavailableError({ cause })
  }
  return { database: drizzlePg(pool), close: () => pool.end() }
}

/** Asks the database; whatever goes wrong there is one thing to the rest of the service. */
export async function reached<answer>(ask: () => Promise<answer>): Promise<answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new StoreUnavailableError({ cause })
  }
}

/**
 * The rows that a statement gives, as it names and casts their columns. What is asked for every claim is written as SQL, for
 * a whole lot at once: drizzle's builder costs more than PostgreSQL does.
 */
export async function rowsOf<row>({
  database,
  statement,
}: {
  database: Database
  statement: SQL
}): Promise<row[]> {
  const { rows } = (await database.execute(statement)) as { rows: row[] }
  return rows
}

/** A column of a lot: one parameter, however many rows it has. */
export function column({
  type,
  values,
}: {
  type: 'text' | 'integer' | 'bigint'
  values: readonly (string | number | undefined)[]
}): SQL {
  return sql`${sql.param(values.map((value) => value ?? null))}::${sql.raw(type)}[]`
}

async function migrateAlone({
  url,
  migrations: migrationsFolder,
  lock,
}: Tables & { url: string }): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
  })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lock])
    await migratePg(drizzlePg(client), { migrationsFolder })
  } finally {
    await client.end() // and the lock with it
  }
}
