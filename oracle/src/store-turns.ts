import { lte, sql } from 'drizzle-orm'
import { grouped } from '@coupon-secure/service/grouped'
import { attempts } from './schema.ts'
import { column, reached, rowsOf, type Database } from '@coupon-secure/service/database'

/** Whether something may be tried once more; times in milliseconds. */
export type Turn = { isAllowed: true } | { isAllowed: false; retryAfter: number }

/** An attempt of something, of which `limit` may be made in a window. */
export type Attempt = { key: string; limit: number; window: number; now: number }

/** How often what was tried of late. */
export type TurnStore = {
  /** Counts one more attempt under the key, unless the window's limit is reached. */
  takeTurn: (attempt: Attempt) => Promise<Turn>
  forgetTurns: (now: number) => Promise<void>
}

/** The attempts in a database. */
export function turnStore(database: Database): TurnStore {
  const takeTurn = grouped({
    keysOf: ({ key }: Attempt) => [key],
    doAll: (lot) => takeTurns({ database, lot }),
  })

  return {
    takeTurn: (attempt) => reached(() => takeTurn(attempt)),

    forgetTurns: (now) =>
      reached(async () => {
        await database.delete(attempts).where(lte(attempts.endsAt, now))
      }),
  }
}

/** Counts attempts of different keys, in one statement. */
export async function takeTurns({
  database,
  lot,
}: {
  database: Database
  lot: readonly Attempt[]
}): Promise<Turn[]> {
  type Row = { key: string; count: number; endsAt: number }
  const now = Math.max(...lot.map((attempt) => attempt.now))
  const most = Math.max(...lot.map(({ limit }) => limit))
  const asked = {
    keys: column({ type: 'text', values: lot.map(({ key }) => key) }),
    windows: column({ type: 'bigint', values: lot.map(({ window }) => window) }),
  }
  // In one order everywhere, so that two oracles on one database never wait for each other.
  const rows = await rowsOf<Row>({
    database,
    statement: sql`
      insert into attempts as known (key, count, ends_at)
      select key, 1, ${now}::bigint + span
      from unnest(${asked.keys}, ${asked.windows}) as asked (key, span) order by key
      on conflict (key) do update set
        count = case when known.ends_at <= ${now}::bigint then 1
          else least(known.count, ${most}::integer) + 1 end,
        ends_at = case when known.ends_at <= ${now}::bigint then excluded.ends_at
          else known.ends_at end
      returning key, count, ends_at::float8 as "endsAt"`,
  })
  const taken = new Map(rows.map((row) => [row.key, row]))
  return lot.map(({ key, limit, window }) => {
    const row = taken.get(key)
    if (row && row.count <= limit) return { isAllowed: true }
    return { isAllowed: false, retryAfter: row ? row.endsAt - now : window }
  })
}
