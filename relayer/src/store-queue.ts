import {
  redemptionRequestSchema,
  type RedemptionCode,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { grouped } from '@coupon-secure/service/grouped'
import { sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import type { Redemption } from './redemption.ts'
import { admitAll, couponOf, type Admission, type Brought } from './store-admissions.ts'
import { statusesOf } from './store-statuses.ts'

/** The queue of redemptions, and where each stands. Times in milliseconds. */
export type QueueStore = {
  status: (digest: Hex) => Promise<RedemptionStatus | undefined>
  statuses: (digests: readonly Hex[]) => Promise<RedemptionStatus[]>
  /**
   * Takes a redemption on; one that is known, or another of its coupon that is under way, is answered with that one's state. One
   * that was refused may be tried again.
   */
  admit: (brought: Brought) => Promise<Admission>
  /** How many wait to be sent, and since when the oldest does. */
  backlog: () => Promise<{ count: number; oldest: number }>
  /** Those that wait to be sent, the oldest first. */
  waiting: (most: number) => Promise<Redemption[]>
  /** Drops what waits and would be refused. */
  refuse: (refused: { digest: Hex; code: RedemptionCode; now: number }) => Promise<void>
  /** How many there are in each state. */
  counts: () => Promise<{ state: RedemptionStatus['state']; count: number }[]>
}

/** The queue in a database. What is asked at the same time goes together. */
export function queueStore(database: Database): QueueStore {
  const status = grouped({
    keysOf: () => [],
    doAll: async (digests: readonly Hex[]) => {
      const statuses = await statusesOf({ database, digests })
      const known = new Map(statuses.map((one) => [one.digest, one]))
      return digests.map((digest) => ({ found: known.get(digest) }))
    },
  })
  const admit = grouped({
    keysOf: ({ redemption }: Brought) => [couponOf(redemption)],
    doAll: (lot) => database.transaction((inside) => admitAll({ database: inside, lot })),
  })

  return {
    status: (digest) => reached(async () => (await status(digest)).found),
    statuses: (digests) => reached(() => statusesOf({ database, digests })),
    admit: (brought) => reached(() => admit(brought)),

    backlog: () =>
      reached(async () => {
        const [row] = await rowsOf<{ count: number; oldest: number | null }>({
          database,
          statement: sql`
            select count(*)::integer as count, min(received_at)::float8 as oldest
            from redemptions where state = 'waiting'`,
        })
        return { count: row?.count ?? 0, oldest: row?.oldest ?? 0 }
      }),

    waiting: (most) =>
      reached(async () => {
        const rows = await rowsOf<QueueRow>({
          database,
          statement: sql`
            select digest, request, kind
            from redemptions where state = 'waiting' order by received_at, digest limit ${most}`,
        })
        return rows.map(redemptionIn)
      }),

    refuse: ({ digest, code, now }) =>
      reached(async () => {
        await database.execute(sql`
          update redemptions set state = 'refused', code = ${code}, version = version + 1,
            changed_at = ${now}::bigint
          where digest = ${digest} and state = 'waiting'`)
      }),

    counts: () =>
      reached(() =>
        rowsOf({
          database,
          statement: sql`select state, count(*)::integer as count from redemptions group by state`,
        }),
      ),
  }
}

/** A redemption as the table has it. */
export type QueueRow = { digest: Hex; request: string; kind: Redemption['kind'] }

/** The redemption in a row. */
export function redemptionIn({ digest, request, kind }: QueueRow): Redemption {
  return { ...redemptionRequestSchema.parse(JSON.parse(request)), digest, kind }
}
