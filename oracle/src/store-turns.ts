import { lte, sql } from 'drizzle-orm'
import { attempts } from './schema.ts'
import { reached, type Database } from './store-database.ts'

/** Whether something may be tried once more; times in milliseconds. */
export type Turn = { isAllowed: true } | { isAllowed: false; retryAfter: number }

/** How often what was tried of late. */
export type TurnStore = {
  /** Counts one more attempt under the key, unless the window's limit is reached. */
  takeTurn: (turn: { key: string; limit: number; window: number; now: number }) => Promise<Turn>
  forgetTurns: (now: number) => Promise<void>
}

/** The attempts in a database. */
export function turnStore(database: Database): TurnStore {
  return {
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

    forgetTurns: (now) =>
      reached(async () => {
        await database.delete(attempts).where(lte(attempts.endsAt, now))
      }),
  }
}
