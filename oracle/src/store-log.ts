import { leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { grown, placesIn, type Frontier, type Place } from '@coupon-secure/protocol/merkle-log'
import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import { LogCorruptError } from './errors.ts'
import { logEntries } from './schema.ts'
import { reached, type Database } from './store-database.ts'

// Any number, the same in every oracle: whoever holds this lock alone may add to the log.
const LOG_LOCK = 7_162_535

/** The append-only log. */
export type LogStore = {
  /** Adds entries to the log's end, all or none; they are committed when it answers with the first one's index. */
  appendToLog: (entries: readonly LogEntry[]) => Promise<{ first: number }>
  logSize: () => Promise<number>
  /** The hashes of whole subtrees of the log, in the order asked for. */
  logHashes: (places: readonly Place[]) => Promise<Hex[]>
  /** The entries from `from` up to, but not with, `to`, as far as there are any. */
  logEntries: (range: { from: number; to: number }) => Promise<LogEntry[]>
  /** Where in the log the digest stands. */
  findInLog: (digest: Hex) => Promise<number | undefined>
}

/** The log in a database, which several oracles may share: it has one order, without gaps. */
export function logStore(database: Database): LogStore {
  return {
    appendToLog: (entries) =>
      reached(() =>
        database.transaction(async (transaction) => {
          await transaction.execute(sql`select pg_advisory_xact_lock(${LOG_LOCK})`)
          // Each statement sees what was committed before it, so this is the log that the lock was waited for.
          const { size, peaks } = await frontierIn(transaction)
          const { completed } = grown({ size, peaks, leaves: entries.map(leafOfEntry) })
          await transaction.insert(logEntries).values(
            entries.map((entry, offset) => ({
              ...entry,
              index: size + offset, // the primary key: two of one place cannot be
              hashes: completed[offset] ?? [],
            })),
          )
          return { first: size }
        }),
      ),

    logSize: () => reached(() => sizeIn(database)),

    logHashes: (places) => reached(() => hashesIn({ database, places })),

    logEntries: ({ from, to }) =>
      reached(async () => {
        const rows = await database
          .select()
          .from(logEntries)
          .where(and(gte(logEntries.index, from), lt(logEntries.index, to)))
          .orderBy(asc(logEntries.index))
        return rows.map(({ kind, digest, loggedAt }) => ({
          kind,
          digest: digest as Hex,
          loggedAt,
        }))
      }),

    findInLog: (digest) =>
      reached(async () => {
        const [row] = await database
          .select({ index: logEntries.index })
          .from(logEntries)
          .where(eq(logEntries.digest, digest.toLowerCase()))
          .orderBy(asc(logEntries.index))
          .limit(1)
        return row?.index
      }),
  }
}

async function frontierIn(database: Database): Promise<Frontier> {
  const size = await sizeIn(database)
  const peaks = await hashesIn({ database, places: placesIn({ from: 0, to: size }) })
  return { size, peaks }
}

async function sizeIn(database: Database): Promise<number> {
  const [last] = await database
    .select({ index: logEntries.index })
    .from(logEntries)
    .orderBy(desc(logEntries.index))
    .limit(1)
  return last ? last.index + 1 : 0
}

async function hashesIn({
  database,
  places,
}: {
  database: Database
  places: readonly Place[]
}): Promise<Hex[]> {
  if (places.length === 0) return []
  const lastLeaves = places.map(({ level, index }) => (index + 1) * 2 ** level - 1)
  const rows = await database
    .select({ index: logEntries.index, hashes: logEntries.hashes })
    .from(logEntries)
    .where(inArray(logEntries.index, lastLeaves))
  const hashesAt = new Map(rows.map(({ index, hashes }) => [index, hashes]))
  return places.map(({ level }, at) => {
    const hash = hashesAt.get(lastLeaves[at] ?? -1)?.[level]
    if (hash === undefined) throw new LogCorruptError({ index: lastLeaves[at] ?? -1 })
    return hash as Hex
  })
}
