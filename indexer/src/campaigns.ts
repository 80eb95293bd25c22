import { type Context, type Event, ponder } from 'ponder:registry'
import schema from 'ponder:schema'
import { keep, placeOf } from './record.ts'

const NOTHING_YET = {
  issued: 0,
  revoked: 0,
  shards: 0,
  standbyIssued: 0,
  standbyRevoked: 0,
  standbyShards: 0,
  redeemed: 0,
  refused: 0,
  shardsCounted: 0,
  pauses: 0,
}

ponder.on('CouponBook:CampaignCreated', async ({ event, context }) => {
  const { campaignId, name, details, terms } = event.args
  const createdAt = event.block.timestamp
  await keep({ event, context })
  await context.db
    .insert(schema.campaign)
    .values({ ...keyOf(event), name, details, ...terms, ...NOTHING_YET, createdAt })
  const change = { campaignId, cause: 'created', ...terms } as const
  await context.db.insert(schema.termsChange).values({ ...placeOf(event), ...change })
})

ponder.on('CouponBook:TermsChanged', async ({ event, context }) => {
  const { campaignId, terms } = event.args
  await keep({ event, context })
  await context.db.update(schema.campaign, keyOf(event)).set(terms)
  const change = { campaignId, cause: 'changed', ...terms } as const
  await context.db.insert(schema.termsChange).values({ ...placeOf(event), ...change })
})

ponder.on('CouponBook:CampaignPaused', async ({ event, context }) => {
  const since = event.block.timestamp
  await keep({ event, context })
  const { pauses } = await context.db
    .update(schema.campaign, keyOf(event))
    .set((row) => ({ pausedAt: since, pauses: row.pauses + 1 }))
  await context.db.insert(schema.pause).values({ ...keyOf(event), number: pauses, since })
})

ponder.on('CouponBook:CampaignResumed', async ({ event, context }) => {
  const { campaignId, terms } = event.args
  await keep({ event, context })
  const { pauses } = await context.db
    .update(schema.campaign, keyOf(event))
    .set({ ...terms, pausedAt: null })
  await context.db
    .update(schema.pause, { ...keyOf(event), number: pauses })
    .set({ until: event.block.timestamp })
  const change = { campaignId, cause: 'resumed', ...terms } as const
  await context.db.insert(schema.termsChange).values({ ...placeOf(event), ...change })
})

ponder.on('CouponBook:UnusedReleased', async ({ event, context }) => {
  await keep({ event, context })
  await countShards({ event, context })
})

ponder.on('CouponBook:ShardsCounted', async ({ event, context }) => {
  await keep({ event, context })
  await countShards({ event, context })
})

ponder.on('CouponBook:CampaignClosed', async ({ event, context }) => {
  await keep({ event, context })
  await context.db
    .update(schema.campaign, keyOf(event))
    // The closing statement is made once every shard is counted.
    .set((row) => ({ closedAt: event.block.timestamp, shardsCounted: row.shards }))
})

type Counted = 'CouponBook:UnusedReleased' | 'CouponBook:ShardsCounted'

async function countShards({ event, context }: { event: Event<Counted>; context: Context }) {
  const counted = Number(event.args.shards)
  await context.db
    .update(schema.campaign, keyOf(event))
    .set((row) => ({ shardsCounted: row.shardsCounted + counted }))
}

function keyOf({ log, args }: { log: { address: `0x${string}` }; args: { campaignId: bigint } }) {
  return { book: log.address, campaignId: args.campaignId }
}
