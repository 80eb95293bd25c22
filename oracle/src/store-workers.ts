import { and, eq, lt } from 'drizzle-orm'
import type { Address } from 'viem'
import { workers } from './schema.ts'
import { reached, type Database } from '@coupon-secure/service/database'

// A gathering lasts days; whoever still needs the binding after this signs once more.
const KEPT_SECONDS = 30 * 24 * 60 * 60

/** A holder of a book, and the account of the tracking app that they say is theirs; none takes it back. */
export type WorkerBinding = {
  book: Address
  holder: Address
  handle: string | undefined
  /** When it was signed, unix seconds. */
  issuedAt: number
}

/** Which worker is whose. */
export type WorkerStore = {
  /** Binds in one statement; `old` where the same holder has signed as late or later, `taken` where the worker is another's. */
  bindWorker: (binding: WorkerBinding) => Promise<'bound' | 'old' | 'taken'>
  workerOf: (holder: { book: Address; holder: Address; now: number }) => Promise<string | undefined>
  /** Forgets bindings that are a month old. */
  forgetWorkers: (now: number) => Promise<void>
}

/** The bindings in a database. */
export function workerStore(database: Database): WorkerStore {
  const isOver = (now: number) => lt(workers.issuedAt, Math.floor(now / 1000) - KEPT_SECONDS)
  return {
    bindWorker: ({ book, holder, handle = null, issuedAt }) =>
      reached(async () => {
        try {
          const bound = await database
            .insert(workers)
            .values({ book: book.toLowerCase(), holder: holder.toLowerCase(), handle, issuedAt })
            .onConflictDoUpdate({
              target: [workers.book, workers.holder],
              set: { handle, issuedAt },
              setWhere: lt(workers.issuedAt, issuedAt),
            })
            .returning({ holder: workers.holder })
          return bound.length === 1 ? 'bound' : 'old'
        } catch (error) {
          if (isTaken(error)) return 'taken'
          throw error
        }
      }),

    workerOf: ({ book, holder, now }) =>
      reached(async () => {
        const [row] = await database
          .select({ handle: workers.handle, issuedAt: workers.issuedAt })
          .from(workers)
          .where(
            and(eq(workers.book, book.toLowerCase()), eq(workers.holder, holder.toLowerCase())),
          )
        const isKept = row !== undefined && row.issuedAt >= Math.floor(now / 1000) - KEPT_SECONDS
        return isKept ? (row.handle ?? undefined) : undefined
      }),

    forgetWorkers: (now) =>
      reached(async () => {
        await database.delete(workers).where(isOver(now))
      }),
  }
}

// PostgreSQL's unique_violation: the one index that can be in the way is that of the handles.
function isTaken(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && one.code === '23505') return true
  }
  return false
}
