import { concat, type Hex, keccak256 } from 'viem'

/** The Merkle tree of OpenZeppelin, Uniswap and thirdweb: of each pair, the smaller hash first. */
export function sortedTree(leaves: readonly Hex[]): {
  root: Hex
  proofOf: (seat: number) => Hex[]
} {
  const levels: Hex[][] = [[...leaves]]
  for (let level = levels[0] ?? []; level.length > 1; levels.push(level)) level = parentsOf(level)
  const root = levels.at(-1)?.[0]
  if (root === undefined) throw new Error('A tree needs a leaf.')
  const proofOf = (seat: number) =>
    levels.flatMap((level, height) => level[(seat >> height) ^ 1] ?? [])
  return { root, proofOf }
}

function parentsOf(level: readonly Hex[]): Hex[] {
  return level.flatMap((one, index) => {
    if (index % 2 === 1) return []
    const other = level[index + 1]
    return other === undefined ? one : keccak256(concat(one < other ? [one, other] : [other, one]))
  })
}
