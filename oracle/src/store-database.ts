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
