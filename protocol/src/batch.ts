import { concatHex, numberToHex, type Hex } from 'viem'

import { seatOf, shardOf } from './coupon.ts'
import { CouponSecureError } from './errors.ts'
import { compactOf, type Statement } from './presence.ts'

/** The most items that one `redeemBatch` is made of: what a transaction has gas for, and the contract takes whole. */
export const LARGEST_BATCH = 500

const MOST_STATEMENTS = 15 // four bits
const DEEPEST_PROOF = 8

/** One redemption of a batch: the coupon, its proof, and its holder's signed `Redeem`. */
export type BatchItem = {
  serial: bigint
  proof: readonly Hex[]
  /** Of the holder's `Redeem`, unix seconds. */
  deadline: bigint
  /** 64 bytes (ERC-2098) or 65. */
  signature: Hex
  statements: readonly Statement[]
}

/** What `redeemBatch` takes: the items packed in the order of their serials, and their statements in the same order. */
export type PackedBatch = { items: Hex; statements: Statement[]; serials: bigint[] }

/**
 * Packs redemptions of one campaign at one site (docs/protocol.md#batch). Items of one shard share proof nodes: each
 * carries those below the level at which its way meets that of the item before.
 * @throws {BatchError} An item that cannot be packed, or none, or more than a batch takes.
 */
export function packBatch({
  items,
  isSharing = true,
}: {
  items: readonly BatchItem[]
  isSharing?: boolean
}): PackedBatch {
  if (items.length === 0 || items.length > LARGEST_BATCH) {
    throw new BatchError(`A batch has 1 to ${LARGEST_BATCH} items; this one has ${items.length}.`)
  }
  const sorted = items.toSorted((a, b) => (a.serial < b.serial ? -1 : a.serial > b.serial ? 1 : 0))
  const packed = concatHex(
    sorted.map((item, i) => {
      const before = isSharing ? sorted[i - 1] : undefined
      return packItem({ item, nodes: item.proof.slice(0, levelsAlone({ item, before })) })
    }),
  )
  return {
    items: packed,
    statements: sorted.flatMap(({ statements }) => statements),
    serials: sorted.map(({ serial }) => serial),
  }
}

/** A batch that cannot be packed. */
export class BatchError extends CouponSecureError {
  override name = 'BatchError'
  constructor(message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { docs: 'docs/protocol.md#batch', cause })
  }
}

/** How many levels an item climbs before it meets the way of the item before; all where it does not. */
function levelsAlone({ item, before }: { item: BatchItem; before: BatchItem | undefined }): number {
  const full = item.proof.length
  if (before === undefined || shardOf(before.serial) !== shardOf(item.serial)) return full
  const differing = seatOf(before.serial) ^ seatOf(item.serial)
  // The same seat twice: the contract refuses the second, and wants it shown in full.
  if (differing === 0) return full

  const meeting = 31 - Math.clz32(differing)
  // One of two proofs that lead to different roots is false. Leaning on it would spoil the other too.
  return isSameAbove({ meeting, one: item.proof, other: before.proof }) ? meeting : full
}

function isSameAbove({
  meeting,
  one,
  other,
}: {
  meeting: number
  one: readonly Hex[]
  other: readonly Hex[]
}): boolean {
  const shared = other.slice(meeting + 1)
  return (
    one.length === other.length &&
    meeting < one.length &&
    shared.every((node, i) => node.toLowerCase() === one[meeting + 1 + i]?.toLowerCase())
  )
}

/** Head, signature and nodes of one item, side by side. */
function packItem({ item, nodes }: { item: BatchItem; nodes: readonly Hex[] }): Hex {
  const { serial, deadline, statements, proof } = item
  if (serial < 0n || serial >= 2n ** 40n) {
    throw new BatchError(`A batch holds serials below 2^40; this one is ${serial}.`)
  }
  if (deadline < 0n || deadline >= 2n ** 32n) {
    throw new BatchError(`A batch holds deadlines below 2^32 seconds; this one is ${deadline}.`)
  }
  if (statements.length > MOST_STATEMENTS || proof.length > DEEPEST_PROOF) {
    throw new BatchError(
      `An item has at most ${MOST_STATEMENTS} statements and ${DEEPEST_PROOF} proof nodes; this one has ${statements.length} and ${proof.length}.`,
    )
  }
  if (!proof.every((node) => /^0x[0-9a-f]{40}$/i.test(node))) {
    throw new BatchError(`A proof node has 20 bytes; coupon ${serial} has one that has not.`)
  }
  const { r, vs } = signatureOf(item)
  return concatHex([
    numberToHex(serial, { size: 5 }),
    numberToHex(deadline, { size: 4 }),
    numberToHex((statements.length << 4) | nodes.length, { size: 1 }),
    r,
    vs,
    ...nodes,
  ])
}

function signatureOf({ serial, signature }: BatchItem): { r: Hex; vs: Hex } {
  try {
    return compactOf(signature)
  } catch (cause) {
    throw new BatchError(
      `A holder signs with 64 bytes or 65, and with the lower s; for coupon ${serial} that is not so.`,
      { cause },
    )
  }
}
