import {
  FIRST_STANDBY_SHARD,
  isStandby,
  serialAt,
  shardsOfIssue,
} from '@coupon-secure/protocol/coupon'
import { ponder } from 'ponder:registry'
import schema from 'ponder:schema'
import { keep, placeOf } from './record.ts'
import { vouchersOf } from './vouchers.ts'

const MINUTE = 60n

ponder.on('CouponBook:Issued', async ({ event, context }) => {
  await keep({ event, context })
  const { campaignId, firstShard, holders } = event.args
  const { book, block, at, transaction } = placeOf(event)
  const isBeyondSupply = firstShard >= FIRST_STANDBY_SHARD
  const shards = shardsOfIssue({ campaignId, firstShard, holders })

  await context.db.insert(schema.shard).values(
    shards.map(({ index, holders }) => {
      const of = { book, campaignId, shard: index, issue: firstShard, block, at, transaction }
      return { ...of, holders: holders.map(small) }
    }),
  )
  await context.db.insert(schema.coupon).values(
    shards.flatMap(({ index: shard, holders }) =>
      holders.map((holder, seat) => {
        const state = isBeyondSupply ? ('standby' as const) : ('issued' as const)
        return { book, campaignId, serial: serialAt({ shard, seat }), holder, state }
      }),
    ),
  )
  await context.db.update(schema.campaign, { book, campaignId }).set((row) =>
    isBeyondSupply
      ? {
          standbyIssued: row.standbyIssued + holders.length,
          standbyShards: row.standbyShards + shards.length,
        }
      : { issued: row.issued + holders.length, shards: row.shards + shards.length },
  )
})

ponder.on('CouponBook:CouponRedeemed', async ({ event, context }) => {
  const { db } = context
  const { campaignId, serial, holder, site } = event.args
  const { book, at, ...place } = placeOf(event)
  const sender = event.transaction.from
  const vouchers = await vouchersOf({ event, context })

  const coupon = { book, campaignId, serial }
  await db
    .insert(schema.redemption)
    .values({ ...coupon, holder, site, sender, at, ...place, ...vouchers })
  await db.update(schema.coupon, coupon).set({ state: 'redeemed' })
  await db
    .update(schema.campaign, { book, campaignId })
    .set((row) => ({ redeemed: row.redeemed + 1, lastRedeemedAt: at }))
  await db
    .insert(schema.minute)
    .values({ book, campaignId, site, since: at - (at % MINUTE), redeemed: 1 })
    .onConflictDoUpdate((row) => ({ redeemed: row.redeemed + 1 }))
  for (const key of new Set(vouchers.witnesses)) {
    await db
      .update(schema.witness, { book, key })
      .set((row) => ({ vouched: row.vouched + 1, lastVouchedAt: at }))
  }
})

ponder.on('CouponBook:RedemptionRefused', async ({ event, context }) => {
  await keep({ event, context })
  const { campaignId } = event.args
  const { book } = placeOf(event)
  await context.db
    .insert(schema.refusal)
    .values({ ...placeOf(event), ...event.args, sender: event.transaction.from })
  await context.db
    .update(schema.campaign, { book, campaignId })
    .set((row) => ({ refused: row.refused + 1 }))
})

ponder.on('CouponBook:CouponRevoked', async ({ event, context }) => {
  await keep({ event, context })
  const { campaignId, serial, reason } = event.args
  const { book } = placeOf(event)
  await context.db
    .update(schema.coupon, { book, campaignId, serial })
    .set({ state: 'revoked', reason })
  await context.db
    .update(schema.campaign, { book, campaignId })
    .set((row) =>
      isStandby(serial) ? { standbyRevoked: row.standbyRevoked + 1 } : { revoked: row.revoked + 1 },
    )
})

ponder.on('CouponBook:CouponReallotted', async ({ event, context }) => {
  await keep({ event, context })
  const { campaignId, replaced, serial } = event.args
  await context.db
    .update(schema.coupon, { book: event.log.address, campaignId, serial })
    .set({ replaces: replaced })
})

function small<T extends string>(address: T): Lowercase<T> {
  return address.toLowerCase() as Lowercase<T>
}
