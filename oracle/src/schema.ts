import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

/** Geofence documents, by their own hash. */
export const geofences = pgTable('geofences', {
  hash: text('hash').primaryKey(),
  document: jsonb('document').notNull(),
})

/** Challenges that were handed out of late; each is good for one claim. Times are unix milliseconds. */
export const challenges = pgTable(
  'challenges',
  {
    challenge: text('challenge').primaryKey(),
    book: text('book').notNull(),
    campaignId: text('campaign_id').notNull(),
    serial: text('serial').notNull(),
    holder: text('holder').notNull(),
    expiresAt: bigint('expires_at', { mode: 'number' }).notNull(),
    usedAt: bigint('used_at', { mode: 'number' }),
  },
  (table) => [index('challenges_expires_at').on(table.expiresAt)],
)

/** How often something was tried in the window that ends at `endsAt`; the key is a hash and names nobody. */
export const attempts = pgTable(
  'attempts',
  {
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    endsAt: bigint('ends_at', { mode: 'number' }).notNull(),
  },
  (table) => [index('attempts_ends_at').on(table.endsAt)],
)

/**
 * Which account of the tracking app is whose, in which book. A row without a handle was taken back; `issuedAt` (unix
 * seconds) keeps what was signed before it from being used again.
 */
export const workers = pgTable(
  'workers',
  {
    book: text('book').notNull(),
    holder: text('holder').notNull(),
    handle: text('handle'),
    issuedAt: bigint('issued_at', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.book, table.holder] }),
    uniqueIndex('workers_handle').on(table.book, table.handle),
    index('workers_issued_at').on(table.issuedAt),
  ],
)

/**
 * The append-only log, by place. `hashes`: of the whole subtrees that this entry completes, its own leaf first, so that every
 * node of the tree is in the row of its last leaf.
 */
export const logEntries = pgTable(
  'log_entries',
  {
    index: bigint('index', { mode: 'number' }).primaryKey(),
    kind: text('kind', { enum: ['statement', 'refusal'] }).notNull(),
    digest: text('digest').notNull(),
    loggedAt: bigint('logged_at', { mode: 'number' }).notNull(),
    hashes: text('hashes').array().notNull(),
  },
  (table) => [index('log_entries_digest').on(table.digest)],
)

/** The cell of 0.1° × 0.1° in which a holder was last seen, for an hour; the key is a hash of book and holder. */
export const sightings = pgTable(
  'sightings',
  {
    key: text('key').primaryKey(),
    longitudeCell: integer('longitude_cell').notNull(),
    latitudeCell: integer('latitude_cell').notNull(),
    takenAt: bigint('taken_at', { mode: 'number' }).notNull(),
    keptAt: bigint('kept_at', { mode: 'number' }).notNull(),
  },
  (table) => [index('sightings_kept_at').on(table.keptAt)],
)

/**
 * Two browsers of one holder, joined for some minutes. What they say is sealed for each other; `reader` and `writer` are hashes
 * of what lets each of them ask, and at the end only the row's name is left, so that a late one hears why.
 */
export const pairings = pgTable(
  'pairings',
  {
    id: text('id').primaryKey(),
    reader: text('reader').notNull(),
    writer: text('writer'),
    request: text('request'),
    answer: text('answer'),
    expiresAt: bigint('expires_at', { mode: 'number' }).notNull(),
    endedAt: bigint('ended_at', { mode: 'number' }),
  },
  (table) => [index('pairings_expires_at').on(table.expiresAt)],
)
