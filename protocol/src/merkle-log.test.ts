import { expect } from 'chai'
import { concatHex, type Hex, keccak256, numberToHex, sha256 } from 'viem'
import {
  consistencyRanges,
  EMPTY_ROOT,
  grown,
  inclusionRanges,
  isConsistent,
  isIncluded,
  joined,
  leafOf,
  placesIn,
  type Range,
} from './merkle-log.ts'

type Hash = (bytes: Hex) => Hex

/** RFC 6962, section 2.1, word for word and slow; by any hash, so that it can be held against the published vectors. */
function reference({ hash, entries }: { hash: Hash; entries: readonly Hex[] }) {
  const known = new Map<string, Hex>()
  const cut = (n: number) => {
    let k = 1
    while (k * 2 < n) k *= 2
    return k
  }
  const root = (from: number, to: number): Hex => {
    const name = `${from} ${to}`
    const found = known.get(name)
    if (found) return found
    const made = make(from, to)
    known.set(name, made)
    return made
  }
  const make = (from: number, to: number): Hex => {
    const n = to - from
    if (n === 0) return hash('0x')
    if (n === 1) return hash(concatHex(['0x00', entries[from]!]))
    const k = from + cut(n)
    return hash(concatHex(['0x01', root(from, k), root(k, to)]))
  }
  const path = (m: number, from: number, to: number): Hex[] => {
    if (to - from === 1) return []
    const k = cut(to - from)
    return m < k
      ? [...path(m, from, from + k), root(from + k, to)]
      : [...path(m - k, from + k, to), root(from, from + k)]
  }
  const proof = (m: number, from: number, to: number, isWhole: boolean): Hex[] => {
    if (m === to - from) return isWhole ? [] : [root(from, to)]
    const k = cut(to - from)
    return m <= k
      ? [...proof(m, from, from + k, isWhole), root(from + k, to)]
      : [...proof(m - k, from + k, to, false), root(from, from + k)]
  }
  return {
    root: (size: number) => root(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (first: number, second: number) => proof(first, 0, second, true),
  }
}

const MOST = 70
const entries = Array.from({ length: MOST }, (_, index) => numberToHex(index * index, { size: 9 }))
const slow = reference({ hash: keccak256, entries })
const sizes = Array.from({ length: MOST + 1 }, (_, size) => size)
const leaves = entries.map(leafOf)

/** Every whole subtree, found as the oracle finds it: in the row of its last leaf. */
const { completed } = grown({ size: 0, peaks: [], leaves })
const hashOf = (range: Range) =>
  joined(
    placesIn(range).map(({ level, index }) => completed[(index + 1) * 2 ** level - 1]![level]!),
  )
const bent = (hash: Hex): Hex => `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}` as Hex

/** A proof made wrong in every simple way. */
const spoilt = (proof: readonly Hex[]) => [
  [...proof, EMPTY_ROOT],
  [EMPTY_ROOT, ...proof],
  ...proof.flatMap((node, at) => [proof.toSpliced(at, 1), proof.toSpliced(at, 1, bent(node))]),
]

describe('the reference', () => {
  it('agrees with the vectors of Certificate Transparency', () => {
    const inputs = ['0x', '0x00', '0x10', '0x2021', '0x3031', '0x40414243'] as const
    const more = ['0x5051525354555657', '0x606162636465666768696a6b6c6d6e6f'] as const
    const known = reference({ hash: sha256, entries: [...inputs, ...more] })
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(known.root)).to.deep.equal([
      '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      '0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      '0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      '0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })
})

describe('merkle log', () => {
  it('has the reference’s root at every size, however it grows', () => {
    for (const size of sizes) {
      expect(hashOf({ from: 0, to: size }), `size ${size}`).to.equal(slow.root(size))
      for (const first of [0, Math.ceil(size / 3), size]) {
        const start = grown({ size: 0, peaks: [], leaves: leaves.slice(0, first) })
        const end = grown({ ...start, leaves: leaves.slice(first, size) })
        expect(end.size).to.equal(size)
        expect(joined(end.peaks), `${first} and then ${size}`).to.equal(slow.root(size))
        expect([...start.completed, ...end.completed]).to.deep.equal(completed.slice(0, size))
      }
    }
  })

  it('proves every leaf of every size, as the reference does', () => {
    for (const size of sizes) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionRanges({ index, size }).map(hashOf)
        expect(proof, `${index} of ${size}`).to.deep.equal(slow.inclusion(index, size))
        const shown = { leaf: leaves[index]!, index, size, proof, root: slow.root(size) }
        expect(isIncluded(shown), `${index} of ${size}`).to.equal(true)
      }
    }
  })

  it('takes no other leaf, place, size, root or proof', () => {
    for (const size of [1, 2, 3, 7, 8, 13, 33, 64, 70]) {
      for (let index = 0; index < size; index += 1) {
        const proof = slow.inclusion(index, size)
        const shown = { leaf: leaves[index]!, index, size, proof, root: slow.root(size) }
        const wrongs = [
          { ...shown, leaf: bent(shown.leaf) },
          { ...shown, root: bent(shown.root) },
          { ...shown, root: EMPTY_ROOT },
          { ...shown, index: index + 1 },
          { ...shown, index: index - 1 },
          { ...shown, index: index + 0.5 },
          { ...shown, size: index },
          { ...shown, size: Number.NaN },
          { ...shown, size: 2 ** 53 },
          ...spoilt(proof).map((other) => ({ ...shown, proof: other })),
        ]
        wrongs.forEach((wrong, at) => {
          expect(isIncluded(wrong), `${index} of ${size}, ${at}`).to.equal(false)
        })
      }
    }
  })

  it('proves that every size only adds to every smaller one, as the reference does', () => {
    for (const second of sizes) {
      for (let first = 0; first <= second; first += 1) {
        const proof = consistencyRanges({ first, second }).map(hashOf)
        if (first > 0) expect(proof).to.deep.equal(slow.consistency(first, second))
        const roots = { firstRoot: slow.root(first), secondRoot: slow.root(second) }
        expect(isConsistent({ first, second, ...roots, proof }), `${first}, ${second}`).to.equal(
          true,
        )
      }
    }
  })

  it('takes no other history', () => {
    for (const second of [1, 2, 3, 6, 8, 21, 32, 70]) {
      for (let first = 0; first <= second; first += 1) {
        const proof = first === 0 ? [] : slow.consistency(first, second)
        const roots = { firstRoot: slow.root(first), secondRoot: slow.root(second) }
        const shown = { first, second, ...roots, proof }
        const wrongs = [
          { ...shown, firstRoot: bent(roots.firstRoot) },
          ...(first > 0 ? [{ ...shown, secondRoot: bent(roots.secondRoot) }] : []),
          { ...shown, first: second + 1 },
          { ...shown, first: -1 },
          ...(first > 0 && first < second ? [{ ...shown, first: first - 1 }] : []),
          ...spoilt(proof).map((other) => ({ ...shown, proof: other })),
        ]
        wrongs.forEach((wrong, at) => {
          expect(isConsistent(wrong), `${first}, ${second}, ${at}`).to.equal(false)
        })
      }
    }
  })

  it('shows a fork: two logs that part ways have no proof between them', () => {
    const other = entries.toSpliced(20, 1, '0xff')
    const forked = reference({ hash: keccak256, entries: other })
    const roots = { firstRoot: slow.root(40), secondRoot: forked.root(60) }
    for (const proof of [slow.consistency(40, 60), forked.consistency(40, 60)]) {
      expect(isConsistent({ first: 40, second: 60, ...roots, proof })).to.equal(false)
    }
  })

  it('counts beyond 32 bits', () => {
    expect(placesIn({ from: 0, to: 2 ** 50 - 1 })).to.have.length(50)
    const size = 2 ** 40 + 3
    const index = 2 ** 40 + 1
    expect(placesIn({ from: 0, to: size })).to.deep.equal([
      { level: 40, index: 0 },
      { level: 1, index: 2 ** 39 },
      { level: 0, index: 2 ** 40 + 2 },
    ])
    expect(inclusionRanges({ index, size })).to.deep.equal([
      { from: 2 ** 40, to: 2 ** 40 + 1 },
      { from: 2 ** 40 + 2, to: size },
      { from: 0, to: 2 ** 40 },
    ])
  })
})
