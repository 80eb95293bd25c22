import { reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { sql } from 'drizzle-orm'
import type { Address } from 'viem'

/** Whose a key is for a while. */
export type Lease = { sender: Address; owner: string }

/** The keys that processes have for themselves: no two use one at once. */
export type LeaseStore = {
  /** Takes the key or keeps it for so many milliseconds more; whether it is this owner's now. */
  takeLease: (lease: Lease & { milliseconds: number }) => Promise<boolean>
  /** Gives it back. */
  endLease: (lease: Lease) => Promise<void>
}

/** The leases in a database, by whose clock they end. */
export function leaseStore(database: Database): LeaseStore {
  return {
    takeLease: ({ sender, owner, milliseconds }) =>
      reached(async () => {
        const rows = await rowsOf({
          database,
          statement: sql`
            insert into leases as held (sender, owner, ends_at)
            values (${sender}, ${owner}, ${databaseNow} + ${milliseconds}::bigint)
            on conflict (sender) do update
              set owner = excluded.owner, ends_at = excluded.ends_at
              where held.owner = excluded.owner or held.ends_at < ${databaseNow}
            returning sender`,
        })
        return rows.length === 1
      }),

    endLease: ({ sender, owner }) =>
      reached(async () => {
        await database.execute(
          sql`delete from leases where sender = ${sender} and owner = ${owner}`,
        )
      }),
  }
}

/** Whether the lease is this owner's now; it stays so until the transaction at hand ends. */
export async function isLeased({
  database,
  lease: { sender, owner },
}: {
  database: Database
  lease: Lease
}): Promise<boolean> {
  const rows = await rowsOf({
    database,
    statement: sql`
      select 1 from leases
      where sender = ${sender} and owner = ${owner} and ends_at > ${databaseNow}
      for update`,
  })
  return rows.length === 1
}

const databaseNow = sql.raw(`(extract(epoch from clock_timestamp()) * 1000)::bigint`)
