import { sql, type SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { StoreUnavailableError } from './errors.ts'

/** PostgreSQL or PGlite: the same SQL to both. */
export type Database = PgDatabase<PgQueryResultHKT>

/** Asks the database; whatever goes wrong there is one thing to the rest of the oracle. */
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
