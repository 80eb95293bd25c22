import { isSeatUsed, rootOf, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import { queryOptions } from '@tanstack/react-query'
import type { Address, Hex } from 'viem'
import { readShards } from '../../../chain/book-queries.ts'
import { type BookOf, readSeats } from '../../../chain/book-reads.ts'

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
      const shards = await readShards({ config, book })
      return await Promise.all(
        shards
          .filter((shard) => shard.campaignId === campaignId)
          .map(async (shard) => {
            const root = knownRoot({ book, shard })
            const of = { config, book, campaignId, shard: shard.index, root }
            return { ...shard, root, ...(await readSeats(of)) }
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

// A root never changes, and ten thousand leaves are not hashed every few seconds.
const roots = new Map<string, Hex>()

function knownRoot({ book, shard }: { book: Address; shard: Shard }): Hex {
  const key = `${book}.${shard.campaignId}.${shard.index}`
  const root = roots.get(key) ?? rootOf(shard)
  roots.set(key, root)
  return root
}
