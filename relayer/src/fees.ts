import type { Fees } from './chain.ts'

// What a node asks for before it lets one transaction take another's place is a tenth more; a little beyond that.
const RAISE_PERCENT = 125n

/** What a new transaction offers: room for a base fee that doubles; undefined where the chain is dearer than `most` now. */
export function firstFees({
  base,
  tip,
  most,
}: {
  base: bigint
  tip: bigint
  most: bigint
}): Fees | undefined {
  if (base + tip > most) return undefined
  return { maxFee: least(2n * base + tip, most), tip: least(tip, most) }
}

/** What takes a stuck one's place: a quarter more, or what is usual now; undefined where that is above `most`. */
export function raisedFees({
  before,
  now,
  most,
}: {
  before: Fees
  now: { base: bigint; tip: bigint }
  most: bigint
}): Fees | undefined {
  const raised = (fee: bigint) => (fee * RAISE_PERCENT) / 100n + 1n
  const tip = greatest(raised(before.tip), now.tip)
  const maxFee = greatest(raised(before.maxFee), 2n * now.base + tip)
  const capped = least(maxFee, most)
  // Not even the least that a node takes fits under the cap.
  if (capped < raised(before.maxFee) || tip > capped) return undefined
  return { maxFee: capped, tip }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}

function greatest(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
