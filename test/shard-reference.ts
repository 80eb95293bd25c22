// The shard tree of docs/protocol.md#shard in its slowest and plainest form, with ethers alone: what
// the contract and protocol/coupon.ts are compared with.
import {
  AbiCoder,
  concat,
  dataSlice,
  keccak256,
  solidityPackedKeccak256,
  ZeroAddress,
  ZeroHash,
} from 'ethers'

export const SEATS_PER_SHARD = 255

/** The node beside the last of an odd level. */
export const ZERO_NODE = ZeroAddress

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

/** The hash above two others, of which it takes the nodes. */
export function hashOver(one: string, other: string): string {
  const nodes = [nodeOf(one), nodeOf(other)]
  if (BigInt(nodes[0]!) > BigInt(nodes[1]!)) nodes.reverse()
  return keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'address'], nodes))
}

/** The first 20 bytes of a hash. */
export function nodeOf(hash: string): string {
  return dataSlice(hash, 0, 20)
}

/** A proof as the contract takes it. */
export function packedProof(proof: readonly string[]): string {
  return concat(proof)
}

/** The hashes of the tree by level, leaves first; all but the last are filled up to an even width. */
export function levelsOf(shard: Shard): string[][] {
  const levels: string[][] = []
  let level = shard.holders.map((holder, seat) =>
    leafOf({ serial: serialAt({ shard, seat }), holder }),
  )
  while (level.length > 1) {
    const nodes = level.length % 2 === 0 ? level : [...level, ZeroHash]
    levels.push(nodes)
    level = Array.from({ length: nodes.length / 2 }, (_, i) =>
      hashOver(nodes[2 * i]!, nodes[2 * i + 1]!),
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
    .map((level, height) => nodeOf(level[(seat >> height) ^ 1]!))
}
