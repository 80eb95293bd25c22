// The shard tree of docs/protocol.md#shard in its slowest and plainest form, with ethers alone: what
// the contract and protocol/coupon.ts are compared with.
import { concat, keccak256, solidityPackedKeccak256, ZeroHash } from 'ethers'

export const SEATS_PER_SHARD = 255

export type Shard = { index: bigint; holders: string[] }

/** The shards that one `issue` makes of this list. */
export function shardsOf({
  firstShard = 0n,
  holders,
}: {
  firstShard?: bigint
  holders: string[]
}): Shard[] {
  return Array.from({ length: Math.ceil(holders.length / SEATS_PER_SHARD) }, (_, i) => ({
    index: firstShard + BigInt(i),
    holders: holders.slice(i * SEATS_PER_SHARD, (i + 1) * SEATS_PER_SHARD),
  }))
}

export function serialAt({ shard, seat }: { shard: Shard; seat: number }): bigint {
  return (shard.index << 8n) | BigInt(seat)
}

export function leafOf({ serial, holder }: { serial: bigint; holder: string }): string {
  return solidityPackedKeccak256(['uint96', 'address'], [serial, holder])
}

export function nodeOf(one: string, other: string): string {
  return keccak256(BigInt(one) < BigInt(other) ? concat([one, other]) : concat([other, one]))
}

/** The levels of the tree, leaves first; all but the last are filled up to an even width. */
export function levelsOf(shard: Shard): string[][] {
  const levels: string[][] = []
  let level = shard.holders.map((holder, seat) =>
    leafOf({ serial: serialAt({ shard, seat }), holder }),
  )
  while (level.length > 1) {
    const nodes = level.length % 2 === 0 ? level : [...level, ZeroHash]
    levels.push(nodes)
    level = Array.from({ length: nodes.length / 2 }, (_, i) =>
      nodeOf(nodes[2 * i]!, nodes[2 * i + 1]!),
    )
  }
  return [...levels, level]
}

export function rootOf(shard: Shard): string {
  return levelsOf(shard).at(-1)![0]!
}

export function proofOf({ shard, seat }: { shard: Shard; seat: number }): string[] {
  return levelsOf(shard)
    .slice(0, -1)
    .map((level, height) => level[(seat >> height) ^ 1]!)
}
