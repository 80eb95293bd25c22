import { isSeatUsed, rootOf, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import { queryOptions } from '@tanstack/react-query'
import type { Address, Hex } from 'viem'
import { readShards } from '../../../chain/book-queries.ts'
import { type BookOf, readCounters, readSeats } from '../../../chain/book-reads.ts'

/** A shard with its root and what the chain says of its seats, as words of bits. */
export type ShardState = Shard & { root: Hex; used: bigint; revoked: bigint }

/** Where a coupon stands. */
export type Standing = 'unused' | 'redeemed' | 'revoked'

/** A coupon of a campaign, whose it is, and where it stands. */
export type Standings = { serial: bigint; holder: Address; standing: Standing }

/** A campaign's shards, standby among them, with the state of each seat as the chain has it now. */
export function shardStatesQuery({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'shard-states', book, String(campaignId)],
    queryFn: async (): Promise<ShardState[]> => {
      const shards = await rootedShards({ config, book, campaignId })
      return await Promise.all(
        shards.map(async (shard) => {
          const of = { config, book, campaignId, shard: shard.index, root: shard.root }
          return { ...shard, ...(await readSeats(of)) }
        }),
      )
    },
    refetchInterval: 8_000,
    structuralSharing: false, // thousands of addresses are replaced, not compared
  })
}

/** Every coupon in these shards, by serial. */
export function standingsOf(shards: readonly ShardState[]): Standings[] {
  return shards.flatMap(({ index, holders, used, revoked }) =>
    holders.map((holder, seat) => {
      const isRevoked = isSeatUsed({ word: revoked, seat })
      const standing = isRevoked
        ? 'revoked'
        : isSeatUsed({ word: used, seat })
          ? 'redeemed'
          : 'unused'
      return { serial: serialAt({ shard: index, seat }), holder, standing }
    }),
  )
}

type RootedShard = Shard & { root: Hex }

// Shards are only ever added: ten thousand addresses are neither read nor hashed every few seconds.
const known = new Map<string, readonly RootedShard[]>()

async function rootedShards({
  config,
  book,
  campaignId,
}: BookOf & { campaignId: bigint }): Promise<readonly RootedShard[]> {
  const key = `${config.chainId}.${book}.${campaignId}`
  const earlier = known.get(key) ?? []
  const { shards, standbyShards } = await readCounters({ config, book, campaignId })
  if (BigInt(earlier.length) === shards + standbyShards) return earlier
  const all = await readShards({ config, book })
  const own = all
    .filter((shard) => shard.campaignId === campaignId)
    .map((shard) => ({ ...shard, root: rootOf(shard) }))
  known.set(key, own)
  return own
}
