import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { packProof, proofsOf, rootOf, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import {
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  getAddress,
  type Hex,
  isHex,
} from 'viem'
import type { Stage } from './stage.ts'

type Row = Record<string, unknown>

const TABLES = {
  book: 'address',
  campaign: 'book, campaign_id',
  terms_change: 'book, block, log_index',
  pause: 'book, campaign_id, number',
  shard: 'book, campaign_id, shard',
  coupon: 'book, campaign_id, serial',
  redemption: 'book, campaign_id, serial',
  minute: 'book, campaign_id, site, since',
  refusal: 'book, block, log_index',
  witness: 'book, key',
  role: 'book, role, account',
  log: 'book, block, log_index',
}

/** The rows that a statement finds in the index. */
export async function rowsIn({ url, sql }: { url: string; sql: string }): Promise<Row[]> {
  const query = new URLSearchParams({ sql: JSON.stringify({ json: { sql, params: [] } }) })
  const response = await fetch(`${url}/sql/db?${query.toString()}`)
  if (!response.ok) throw new Error(await response.text())
  return ((await response.json()) as { rows: Row[] }).rows
}

/** Every table, whole. */
export async function dumpOf(url: string): Promise<Record<string, Row[]>> {
  const dump: Record<string, Row[]> = {}
  for (const [table, order] of Object.entries(TABLES)) {
    dump[table] = await rowsIn({ url, sql: `select * from "${table}" order by ${order}` })
  }
  return dump
}

/** What the chain's own logs and counters say, and what the index says, side by side. */
export async function bothSidesOf({ stage, url }: { stage: Stage; url: string }) {
  const { book } = stage
  const of = `where book = '${book.toLowerCase()}'`
  const find = (table: keyof typeof TABLES) =>
    rowsIn({ url, sql: `select * from "${table}" ${of} order by ${TABLES[table]}` })
  const [logs, redemptions, campaigns] = [
    await find('log'),
    await find('redemption'),
    await find('campaign'),
  ]
  const shards = (await find('shard')).map(shardIn)
  return {
    index: {
      logs: [...logs.map(logIn), ...redemptions.map(logOfRedemption)].sort(inOrder),
      campaigns: campaigns.map(campaignIn),
      coupons: (await find('coupon')).map(({ campaign_id, serial, holder, state }) =>
        [campaign_id, serial, holder, state].join(' '),
      ),
      witnesses: (await find('witness')).map(witnessIn),
    },
    chain: {
      logs: await logsOn(stage),
      campaigns: await campaignsOn({ stage, shards }),
      coupons: (await Promise.all(shards.map((shard) => couponsOn({ stage, shard })))).flat(),
      witnesses: await witnessesOn({
        stage,
        keys: (await find('witness')).map(({ key }) => addressIn(key)),
      }),
    },
  }
}

async function logsOn({ client, book }: Stage) {
  const logs = await client.getLogs({ address: book, fromBlock: 0n })
  return logs
    .map(({ blockNumber, logIndex, transactionHash, topics, data, blockTimestamp }) => {
      const place = { block: Number(blockNumber), logIndex, at: Number(blockTimestamp) }
      return { ...place, transaction: transactionHash, topics: [...topics], data }
    })
    .sort(inOrder)
}

async function campaignsOn({
  stage: { client, contract },
  shards,
}: {
  stage: Stage
  shards: Shard[]
}) {
  const count = await client.readContract({ ...contract, functionName: 'campaignCount' })
  const numbers = Array.from({ length: Number(count) }, (_, i) => BigInt(i + 1))
  return Promise.all(
    numbers.map(async (campaignId) => {
      const args = [campaignId] as const
      const terms = await client.readContract({ ...contract, functionName: 'campaign', args })
      const counters = await client.readContract({ ...contract, functionName: 'countersOf', args })
      const pausedAt = await client.readContract({ ...contract, functionName: 'pausedAt', args })
      const roots = shards
        .filter((shard) => shard.campaignId === campaignId && shard.index < 2n ** 31n)
        .slice(Number(counters.shardsCounted))
        .map(rootOf)
      const ledger = await client.readContract({
        ...contract,
        functionName: 'ledger',
        args: [campaignId, roots],
      })
      const { issued, revoked, shards: count, shardsCounted, isClosed } = counters
      const { standbyIssued, standbyRevoked, standbyShards } = counters
      const standby = { standbyIssued, standbyRevoked, standbyShards }
      const counted = { issued, revoked, shards: count, shardsCounted, isClosed, ...standby }
      return texts({ campaignId, ...terms, ...counted, pausedAt, redeemed: ledger.redeemed })
    }),
  )
}

function campaignIn(row: Row) {
  return texts({
    campaignId: row.campaign_id,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    heldUntil: row.held_until,
    grace: row.grace,
    supply: row.supply,
    sites: row.sites,
    requiredWitnesses: row.required_witnesses,
    geofenceHash: row.geofence_hash,
    issued: row.issued,
    revoked: row.revoked,
    shards: row.shards,
    standbyIssued: row.standby_issued,
    standbyRevoked: row.standby_revoked,
    standbyShards: row.standby_shards,
    shardsCounted: row.shards_counted,
    isClosed: row.closed_at !== null,
    pausedAt: row.paused_at ?? 0,
    redeemed: row.redeemed,
  })
}

async function couponsOn({ stage: { client, contract }, shard }: { stage: Stage; shard: Shard }) {
  const proofs = proofsOf(shard)
  const unused = shard.index < 2n ** 31n ? 'issued' : 'standby'
  return Promise.all(
    shard.holders.map(async (holder, seat) => {
      const serial = serialAt({ shard: shard.index, seat })
      const proof = packProof(proofs[seat] ?? [])
      const args = [shard.campaignId, serial, holder, proof] as const
      const status = await client.readContract({ ...contract, functionName: 'statusOf', args })
      const state = ['not issued', unused, 'redeemed', 'revoked'][status]
      return [shard.campaignId, serial, holder.toLowerCase(), state].join(' ')
    }),
  )
}

async function witnessesOn({
  stage: { client, contract },
  keys,
}: {
  stage: Stage
  keys: Address[]
}) {
  const entries = await Promise.all(
    keys.map((key) => client.readContract({ ...contract, functionName: 'witness', args: [key] })),
  )
  return entries.map((entry, i) => {
    const { key, classes, site, validFrom, validUntil } = entry
    const isOne = BigInt(key) !== 0n
    return texts({ key: keys[i], isOne, ...(isOne && { classes, site, validFrom, validUntil }) })
  })
}

function witnessIn(row: Row) {
  const isOne = row.removed_at === null
  const { classes, site, valid_from: validFrom, valid_until: validUntil } = row
  return texts({
    key: addressIn(row.key),
    isOne,
    ...(isOne && { classes, site, validFrom, validUntil }),
  })
}

function logIn({ block, log_index, at, transaction, topics, data }: Row) {
  return { ...placeIn({ block, log_index, at }), transaction, topics: listIn(topics), data }
}

function logOfRedemption(row: Row) {
  const args = {
    campaignId: BigInt(String(row.campaign_id)),
    serial: BigInt(String(row.serial)),
    holder: addressIn(row.holder),
  }
  return {
    ...placeIn(row),
    transaction: row.transaction,
    topics: encodeEventTopics({ abi: couponBookAbi, eventName: 'CouponRedeemed', args }),
    data: encodeAbiParameters([{ type: 'uint16' }], [Number(row.site)]),
  }
}

function shardIn(row: Row): Shard {
  const holders = listIn(row.holders).map(addressIn)
  return { campaignId: BigInt(String(row.campaign_id)), index: BigInt(String(row.shard)), holders }
}

function placeIn({ block, log_index, at }: Row) {
  return { block: Number(block), logIndex: Number(log_index), at: Number(at) }
}

function inOrder(a: { block: number; logIndex: number }, b: { block: number; logIndex: number }) {
  return a.block - b.block || a.logIndex - b.logIndex
}

function listIn(value: unknown): Hex[] {
  if (!Array.isArray(value)) throw new Error(`no list: ${String(value)}`)
  return value.filter((one) => isHex(one))
}

function addressIn(value: unknown): Address {
  return getAddress(String(value))
}

function texts(facts: Row): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))
}
