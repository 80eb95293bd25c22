// Shard trees with another hash than the chain's: what a proof shows does not depend on which.
import { hash } from 'node:crypto'

import type { Address, Proof, Tree } from './calls.ts'

const NOTHING = 'nothing' // beside the last node of an odd level

/** The levels of a tree below its root, leaves first, each of even width; and the root. */
export type Levels = { levels: readonly (readonly string[])[]; root: string }

/** A coupon's leaf. */
export function leafOf({ serial, holder }: { serial: bigint; holder: Address }): string {
  return hash('sha256', `leaf ${serial} ${holder}`)
}

/** The shard's tree. */
export const treeOf = remembered(grow)

/** The coupon that has this seat. */
export function serialOf({ index, seat }: { index: bigint; seat: number }): bigint {
  return index * 256n + BigInt(seat)
}

/** What is made of a shard, made once: lists never change, and the same few are asked for all the time. */
export function remembered<Made>(make: (tree: Tree) => Made): (tree: Tree) => Made {
  const known = new WeakMap<readonly Address[], Map<bigint, Made>>()
  return (tree) => {
    const ofList = known.get(tree.holders) ?? new Map<bigint, Made>()
    const made = ofList.get(tree.index) ?? make(tree)
    known.set(tree.holders, ofList.set(tree.index, made))
    return made
  }
}

/** What the proof's nodes are in a tree with these levels. */
export function nodesOf({
  proof: { seat, take, junk, isTorn },
  levels,
  makeJunk,
}: {
  proof: Proof
  levels: readonly (readonly string[])[]
  makeJunk: (salt: number) => string
}): string[] {
  const nodes = levels.slice(0, take).map((level, height) => level[(seat >> height) ^ 1]!)
  if (isTorn && nodes.length > 0) nodes[0] = makeJunk(0)
  return [...nodes, ...Array.from({ length: junk }, (_, i) => makeJunk(i + 1))]
}

/** The proof's nodes in the model's own hash. */
export function modelNodesOf(proof: Proof): string[] {
  return nodesOf({
    proof,
    levels: treeOf(proof.tree).levels,
    makeJunk: (salt) => `junk ${salt}`,
  })
}

/** Where these nodes lead. */
export function climb({ leaf, nodes }: { leaf: string; nodes: readonly string[] }): string {
  return nodes.reduce((node, beside) => pairOf([node, beside]), leaf)
}

function grow({ index, holders }: Tree): Levels {
  const levels: string[][] = []
  let level = holders.map((holder, seat) => leafOf({ serial: serialOf({ index, seat }), holder }))
  while (level.length > 1) {
    const even = level.length % 2 === 0 ? level : [...level, NOTHING]
    levels.push(even)
    level = even.filter((_, i) => i % 2 === 0).map((left, i) => pairOf([left, even[2 * i + 1]!]))
  }
  return { levels, root: level[0]! }
}

function pairOf(pair: [string, string]): string {
  return hash('sha256', `pair ${pair.sort().join(' ')}`)
}
