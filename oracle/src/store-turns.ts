import { lte, sql } from 'drizzle-orm'
import { grouped } from './grouped.ts'
import { attempts } from './schema.ts'
import { reached, type Database } from './store-database.ts'

/** Whether something may be tried once more; times in milliseconds. */
export type Turn = { isAllowed: true } | { isAllowed: false; retryAfter: number }

type Asked = { key: string; limit: number; window: number; now: number }

/** How often what was tried of late. */
export type TurnStore = {
  /** Counts one more attempt under the key, unless the window's limit is reached. */
  takeTurn: (turn: Asked) => Promise<Turn>
  forgetTurns: (now: number) => Promise<void>
}

/** The attempts in a database. */
export function turnStore(database: Database): TurnStore {
  // Turns of one kind, of which there are a handful, are taken together.
  const takeOf = new Map<string, (turn: Asked) => Promise<Turn>>()

  return {
    takeTurn: (turn) =>
      reached(() => {
        const { limit, window } = turn
        const kind = `${limit} ${window}`
        const take = takeOf.get(kind) ?? grouped({ keyOf, doAll: takingOf({ limit, window }) })
        takeOf.set(kind, take)
        return take(turn)
      }),

    forgetTurns: (now) =>
      reached(async () => {
        await database.delete(attempts).where(lte(attempts.endsAt, now))
      }),
  }
  function takingOf({ limit, window }: Pick<Asked, 'limit' | 'window'>) {
    return async (lot: readonly Asked[]): Promise<Turn[]> => {
      const now = Math.max(...lot.map((turn) => turn.now))
      const isOver = sql`${attempts.endsAt} <= ${now}`
      const rows = await database
        .insert(attempts)
        .values(lot.map(({ key }) => ({ key, count: 1, endsAt: now + window })))
        .onConflictDoUpdate({
          target: attempts.key,
          set: {
            count: sql`case when ${isOver} then 1 else least(${attempts.count} + 1, ${limit + 1}) end`,
            endsAt: sql`case when ${isOver} then ${now + window} else ${attempts.endsAt} end`,
          },
        })
        .returning()
      const taken = new Map(rows.map((row) => [row.key, row]))
      return lot.map(({ key }) => {
        const row = taken.get(key)
        if (row && row.count <= limit) return { isAllowed: true }
        return { isAllowed: false, retryAfter: row ? row.endsAt - now : window }
      })
    }
  }
}

function keyOf({ key }: Asked): string {
  return key
}
