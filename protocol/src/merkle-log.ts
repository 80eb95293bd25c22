import { concatHex, type Hex } from 'viem'
import { keccak256 } from './keccak.ts'

/** The root of a log without entries. */
export const EMPTY_ROOT = keccak256('0x')

/** A whole subtree: the 2^level leaves from leaf `index × 2^level` on. It never changes once it is there. */
export type Place = { level: number; index: number }

/** Leaves from `from` up to, but not with, `to`. */
export type Range = { from: number; to: number }

/** A tree as far as it takes to go on with it: the roots of its whole subtrees, the largest first. */
export type Frontier = { size: number; peaks: readonly Hex[] }

/** The leaf of an entry (docs/protocol.md#log): no leaf passes for a node, whatever the entry. */
export function leafOf(entry: Hex): Hex {
  return keccak256(concatHex(['0x00', entry]))
}

/**
 * The tree with more leaves, and for each of them the whole subtrees that it completes: itself first, then ever larger
 * ones.
 */
export function grown({ size, peaks, leaves }: Frontier & { leaves: readonly Hex[] }): Frontier & {
  completed: Hex[][]
} {
  const tops = [...peaks]
  const completed = leaves.map((leaf, offset) => {
    const nodes = [leaf]
    let node = leaf
    for (let index = size + offset; index % 2 === 1; index = (index - 1) / 2) {
      node = nodeOf({ left: tops.pop() ?? EMPTY_ROOT, right: node })
      nodes.push(node)
    }
    tops.push(node)
    return nodes
  })
  return { size: size + leaves.length, peaks: tops, completed }
}

/** Where the whole subtrees are that make up a range of a tree, from the left; for `0` to `size`, the peaks. */
export function placesIn({ from, to }: Range): Place[] {
  const places: Place[] = []
  for (let start = from; start < to;) {
    const level = levelWithin(to - start)
    places.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return places
}

/** One hash for the whole subtrees of a range, from the left. */
export function joined(hashes: readonly Hex[]): Hex {
  if (hashes.length === 0) return EMPTY_ROOT
  return hashes.reduceRight((right, left) => nodeOf({ left, right }))
}

/** Whose hashes show that the leaf at `index` is in a tree of `size` leaves, from the leaf up. */
export function inclusionRanges({ index, size }: { index: number; size: number }): Range[] {
  const ranges: Range[] = []
  let range = { from: 0, to: size }
  while (range.to - range.from > 1) {
    const { left, right } = halves(range)
    const isLeft = index < left.to
    ranges.push(isLeft ? right : left)
    range = isLeft ? left : right
  }
  return ranges.reverse()
}

/** Whose hashes show that a tree of `second` leaves only adds to the one of its `first` leaves. */
export function consistencyRanges({ first, second }: { first: number; second: number }): Range[] {
  if (first === 0 || first === second) return []
  const ranges: Range[] = []
  let range = { from: 0, to: second }
  while (range.to !== first) {
    const { left, right } = halves(range)
    const isLeft = first <= left.to
    ranges.push(isLeft ? right : left)
    range = isLeft ? left : right
  }
  // Whoever asks knows the root of the first tree, which is this range when nothing lies left of it.
  if (range.from !== 0) ranges.push(range)
  return ranges.reverse()
}

/** Whether the proof leads from the leaf at `index` to the root of a tree of `size` leaves. */
export function isIncluded({
  leaf,
  index,
  size,
  proof,
  root,
}: {
  leaf: Hex
  index: number
  size: number
  proof: readonly Hex[]
  root: Hex
}): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  let [at, last, node] = [index, size - 1, leaf]
  for (const beside of proof) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      node = nodeOf({ left: beside, right: node })
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      node = nodeOf({ left: node, right: beside })
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && isSame(node, root)
}

/** Whether the proof shows that the second tree only adds leaves to the first. */
export function isConsistent({
  first,
  second,
  firstRoot,
  secondRoot,
  proof,
}: {
  first: number
  second: number
  firstRoot: Hex
  secondRoot: Hex
  proof: readonly Hex[]
}): boolean {
  if (!isCount(first) || !isCount(second) || first > second) return false
  if (first === 0) return proof.length === 0 && isSame(firstRoot, EMPTY_ROOT)
  if (first === second) return proof.length === 0 && isSame(firstRoot, secondRoot)

  let [at, last] = [first - 1, second - 1]
  while (isOdd(at)) [at, last] = [half(at), half(last)]
  const rest = [...proof]
  // A first tree that is one whole subtree is where the proof starts, and is not in it.
  const start = at === 0 ? firstRoot : rest.shift()
  if (start === undefined) return false
  let [older, newer] = [start, start]
  for (const beside of rest) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      older = nodeOf({ left: beside, right: older })
      newer = nodeOf({ left: beside, right: newer })
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      newer = nodeOf({ left: newer, right: beside })
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && isSame(older, firstRoot) && isSame(newer, secondRoot)
}

function nodeOf({ left, right }: { left: Hex; right: Hex }): Hex {
  return keccak256(concatHex(['0x01', left, right]))
}

/** A range of two leaves or more, cut where its left part is the largest power of two that leaves a right one. */
function halves({ from, to }: Range): { left: Range; right: Range } {
  const middle = from + 2 ** levelWithin(to - from - 1)
  return { left: { from, to: middle }, right: { from: middle, to } }
}

/** The level of the largest whole subtree within so many leaves. Not by logarithm, which rounds. */
function levelWithin(leaves: number): number {
  let level = 0
  while (2 ** (level + 1) <= leaves) level += 1
  return level
}

// Division, not shifts, which end at 32 bits.
function half(count: number): number {
  return Math.floor(count / 2)
}

function isOdd(count: number): boolean {
  return count % 2 === 1
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0
}

function isSame(one: Hex, other: Hex): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
