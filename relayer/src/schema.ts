import {
  bigint,
  bigserial,
  index,
  integer,
  numeric,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'

// Times are unix milliseconds, but a block's, which are seconds.

/** Transactions that were meant to be sent, each written down before it is: one nonce of one key. */
export const transactions = pgTable(
  'transactions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    sender: text('sender').notNull(),
    nonce: bigint('nonce', { mode: 'number' }).notNull(),
    book: text('book').notNull(),
    data: text('data').notNull(),
    gas: bigint('gas', { mode: 'number' }).notNull(),
    /** `lost`: something else of the key has its nonce. */
    state: text('state', { enum: ['open', 'mined', 'final', 'lost'] }).notNull(),
    madeAt: bigint('made_at', { mode: 'number' }).notNull(),
    hash: text('hash'),
    blockNumber: bigint('block_number', { mode: 'number' }),
    blockHash: text('block_hash'),
    blockTime: bigint('block_time', { mode: 'number' }),
    /** What it cost, in wei. */
    cost: numeric('cost', { precision: 78, scale: 0 }),
  },
  (table) => [
    uniqueIndex('transactions_nonce')
      .on(table.sender, table.nonce)
      .where(sql`state in ('open', 'mined')`),
    index('transactions_state').on(table.state),
    index('transactions_made_at').on(table.madeAt),
  ],
)

/** A transaction as it was signed: once, and once more each time it was made dearer. */
export const envelopes = pgTable(
  'envelopes',
  {
    hash: text('hash').primaryKey(),
    transactionId: bigint('transaction_id', { mode: 'number' })
      .notNull()
      .references(() => transactions.id, { onDelete: 'cascade' }),
    raw: text('raw').notNull(),
    maxFee: numeric('max_fee', { precision: 78, scale: 0 }).notNull(),
    tip: numeric('tip', { precision: 78, scale: 0 }).notNull(),
    signedAt: bigint('signed_at', { mode: 'number' }).notNull(),
  },
  (table) => [index('envelopes_transaction').on(table.transactionId)],
)

/** Redemptions that were taken on, by the digest that their holder signed; `request` as it travelled. */
export const redemptions = pgTable(
  'redemptions',
  {
    digest: text('digest').primaryKey(),
    book: text('book').notNull(),
    campaignId: text('campaign_id').notNull(),
    serial: text('serial').notNull(),
    request: text('request').notNull(),
    /** Whether the holder is a contract that calls the signature its own: no batch takes those. */
    kind: text('kind', { enum: ['key', 'contract'] }).notNull(),
    state: text('state', { enum: ['waiting', 'sent', 'confirmed', 'final', 'refused'] }).notNull(),
    code: text('code'),
    tries: integer('tries').notNull(),
    version: integer('version').notNull(),
    transactionId: bigint('transaction_id', { mode: 'number' }).references(() => transactions.id),
    receivedAt: bigint('received_at', { mode: 'number' }).notNull(),
    changedAt: bigint('changed_at', { mode: 'number' }).notNull(),
  },
  (table) => [
    index('redemptions_coupon').on(table.book, table.campaignId, table.serial),
    index('redemptions_state').on(table.state, table.receivedAt),
    index('redemptions_transaction').on(table.transactionId),
  ],
)

/** Which process may use a key, and until when by the database's clock. */
export const leases = pgTable('leases', {
  sender: text('sender').primaryKey(),
  owner: text('owner').notNull(),
  endsAt: bigint('ends_at', { mode: 'number' }).notNull(),
})
