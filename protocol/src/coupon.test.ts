import { expect } from 'chai'
import { getAddress, keccak256, stringToHex, type Address } from 'viem'
import vectors from '../vectors/coupon.json' with { type: 'json' }
import {
  couponsOf,
  FIRST_STANDBY_SHARD,
  HolderError,
  idOf,
  isSeatUsed,
  isStandby,
  leafOf,
  proofOf,
  rootFromProof,
  rootOf,
  seatOf,
  SEATS_PER_SHARD,
  SeatError,
  serialAt,
  SerialError,
  serialsOf,
  shardOf,
  ShardSizeError,
  shardsOfIssue,
  takesOfWhatIsLeft,
  urnOf,
  type Shard,
} from './coupon.ts'
import { addressField } from './wire-fields.ts'

const ZERO: Address = '0x0000000000000000000000000000000000000000'
const BOOK: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

describe('coupon', () => {
  describe('vectors', () => {
    for (const { index, size, root, coupons } of vectors.shards) {
      it(`holds for a shard of ${size}`, () => {
        const shard = shardWith({ index: BigInt(index), size })
        expect(rootOf(shard)).to.equal(root)
        for (const { seat, serial, holder, leaf, proof } of coupons) {
          expect(serialAt({ shard: shard.index, seat })).to.equal(BigInt(serial))
          expect(shard.holders[seat]).to.equal(holder)
          expect(leafOf({ serial: BigInt(serial), holder: holderAt(seat) })).to.equal(leaf)
          expect(proofOf({ shard, seat })).to.deep.equal(proof)
        }
      })
    }

    it('holds for names and ids', () => {
      for (const { chainId, book, campaignId, serial, urn, id } of vectors.coupons) {
        const place = {
          chainId,
          book: addressField.parse(book),
          campaignId: BigInt(campaignId),
          serial: BigInt(serial),
        }
        expect(urnOf(place)).to.equal(urn)
        expect(idOf(place)).to.equal(id)
      }
    })
  })

  describe('serial', () => {
    it('is the shard and the seat, and gives both back', () => {
      for (const shard of [0n, 1n, 255n, 2n ** 32n]) {
        for (const seat of [0, 1, 128, 254]) {
          const serial = serialAt({ shard, seat })
          expect(serial).to.equal(shard * 256n + BigInt(seat))
          expect(shardOf(serial)).to.equal(shard)
          expect(seatOf(serial)).to.equal(seat)
        }
      }
    })

    it('has no seat 255, -1 or 0.5', () => {
      for (const seat of [255, -1, 0.5, NaN]) {
        expect(() => serialAt({ shard: 0n, seat })).to.throw(SeatError)
      }
    })
  })

  describe('isStandby', () => {
    it('begins with the first coupon of shard 2^31, where the contract numbers standby from', () => {
      const first = serialAt({ shard: FIRST_STANDBY_SHARD, seat: 0 })
      expect(FIRST_STANDBY_SHARD).to.equal(2_147_483_648n)
      expect([0n, first - 1n, first, first + 300n].map(isStandby)).to.deep.equal([
        false,
        false,
        true,
        true,
      ])
    })
  })

  describe('takesOfWhatIsLeft', () => {
    it('holds for standby, and for shards that were counted', () => {
      const takes = (shard: bigint) =>
        takesOfWhatIsLeft({ serial: serialAt({ shard, seat: 254 }), shardsCounted: 2n })
      expect([0n, 1n, 2n, FIRST_STANDBY_SHARD].map(takes)).to.deep.equal([true, true, false, true])
    })
  })

  describe('proofOf', () => {
    it('leads seats of every kind of size to the root, all equally long', () => {
      for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100, 129, 254, 255]) {
        const shard = shardWith({ index: 3n, size })
        const root = rootOf(shard)
        for (const [seat, holder] of shard.holders.entries()) {
          if (seat % 13 !== 0 && seat < size - 2) continue // the last two stand beside the padding
          const proof = proofOf({ shard, seat })
          expect(proof).to.have.length(Math.ceil(Math.log2(size)))
          const serial = serialAt({ shard: 3n, seat })
          expect(rootFromProof({ serial, holder, proof })).to.equal(root)
        }
      }
    })

    it('leads nobody else and no other serial there', () => {
      const shard = shardWith({ index: 0n, size: 10 })
      const proof = proofOf({ shard, seat: 4 })
      const root = rootOf(shard)
      expect(rootFromProof({ serial: 4n, holder: holderAt(5), proof })).not.to.equal(root)
      expect(rootFromProof({ serial: 5n, holder: holderAt(4), proof })).not.to.equal(root)
      expect(rootFromProof({ serial: 260n, holder: holderAt(4), proof })).not.to.equal(root)
    })

    it('is empty in a shard of one, whose root is the leaf', () => {
      const shard = shardWith({ index: 9n, size: 1 })
      expect(proofOf({ shard, seat: 0 })).to.deep.equal([])
      expect(rootOf(shard)).to.equal(leafOf({ serial: 9n << 8n, holder: holderAt(0) }))
    })

    it('refuses a seat that nobody sits in', () => {
      const shard = shardWith({ index: 0n, size: 3 })
      expect(() => proofOf({ shard, seat: 3 })).to.throw(SeatError)
    })
  })

  describe('leafOf', () => {
    it('is the same for either spelling of an address', () => {
      const lower = addressField.parse(holderAt(1).toLowerCase())
      expect(leafOf({ serial: 1n, holder: lower })).to.equal(
        leafOf({ serial: 1n, holder: holderAt(1) }),
      )
    })

    it('refuses what the contract would refuse or cut', () => {
      expect(() => leafOf({ serial: 0n, holder: ZERO })).to.throw(HolderError)
      expect(() => leafOf({ serial: 0n, holder: '0x1234' })).to.throw(HolderError)
      expect(() => leafOf({ serial: -1n, holder: BOOK })).to.throw(SerialError)
      expect(() => leafOf({ serial: 2n ** 96n, holder: BOOK })).to.throw(SerialError)
    })
  })

  describe('rootOf', () => {
    it('refuses an empty shard and one of 256', () => {
      expect(() => rootOf(shardWith({ index: 0n, size: 0 }))).to.throw(ShardSizeError)
      expect(() => rootOf(shardWith({ index: 0n, size: 256 }))).to.throw(ShardSizeError)
    })
  })

  describe('shardsOfIssue', () => {
    it('cuts a list into consecutive shards of up to 255', () => {
      for (const [size, sizes] of [
        [1, [1]],
        [255, [255]],
        [256, [255, 1]],
        [600, [255, 255, 90]],
      ] as const) {
        const holders = holdersUpTo(size)
        const shards = shardsOfIssue({ campaignId: 2n, firstShard: 5n, holders })
        expect(shards.map(({ holders }) => holders.length)).to.deep.equal(sizes)
        expect(shards.map(({ index }) => index)).to.deep.equal(sizes.map((_, i) => 5n + BigInt(i)))
        expect(shards.flatMap(({ holders }) => holders)).to.deep.equal(holders)
      }
    })

    it('makes no shard of nobody', () => {
      expect(shardsOfIssue({ campaignId: 1n, firstShard: 0n, holders: [] })).to.deep.equal([])
    })
  })

  describe('couponsOf', () => {
    it('finds every coupon of a holder by campaign, then serial, each with a proof that holds', () => {
      const holders = [...holdersUpTo(300), holderAt(7), holderAt(299)]
      const shards = [
        ...shardsOfIssue({ campaignId: 2n, firstShard: 0n, holders }),
        ...shardsOfIssue({ campaignId: 1n, firstShard: 4n, holders: [holderAt(7)] }),
      ]
      const coupons = couponsOf({ shards, holder: holderAt(7) })
      expect(coupons.map(({ campaignId, serial }) => [campaignId, serial])).to.deep.equal([
        [1n, serialAt({ shard: 4n, seat: 0 })],
        [2n, serialAt({ shard: 0n, seat: 7 })],
        [2n, serialAt({ shard: 1n, seat: 300 - SEATS_PER_SHARD })],
      ])
      for (const { serial, holder, proof, root } of coupons) {
        expect(rootFromProof({ serial, holder, proof })).to.equal(root)
      }
      expect(new Set(coupons.map(({ root }) => root))).to.have.property('size', 3)
    })

    it('finds a holder in either spelling, and nothing for a stranger', () => {
      const shards = [shardWith({ index: 0n, size: 3 })]
      const lower = addressField.parse(holderAt(2).toLowerCase())
      expect(couponsOf({ shards, holder: lower })).to.have.length(1)
      expect(couponsOf({ shards, holder: BOOK })).to.deep.equal([])
    })
  })

  describe('serialsOf', () => {
    it('lists all seats of one holder, lowest first', () => {
      const holders = [holderAt(1), holderAt(0), holderAt(1)]
      const shard = { campaignId: 1n, index: 2n, holders }
      expect(serialsOf({ shard, holder: holderAt(1) })).to.deep.equal([512n, 514n])
    })
  })

  describe('isSeatUsed', () => {
    it('reads one bit of the word', () => {
      const word = 2n ** 256n - 2n ** 3n + 2n // three seats, the middle one used
      const used = [0, 1, 2, 3, 255].map((seat) => isSeatUsed({ word, seat }))
      expect(used).to.deep.equal([false, true, false, true, true])
    })
  })

  describe('idOf', () => {
    it('is the same for either spelling of the book, and a UUID of version 5', () => {
      const place = { chainId: 1, book: BOOK, campaignId: 1n, serial: 1n }
      const lower = addressField.parse(BOOK.toLowerCase())
      expect(idOf(place)).to.equal(idOf({ ...place, book: lower }))
      expect(idOf(place)).to.match(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    })

    it('differs with every part', () => {
      const place = { chainId: 1, book: BOOK, campaignId: 1n, serial: 1n }
      const others = [
        { ...place, chainId: 2 },
        { ...place, book: holderAt(0) },
        { ...place, campaignId: 2n },
        { ...place, serial: 2n },
      ]
      expect(new Set([place, ...others].map(idOf)).size).to.equal(5)
    })
  })
})

function shardWith({ index, size }: { index: bigint; size: number }): Shard {
  return { campaignId: 1n, index, holders: holdersUpTo(size) }
}

function holdersUpTo(size: number): Address[] {
  return Array.from({ length: size }, (_, index) => holderAt(index))
}

/** As vectors/coupon.json says. */
function holderAt(index: number): Address {
  const hash = keccak256(stringToHex(`coupon-secure vector holder ${index}`))
  return getAddress(`0x${hash.slice(-40)}`)
}
