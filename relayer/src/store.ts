import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  openPglite,
  openPostgres,
  reached,
  type OpenDatabase,
} from '@coupon-secure/service/database'
import { StoreUnavailableError } from '@coupon-secure/service/errors'
import { lockFolder } from '@coupon-secure/service/folder-lock'
import { sql } from 'drizzle-orm'
import { leaseStore, type LeaseStore } from './store-leases.ts'
import { queueStore, type QueueStore } from './store-queue.ts'
import { transactionStore, type TransactionStore } from './store-transactions.ts'

const tables = {
  migrations: fileURLToPath(new URL('../drizzle', import.meta.url)),
  // Any number, the same in every relayer: two that start at once must not both change the tables.
  lock: 7_162_535,
}
const KEPT_MILLISECONDS = 7 * 24 * 60 * 60_000

/** What the relayer remembers. Each throws StoreUnavailableError where the database is away. */
export type Store = QueueStore &
  TransactionStore &
  LeaseStore & {
    /** Forgets what has been settled for a week. */
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
    const store = createStore(await openPglite({ ...tables, folder }))
    return { ...store, close: () => store.close().finally(unlock) }
  } catch (cause) {
    unlock()
    throw new StoreUnavailableError({ cause })
  }
}

/** A store in PostgreSQL, which several relayers may share. */
export async function openPostgresStore({ url }: { url: string }): Promise<Store> {
  return createStore(await openPostgres({ ...tables, url }))
}

function createStore({ database, close }: OpenDatabase): Store {
  return {
    ...queueStore(database),
    ...transactionStore(database),
    ...leaseStore(database),

    forget: (now) =>
      reached(async () => {
        const before = now - KEPT_MILLISECONDS
        await database.execute(sql`
          delete from redemptions
          where state in ('final', 'refused') and changed_at < ${before}::bigint`)
        await database.execute(sql`
          delete from transactions
          where state in ('final', 'lost') and made_at < ${before}::bigint
            and not exists (select 1 from redemptions where transaction_id = transactions.id)`)
      }),

    check: () =>
      reached(async () => {
        // A write that leaves nothing behind and fails on a read-only database.
        await database.execute(sql`delete from leases where ends_at = 0`)
      }),

    close,
  }
}
