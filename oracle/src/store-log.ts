import { leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { grown, placesIn, type Frontier, type Place } from '@coupon-secure/protocol/merkle-log'
import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import { LogCorruptError } from './errors.ts'
import { logEntries } from './schema.ts'
import { column, reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { keepSightings, sightingKeyOf, type KeptSighting } from './store-sightings.ts'

/** The tree as it was left, and the hashes of its last entry, by which it is known again. */
type Grown = Frontier & { lastHashes: string }

// Any number, the same in every oracle: whoever holds this lock alone may add to the log.
const LOG_LOCK = 7_162_535

/** What is answered: its entry in the log, and where it is a sighting of the holder, that. */
export type Answered = { entry: LogEntry; sighting?: KeptSighting }

/** The append-only log. */
export type LogStore = {
  /**
   * Adds entries to the log's end and keeps the sightings, all in one commit or none; answers with each one's index. Where a
   * holder's sighting is not any more what it was, nothing of theirs is written, and they have none. No holder comes twice.
   */
  appendToLog: (lot: readonly Answered[]) => Promise<(number | undefined)[]>
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
  let last: Grown | undefined

  return {
    appendToLog: (lot) =>
      reached(async () => {
        const { places, frontier } = await database.transaction(async (transaction) => {
          const isWritten = await keptOf({ database: transaction, lot })
          const entries = lot.flatMap(({ entry }, at) => (isWritten[at] ? [entry] : []))
          if (entries.length === 0) return { places: lot.map(() => undefined), frontier: last }
          await transaction.execute(sql`select pg_advisory_xact_lock(${LOG_LOCK})`)
          // Each statement sees what was committed before it, so this is the log that the lock was waited for.
          const frontier = await append({ database: transaction, entries, last })
          let index = frontier.size - entries.length
          return { places: isWritten.map((is) => (is ? index++ : undefined)), frontier }
        })
        last = frontier // committed
        return places
      }),

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

/** Which of them may be written: all but those whose holder was seen elsewhere by now. */
async function keptOf({
  database,
  lot,
}: {
  database: Database
  lot: readonly Answered[]
}): Promise<boolean[]> {
  const sightings = lot.flatMap(({ sighting }) => (sighting ? [sighting] : []))
  if (sightings.length === 0) return lot.map(() => true)
  const kept = await keepSightings({ database, lot: sightings })
  return lot.map(({ sighting }) => !sighting || kept.has(sightingKeyOf(sighting)))
}

async function append({
  database,
  entries,
  last,
}: {
  database: Database
  entries: readonly LogEntry[]
  last: Grown | undefined
}): Promise<Grown> {
  const { size, peaks } = await frontierIn({ database, last })
  const tree = grown({ size, peaks, leaves: entries.map(leafOfEntry) })
  const { completed } = tree
  const columns = sql.join(
    [
      column({ type: 'bigint', values: entries.map((_, offset) => size + offset) }),
      column({ type: 'text', values: entries.map(({ kind }) => kind) }),
      column({ type: 'text', values: entries.map(({ digest }) => digest) }),
      column({ type: 'bigint', values: entries.map(({ loggedAt }) => loggedAt) }),
      column({ type: 'text', values: completed.map((hashes) => hashes.join()) }),
    ],
    sql`, `,
  )
  // The primary key: two of one place cannot be.
  await database.execute(sql`
    insert into log_entries (index, kind, digest, logged_at, hashes)
    select index, kind, digest, logged_at, string_to_array(hashes, ',')
    from unnest(${columns}) as entry (index, kind, digest, logged_at, hashes)`)
  return { size: tree.size, peaks: tree.peaks, lastHashes: completed.at(-1)?.join() ?? '' }
}

/** The tree as it stands; its peaks are read only where somebody else has written since `last`. */
async function frontierIn({
  database,
  last,
}: {
  database: Database
  last: Grown | undefined
}): Promise<Frontier> {
  const [entry] = await rowsOf<{ size: number; hashes: string }>({
    database,
    statement: sql`
      select (index + 1)::float8 as size, array_to_string(hashes, ',') as hashes
      from log_entries order by index desc limit 1`,
  })
  const size = entry?.size ?? 0
  if (last?.size === size && last.lastHashes === entry?.hashes) return last
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
