import { expect } from 'chai'
import { concatHex, keccak256, numberToHex, size, slice, stringToHex, type Hex } from 'viem'
import { BatchError, LARGEST_BATCH, packBatch, type BatchItem, type PackedBatch } from './batch.ts'
import { CouponSecureError } from './errors.ts'
import { SignatureFormError, type Statement } from './presence.ts'

const R: Hex = `0x${'11'.repeat(32)}`
const S: Hex = `0x${'22'.repeat(32)}`
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const ITEM_HEAD = 74

describe('batch', () => {
  describe('the bytes of an item', () => {
    it('are shard, seat, deadline, counts, signature and nodes, side by side', () => {
      const item: BatchItem = {
        serial: 0x01020304_05n,
        proof: [nodeAt(1), nodeAt(2), nodeAt(3)],
        deadline: 0x0a0b0c0dn,
        signature: concatHex([R, S]),
        statements: [statementAt(1), statementAt(2)],
      }
      const expected = [
        '0x01020304', // shard
        '05', // seat
        '0a0b0c0d', // deadline
        '23', // two statements, three nodes
        '11'.repeat(32), // r
        '22'.repeat(32), // vs
        nodeAt(1).slice(2),
        nodeAt(2).slice(2),
        nodeAt(3).slice(2),
      ].join('')
      expect(packBatch({ items: [item] })).to.deep.equal({
        items: expected,
        statements: [statementAt(1), statementAt(2)],
        serials: [0x0102030405n],
      })
    })

    it('are 74 where the shard has one seat and the sender vouches', () => {
      const { items } = packBatch({ items: [itemAt({ serial: 0n, depth: 0 })] })
      expect(items).to.equal(concatHex([`0x${'00'.repeat(9)}00`, R, S]))
      expect(size(items)).to.equal(ITEM_HEAD)
    })

    it('hold the largest of everything', () => {
      const item = {
        ...itemAt({ serial: 2n ** 40n - 1n, depth: 8 }),
        deadline: 2n ** 32n - 1n,
        statements: Array.from({ length: 15 }, (_, i) => statementAt(i)),
      }
      const { items, statements } = packBatch({ items: [item] })
      expect(slice(items, 0, 10)).to.equal('0xfffffffffffffffffff8')
      expect(size(items)).to.equal(ITEM_HEAD + 8 * 20)
      expect(statements).to.have.length(15)
    })

    it('are the same for a signature of 64 bytes and of 65, whatever its v', () => {
      const odd: Hex = `0xa2${'22'.repeat(31)}` // the parity is the highest bit of the second word
      for (const [v, vs] of [
        ['0x1b', S],
        ['0x00', S],
        ['0x1c', odd],
        ['0x01', odd],
      ] as const) {
        const item = { ...itemAt({ serial: 0n, depth: 0 }), signature: concatHex([R, S, v]) }
        expect(slice(packBatch({ items: [item] }).items, 10)).to.equal(concatHex([R, vs]))
      }
    })
  })

  describe('the order', () => {
    it('is that of the serials, for items, statements and serials alike', () => {
      const one = itemAt({ serial: 0x200n, depth: 0, statements: [statementAt(2)] })
      const two = itemAt({ serial: 0x001n, depth: 1, statements: [] })
      const three = itemAt({
        serial: 2n ** 39n,
        depth: 0,
        statements: [statementAt(3), statementAt(4)],
      })
      const packed = packBatch({ items: [three, one, two] })
      expect(packed.serials).to.deep.equal([1n, 0x200n, 2n ** 39n])
      expect(packed.statements).to.deep.equal([statementAt(2), statementAt(3), statementAt(4)])
      expect(itemsOf(packed).map(({ serial }) => serial)).to.deep.equal(packed.serials)
    })

    it('of the same coupon twice is as it came', () => {
      const [early, late] = [5n, 9n].map((deadline) => ({
        ...itemAt({ serial: 3n, depth: 2 }),
        deadline,
      }))
      for (const items of [
        [early!, late!],
        [late!, early!],
      ]) {
        expect(itemsOf(packBatch({ items })).map(({ deadline }) => deadline)).to.deep.equal(
          items.map(({ deadline }) => deadline),
        )
      }
    })

    it('of what came is left alone', () => {
      const items = [itemAt({ serial: 2n, depth: 2 }), itemAt({ serial: 1n, depth: 2 })]
      packBatch({ items })
      expect(items.map(({ serial }) => serial)).to.deep.equal([2n, 1n])
    })
  })

  describe('the shared nodes', () => {
    for (const { seats, nodes } of [
      { seats: [0, 1], nodes: [8, 0] },
      { seats: [0, 2], nodes: [8, 1] },
      { seats: [1, 2], nodes: [8, 1] },
      { seats: [3, 4], nodes: [8, 2] },
      { seats: [7, 8], nodes: [8, 3] },
      { seats: [0, 127], nodes: [8, 6] },
      { seats: [127, 128], nodes: [8, 7] },
      { seats: [0, 254], nodes: [8, 7] },
      { seats: [0, 1, 2, 3, 4, 5, 6, 7], nodes: [8, 0, 1, 0, 2, 0, 1, 0] },
      { seats: [10, 50, 51, 250], nodes: [8, 5, 0, 7] },
    ]) {
      it(`leave ${nodes.join(', ')} for the seats ${seats.join(', ')} of a full shard`, () => {
        const items = seats.map((seat) => itemAt({ serial: BigInt(seat), depth: 8 }))
        const packed = itemsOf(packBatch({ items }))
        expect(packed.map(({ nodes }) => nodes.length)).to.deep.equal(nodes)
        for (const [i, item] of items.entries()) {
          expect(packed[i]!.nodes).to.deep.equal(item.proof.slice(0, nodes[i]))
        }
      })
    }

    it('are those of one shard alone', () => {
      const items = [0x000n, 0x001n, 0x100n, 0x101n, 0x300n].map((serial) =>
        itemAt({ serial, depth: 3 }),
      )
      expect(nodeCountsOf(packBatch({ items }))).to.deep.equal([3, 0, 3, 0, 3])
    })

    it('are none where the same seat comes twice', () => {
      const items = [4n, 4n, 5n].map((serial) => itemAt({ serial, depth: 3 }))
      expect(nodeCountsOf(packBatch({ items }))).to.deep.equal([3, 3, 0])
    })

    it('are none where sharing is not wanted', () => {
      const items = [4n, 5n, 6n].map((serial) => itemAt({ serial, depth: 3 }))
      expect(nodeCountsOf(packBatch({ items, isSharing: false }))).to.deep.equal([3, 3, 3])
    })

    it('are none where the proofs cannot both be true', () => {
      const good = itemAt({ serial: 0n, depth: 3 })
      const next = itemAt({ serial: 1n, depth: 3 })
      for (const proof of [
        [nodeAt(1), nodeAt(2)], // shorter
        [...next.proof, nodeAt(9)], // longer
        [next.proof[0]!, nodeAt(9), next.proof[2]!], // another way, one level up
        [next.proof[0]!, next.proof[1]!, nodeAt(9)], // and two
        [],
      ]) {
        const counts = nodeCountsOf(packBatch({ items: [good, { ...next, proof }] }))
        expect(counts).to.deep.equal([3, proof.length])
        const reversed = nodeCountsOf(
          packBatch({ items: [{ ...good, proof }, itemAt({ serial: 1n, depth: 3 })] }),
        )
        expect(reversed).to.deep.equal([proof.length, 3])
      }
    })

    it('are none where the proofs are too short for where the seats lie', () => {
      const items = [0n, 200n].map((serial) => itemAt({ serial, depth: 2 }))
      expect(nodeCountsOf(packBatch({ items }))).to.deep.equal([2, 2])
    })

    it('are the same in either spelling', () => {
      const proof = itemAt({ serial: 0n, depth: 2 }).proof.map(
        (node): Hex => `0x${node.slice(2).toUpperCase()}`,
      )
      const items = [
        { ...itemAt({ serial: 0n, depth: 2 }), proof },
        itemAt({ serial: 1n, depth: 2 }),
      ]
      expect(nodeCountsOf(packBatch({ items }))).to.deep.equal([2, 0])
    })
  })

  describe('the limits', () => {
    it('are 1 and 500 items', () => {
      const items = Array.from({ length: LARGEST_BATCH }, (_, i) =>
        itemAt({ serial: BigInt(i) << 8n, depth: 0 }),
      )
      expect(LARGEST_BATCH).to.equal(500)
      expect(packBatch({ items }).serials).to.have.length(500)
      const more = [...items, itemAt({ serial: 1n, depth: 0 })]
      expect(() => packBatch({ items: more })).to.throw(
        BatchError,
        'A batch has 1 to 500 items; this one has 501.',
      )
      expect(() => packBatch({ items: [] })).to.throw(
        BatchError,
        'A batch has 1 to 500 items; this one has 0.',
      )
    })

    it('are as many bytes as the contract takes', () => {
      // Where no two coupons share a shard, no node is shared.
      const items = Array.from({ length: LARGEST_BATCH }, (_, i) =>
        itemAt({ serial: BigInt(i) << 8n, depth: 8 }),
      )
      expect(size(packBatch({ items }).items)).to.equal(117_000)
    })

    it('are a serial of 40 bits and a deadline of 32', () => {
      for (const serial of [-1n, 2n ** 40n]) {
        expect(() => packBatch({ items: [itemAt({ serial, depth: 0 })] })).to.throw(
          BatchError,
          `A batch holds serials below 2^40; this one is ${serial}.`,
        )
      }
      for (const deadline of [-1n, 2n ** 32n]) {
        expect(() =>
          packBatch({ items: [{ ...itemAt({ serial: 0n, depth: 0 }), deadline }] }),
        ).to.throw(
          BatchError,
          `A batch holds deadlines below 2^32 seconds; this one is ${deadline}.`,
        )
      }
    })

    it('are 15 statements and 8 nodes', () => {
      const statements = Array.from({ length: 16 }, (_, i) => statementAt(i))
      expect(() => packBatch({ items: [itemAt({ serial: 0n, depth: 8, statements })] })).to.throw(
        BatchError,
        'this one has 16 and 8.',
      )
      expect(() => packBatch({ items: [itemAt({ serial: 0n, depth: 9 })] })).to.throw(
        BatchError,
        'this one has 0 and 9.',
      )
    })
  })

  describe('what is no item', () => {
    for (const { name, node } of [
      { name: '19 bytes', node: `0x${'ab'.repeat(19)}` },
      { name: '21 bytes', node: `0x${'ab'.repeat(21)}` },
      { name: 'half a byte less', node: `0x${'ab'.repeat(19)}a` },
      { name: 'no bytes', node: '0x' },
      { name: 'no hex', node: `0x${'zz'.repeat(20)}` },
    ] as const) {
      it(`is a node of ${name}`, () => {
        const item = { ...itemAt({ serial: 7n, depth: 0 }), proof: [nodeAt(1), node] }
        expect(() => packBatch({ items: [item] })).to.throw(BatchError, 'coupon 7')
      })
    }

    it('is a signature of another length, or with the higher s', () => {
      const higher = numberToHex(ORDER - 1n, { size: 32 })
      for (const signature of [
        '0x' as const,
        slice(concatHex([R, S]), 1),
        concatHex([R, S, '0x1b', '0x00']),
        concatHex([R, S, '0x1d']),
        concatHex([R, higher, '0x1b']),
        concatHex([R, numberToHex(ORDER / 2n + 1n, { size: 32 })]), // parity even, s one too high
      ]) {
        const item = { ...itemAt({ serial: 7n, depth: 0 }), signature }
        const thrown = errorOf(() => packBatch({ items: [item] }))
        expect(thrown).to.be.instanceOf(BatchError)
        expect(thrown.message).to.match(/^A holder signs with 64 bytes or 65.* coupon 7 .*\.$/)
        expect(thrown.cause).to.be.instanceOf(SignatureFormError)
      }
    })

    it('is told with the place in the documents', () => {
      const thrown = errorOf(() => packBatch({ items: [] }))
      expect(thrown).to.be.instanceOf(CouponSecureError)
      expect(thrown).to.include({ name: 'BatchError', docs: 'docs/protocol.md#batch' })
    })
  })
})

/** An item with a proof whose nodes are named after where they lie in the tree, so that the proofs of a shard agree. */
function itemAt({
  serial,
  depth,
  statements = [],
}: {
  serial: bigint
  depth: number
  statements?: readonly Statement[]
}): BatchItem {
  const proof = Array.from({ length: depth }, (_, level) => {
    const beside = (Number(serial & 0xffn) >> level) ^ 1
    return slice(hashOf(`shard ${serial >> 8n}, level ${level}, place ${beside}`), 0, 20)
  })
  return { serial, proof, deadline: 0n, signature: concatHex([R, S]), statements }
}

function nodeAt(number: number): Hex {
  return slice(hashOf(`node ${number}`), 0, 20)
}

function hashOf(text: string): Hex {
  return keccak256(stringToHex(text))
}

function statementAt(number: number): Statement {
  return {
    r: R,
    vs: S,
    geofenceHash: hashOf(`fence ${number}`),
    observedAt: BigInt(number),
    validUntil: BigInt(number) + 300n,
    evidenceHash: hashOf(`evidence ${number}`),
  }
}

/** Reads the items back, as the contract does: from head to head. */
function itemsOf({ items }: PackedBatch) {
  const read: { serial: bigint; deadline: bigint; nodes: Hex[] }[] = []
  for (let at = 0; at < size(items);) {
    const nodeCount = Number(BigInt(slice(items, at + 9, at + 10)) & 0xfn)
    const nodesAt = at + ITEM_HEAD
    read.push({
      serial: BigInt(slice(items, at, at + 5)),
      deadline: BigInt(slice(items, at + 5, at + 9)),
      nodes: Array.from({ length: nodeCount }, (_, i) =>
        slice(items, nodesAt + 20 * i, nodesAt + 20 * (i + 1)),
      ),
    })
    at = nodesAt + 20 * nodeCount
  }
  return read
}

function nodeCountsOf(packed: PackedBatch): number[] {
  return itemsOf(packed).map(({ nodes }) => nodes.length)
}

function errorOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was thrown.')
}
