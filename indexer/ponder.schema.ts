import { index, onchainEnum, onchainTable, primaryKey, relations } from 'ponder'

// Whatever the books' events say, in rows. Addresses are in small letters, times in unix seconds.

/** Where a coupon stands. A standby coupon becomes `redeemed` or `revoked` like any other. */
export const couponState = onchainEnum('coupon_state', ['issued', 'standby', 'redeemed', 'revoked'])

/** Why a campaign's terms are what they are. */
export const termsCause = onchainEnum('terms_cause', ['created', 'changed', 'resumed'])

export const book = onchainTable('book', (t) => ({
  address: t.hex().primaryKey(),
  creator: t.hex().notNull(),
  name: t.text().notNull(),
  createdAt: t.bigint().notNull(),
  block: t.bigint().notNull(),
  transaction: t.hex().notNull(),
}))

/** A campaign as it stands: its present terms, and its counters as `countersOf` of the contract has them. */
export const campaign = onchainTable(
  'campaign',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    name: t.text().notNull(),
    details: t.text().notNull(),
    opensAt: t.bigint().notNull(),
    closesAt: t.bigint().notNull(),
    heldUntil: t.bigint().notNull(),
    grace: t.bigint().notNull(),
    supply: t.bigint().notNull(),
    sites: t.integer().notNull(),
    requiredWitnesses: t.integer().notNull(),
    geofenceHash: t.hex().notNull(),
    issued: t.integer().notNull(),
    revoked: t.integer().notNull(),
    shards: t.integer().notNull(),
    standbyIssued: t.integer().notNull(),
    standbyRevoked: t.integer().notNull(),
    standbyShards: t.integer().notNull(),
    /** Standby coupons among them. */
    redeemed: t.integer().notNull(),
    /** Items of batches that were skipped, however often. */
    refused: t.integer().notNull(),
    shardsCounted: t.integer().notNull(),
    pauses: t.integer().notNull(),
    lastRedeemedAt: t.bigint(),
    createdAt: t.bigint().notNull(),
    pausedAt: t.bigint(),
    closedAt: t.bigint(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.campaignId] }) }),
)

/** Each set of terms that a campaign ever had, whole. */
export const termsChange = onchainTable(
  'terms_change',
  (t) => ({
    book: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    campaignId: t.bigint().notNull(),
    cause: termsCause('cause').notNull(),
    opensAt: t.bigint().notNull(),
    closesAt: t.bigint().notNull(),
    heldUntil: t.bigint().notNull(),
    grace: t.bigint().notNull(),
    supply: t.bigint().notNull(),
    sites: t.integer().notNull(),
    requiredWitnesses: t.integer().notNull(),
    geofenceHash: t.hex().notNull(),
    at: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.block, table.logIndex] }) }),
)

/** Each pause of a campaign, until it went on. */
export const pause = onchainTable(
  'pause',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    number: t.integer().notNull(),
    since: t.bigint().notNull(),
    until: t.bigint(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.campaignId, table.number] }) }),
)

/** Each shard of each issue, with its holders by seat: what proofs are made from. */
export const shard = onchainTable(
  'shard',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    shard: t.bigint().notNull(),
    /** The first shard of the issue that opened it. */
    issue: t.bigint().notNull(),
    holders: t.hex().array().notNull(),
    block: t.bigint().notNull(),
    at: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.campaignId, table.shard] }) }),
)

export const coupon = onchainTable(
  'coupon',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    serial: t.bigint().notNull(),
    holder: t.hex().notNull(),
    state: couponState('state').notNull(),
    /** The coupon in whose stead it was issued. */
    replaces: t.bigint(),
    /** Why it was taken back. */
    reason: t.text(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.book, table.campaignId, table.serial] }),
    byHolder: index().on(table.holder),
  }),
)

/** The one use of a coupon. */
export const redemption = onchainTable(
  'redemption',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    serial: t.bigint().notNull(),
    holder: t.hex().notNull(),
    site: t.integer().notNull(),
    /** Who signed the statements it was sent with, then the sender where it vouched itself. */
    witnesses: t.hex().array().notNull(),
    /** Of those statements, in their order. */
    evidenceHashes: t.hex().array().notNull(),
    /** Whether the calldata could be read: not where the call came through another contract. */
    isReadable: t.boolean().notNull(),
    sender: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    at: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.book, table.campaignId, table.serial] }),
    byPlace: index().on(table.book, table.block, table.logIndex),
    byHolder: index().on(table.holder),
  }),
)

/** Redemptions in one minute at one site: what a chart draws. */
export const minute = onchainTable(
  'minute',
  (t) => ({
    book: t.hex().notNull(),
    campaignId: t.bigint().notNull(),
    site: t.integer().notNull(),
    /** Its first second. */
    since: t.bigint().notNull(),
    redeemed: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.book, table.campaignId, table.site, table.since] }),
  }),
)

/** An item that a batch skipped. */
export const refusal = onchainTable(
  'refusal',
  (t) => ({
    book: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    campaignId: t.bigint().notNull(),
    serial: t.bigint().notNull(),
    holder: t.hex().notNull(),
    /** The contract's error, ABI-encoded. */
    why: t.hex().notNull(),
    sender: t.hex().notNull(),
    at: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.block, table.logIndex] }) }),
)

/** A key that vouches, or vouched, in a book: its newest entry. */
export const witness = onchainTable(
  'witness',
  (t) => ({
    book: t.hex().notNull(),
    key: t.hex().notNull(),
    classes: t.integer().notNull(),
    site: t.integer().notNull(),
    validFrom: t.bigint().notNull(),
    validUntil: t.bigint().notNull(),
    addedAt: t.bigint().notNull(),
    removedAt: t.bigint(),
    /** Redemptions it vouched for, under any of its entries. */
    vouched: t.integer().notNull(),
    lastVouchedAt: t.bigint(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.key] }) }),
)

/** Who has a role in a book now. */
export const role = onchainTable(
  'role',
  (t) => ({
    book: t.hex().notNull(),
    role: t.hex().notNull(),
    account: t.hex().notNull(),
    since: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.role, table.account] }) }),
)

/** Every other event as it is on the chain; a redemption's is told whole by its row. */
export const log = onchainTable(
  'log',
  (t) => ({
    book: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    at: t.bigint().notNull(),
    transaction: t.hex().notNull(),
    topics: t.hex().array().notNull(),
    data: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.book, table.block, table.logIndex] }) }),
)

export const bookRelations = relations(book, ({ many }) => ({
  campaigns: many(campaign),
  witnesses: many(witness),
}))

export const campaignRelations = relations(campaign, ({ one, many }) => ({
  of: one(book, { fields: [campaign.book], references: [book.address] }),
  coupons: many(coupon),
  redemptions: many(redemption),
}))

export const couponRelations = relations(coupon, ({ one }) => ({
  campaign: one(campaign, {
    fields: [coupon.book, coupon.campaignId],
    references: [campaign.book, campaign.campaignId],
  }),
  redemption: one(redemption, {
    fields: [coupon.book, coupon.campaignId, coupon.serial],
    references: [redemption.book, redemption.campaignId, redemption.serial],
  }),
}))

export const redemptionRelations = relations(redemption, ({ one }) => ({
  campaign: one(campaign, {
    fields: [redemption.book, redemption.campaignId],
    references: [campaign.book, campaign.campaignId],
  }),
}))

export const witnessRelations = relations(witness, ({ one }) => ({
  of: one(book, { fields: [witness.book], references: [book.address] }),
}))
