import type { Address } from 'abitype'
import { v5 as uuidv5 } from 'uuid'
import { concatHex, keccak256, numberToHex, padHex, slice, type Hex } from 'viem'
import { CouponSecureError } from './errors.ts'

/** The most coupons in one shard: a word's 256 bits less the one that marks the shard as issued. */
export const SEATS_PER_SHARD = 255

/** Shards of standby coupons are numbered from here on. */
export const FIRST_STANDBY_SHARD = 2n ** 31n

const LARGEST_SERIAL = 2n ** 96n - 1n
const NODE_BYTES = 20
const NOBODY: Hex = `0x${'00'.repeat(NODE_BYTES)}` // the partner of the last node of an odd level

/** Up to 255 coupons of one issue; `holders[seat]` holds the coupon in that seat. */
export type Shard = { campaignId: bigint; index: bigint; holders: readonly Address[] }

/** A coupon of a book. */
export type Coupon = { campaignId: bigint; serial: bigint }

/** A coupon with all that its holder needs to show it to the contract; `proof` is its nodes, of 20 bytes each. */
export type HeldCoupon = Coupon & { holder: Address; proof: Hex[]; root: Hex }

/** The shards of one `Issued` event: `holders` cut into consecutive shards of up to 255. */
export function shardsOfIssue({
  campaignId,
  firstShard,
  holders,
}: {
  campaignId: bigint
  firstShard: bigint
  holders: readonly Address[]
}): Shard[] {
  return Array.from({ length: Math.ceil(holders.length / SEATS_PER_SHARD) }, (_, offset) => ({
    campaignId,
    index: firstShard + BigInt(offset),
    holders: holders.slice(offset * SEATS_PER_SHARD, (offset + 1) * SEATS_PER_SHARD),
  }))
}

/** The coupons that `holder` holds in these shards, with their proofs, by campaign and then by serial. */
export function couponsOf({
  shards,
  holder,
}: {
  shards: readonly Shard[]
  holder: Address
}): HeldCoupon[] {
  return shards
    .flatMap((shard) => {
      const serials = serialsOf({ shard, holder })
      if (serials.length === 0) return [] // most shards: their trees are never built
      const levels = levelsOf(shard)
      const root = rootOfLevels(levels)
      return serials.map((serial) => ({
        campaignId: shard.campaignId,
        serial,
        holder,
        proof: pathIn({ levels, seat: seatOf(serial) }),
        root,
      }))
    })
    .sort((a, b) => compare(a.campaignId, b.campaignId) || compare(a.serial, b.serial))
}

/** The serials that `holder` holds in this shard, lowest first. */
export function serialsOf({ shard, holder }: { shard: Shard; holder: Address }): bigint[] {
  // Plain text comparison: viem's isAddressEqual checks both addresses anew, at 10,000 holders too dear for a phone.
  const wanted = holder.toLowerCase()
  return shard.holders.flatMap((candidate, seat) =>
    candidate.toLowerCase() === wanted ? [serialAt({ shard: shard.index, seat })] : [],
  )
}

/** The serial of the coupon in a seat of a shard: `shard << 8 | seat`. */
export function serialAt({ shard, seat }: { shard: bigint; seat: number }): bigint {
  if (!Number.isInteger(seat) || seat < 0 || seat >= SEATS_PER_SHARD) throw new SeatError({ seat })
  return (shard << 8n) | BigInt(seat)
}

/** The shard that a serial names. */
export function shardOf(serial: bigint): bigint {
  return serial >> 8n
}

/** Whether the coupon is a standby one: beyond the supply, for what others leave unused. */
export function isStandby(serial: bigint): boolean {
  return shardOf(serial) >= FIRST_STANDBY_SHARD
}

/**
 * Whether the coupon is not held for its holder, but takes of what is there for all: standby, or of a shard that was
 * counted after `heldUntil`.
 */
export function takesOfWhatIsLeft({
  serial,
  shardsCounted,
}: {
  serial: bigint
  shardsCounted: bigint
}): boolean {
  return isStandby(serial) || shardOf(serial) < shardsCounted
}

/** The seat that a serial names, 0 to 254 in any coupon that was issued. */
export function seatOf(serial: bigint): number {
  return Number(serial & 0xffn)
}

/** Whether this seat's bit is set in a shard's word, as `seatsOf` of the contract returns it. */
export function isSeatUsed({ word, seat }: { word: bigint; seat: number }): boolean {
  return ((word >> BigInt(seat)) & 1n) === 1n
}

/** The leaf of a coupon: `keccak256(uint96 serial ‖ address holder)` (docs/protocol.md#shard). */
export function leafOf({ serial, holder }: { serial: bigint; holder: Address }): Hex {
  if (serial < 0n || serial > LARGEST_SERIAL) throw new SerialError({ serial })
  if (!/^0x[0-9a-fA-F]{40}$/.test(holder) || BigInt(holder) === 0n)
    throw new HolderError({ holder })
  return keccak256(concatHex([numberToHex(serial, { size: 12 }), holder]))
}

/** The root of a shard's tree, equal to the one that the contract computed when it issued the shard. */
export function rootOf(shard: Shard): Hex {
  return rootOfLevels(levelsOf(shard))
}

/** The nodes from a seat's leaf up to its shard's root, of 20 bytes each; equally many for every seat of a shard. */
export function proofOf({ shard, seat }: { shard: Shard; seat: number }): Hex[] {
  if (!Number.isInteger(seat) || seat < 0 || seat >= shard.holders.length) {
    throw new SeatError({ seat })
  }
  return pathIn({ levels: levelsOf(shard), seat })
}

/** The proofs of all seats of a shard, whose tree is built once for them. */
export function proofsOf(shard: Shard): Hex[][] {
  const levels = levelsOf(shard)
  return shard.holders.map((_, seat) => pathIn({ levels, seat }))
}

/** A proof as the contract takes it: its nodes side by side. */
export function packProof(proof: readonly Hex[]): Hex {
  return concatHex(proof)
}

/** The root that a coupon's leaf and proof lead to. */
export function rootFromProof({
  serial,
  holder,
  proof,
}: {
  serial: bigint
  holder: Address
  proof: readonly Hex[]
}): Hex {
  return proof.reduce((node, partner) => parentOf(node, partner), leafOf({ serial, holder }))
}

/** The coupon's name among all coupons: `urn:coupon:<chainId>:<book>:<campaignId>:<serial>`. */
export function urnOf({ chainId, book, campaignId, serial }: CouponPlace): string {
  return `urn:coupon:${chainId}:${book.toLowerCase()}:${campaignId}:${serial}`
}

/** The id printed on a coupon: the UUIDv5 of its URN in the URL namespace (RFC 9562). */
export function idOf(place: CouponPlace): string {
  return uuidv5(urnOf(place), uuidv5.URL)
}

/** A coupon, its book and its chain. */
export type CouponPlace = Coupon & { chainId: number; book: Address }

/** A seat that no shard, or not this one, has. */
export class SeatError extends CouponSecureError {
  override name = 'SeatError'
  constructor({ seat }: { seat: number }) {
    super(
      `Seat ${seat} is not in the shard; a shard has seats 0 to ${SEATS_PER_SHARD - 1} at most.`,
      {
        docs: 'docs/protocol.md#serial',
      },
    )
  }
}

/** A serial that cannot be any coupon's. */
export class SerialError extends CouponSecureError {
  override name = 'SerialError'
  constructor({ serial }: { serial: bigint }) {
    super(`A serial lies between 0 and 2^96 - 1; this one is ${serial}.`, {
      docs: 'docs/protocol.md#serial',
    })
  }
}

/** A holder who can hold nothing. */
export class HolderError extends CouponSecureError {
  override name = 'HolderError'
  constructor({ holder }: { holder: string }) {
    super(`A holder is an address of 20 bytes, not all zero; this one is "${holder}".`, {
      docs: 'docs/protocol.md#shard',
    })
  }
}

/** A shard without holders, or with more than its word has bits for. */
export class ShardSizeError extends CouponSecureError {
  override name = 'ShardSizeError'
  constructor({ holders }: { holders: number }) {
    super(`A shard has 1 to ${SEATS_PER_SHARD} holders; this one has ${holders}.`, {
      docs: 'docs/protocol.md#shard',
    })
  }
}

/** All levels of a shard's tree, leaves first; each but the root padded to an even number of nodes. */
function levelsOf({ index, holders }: Shard): Hex[][] {
  if (holders.length === 0 || holders.length > SEATS_PER_SHARD) {
    throw new ShardSizeError({ holders: holders.length })
  }
  const leaves = holders.map((holder, seat) =>
    leafOf({ serial: serialAt({ shard: index, seat }), holder }),
  )
  const levels: Hex[][] = []
  let level = leaves
  while (level.length > 1) {
    const padded = level.length % 2 === 0 ? level : [...level, NOBODY]
    levels.push(padded)
    level = padded.flatMap((left, position) => {
      const right = padded[position + 1]
      return position % 2 === 0 && right !== undefined ? [parentOf(left, right)] : []
    })
  }
  return [...levels, level]
}

function rootOfLevels(levels: Hex[][]): Hex {
  const root = levels.at(-1)?.[0]
  if (root === undefined) throw new ShardSizeError({ holders: 0 })
  return root
}

function pathIn({ levels, seat }: { levels: Hex[][]; seat: number }): Hex[] {
  return levels.slice(0, -1).flatMap((level, height) => {
    const beside = level[(seat >> height) ^ 1]
    return beside === undefined ? [] : [nodeOf(beside)]
  })
}

/** `keccak256(lower ‖ higher)` of their nodes, a word each, whichever side they came from. */
function parentOf(one: Hex, other: Hex): Hex {
  const nodes = [nodeOf(one), nodeOf(other)].sort((a, b) => compare(BigInt(a), BigInt(b)))
  return keccak256(concatHex(nodes.map((node) => padHex(node, { size: 32 }))))
}

/** The first 20 bytes of a hash: as much of it as a tree keeps below its root. */
function nodeOf(hash: Hex): Hex {
  return slice(hash, 0, NODE_BYTES)
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
