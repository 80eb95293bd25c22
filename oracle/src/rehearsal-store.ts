import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'

// The stores of the tests beside this file; nothing of the service uses it.

let shared: Promise<Store> | undefined

/** A new store: in memory, or where TEST_STORE is `postgresql` in a new database of the test run's server. */
export async function openRehearsalStore(): Promise<Store> {
  if (process.env.TEST_STORE !== 'postgresql') return openLocalStore()
  const postgres = await sharedPostgres()
  if ('missing' in postgres) throw new Error(`There is no PostgreSQL: ${postgres.missing}.`)
  return openPostgresStore({ url: await postgres.freshDatabase() })
}

/** The store of all tests that need none of their own. */
export function sharedStore(): Promise<Store> {
  shared ??= openRehearsalStore()
  return shared
}

/** Ends it, so that its connections keep nobody waiting. */
export async function closeSharedStore(): Promise<void> {
  await (await shared)?.close()
}
