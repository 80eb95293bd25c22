import { expect } from 'chai'
import { bytesToHex, concat, type Hex, hexToBytes, keccak256, toHex } from 'viem'

import { fastLzLength, l2BytesOf } from '../bench/l2-bytes.ts'

// The lengths are those that op-geth's own test of its estimate asks for.
const zeros = new Uint8Array(1_000)
const ones = zeros.map(() => 1)
// A transaction with nothing in it but a receiver.
const empty = '0xdd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080'
// 0x8eb9dd4eb6d33f4dc25fb015919e4b1e9f7542f9b0322bf6622e268cd116b594 on OP mainnet, a bridge's deposit.
const deposit: Hex = concat([
  '0x02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8',
  '0xe41ef24f3f000000000000000000000000000000000000000000000000000000000000006e',
  '0x000000000000000000000000af88d065e77c8cc2239327c5edb3a432268e5831',
  '0x000000000000000000000000000000000000000000000000000000000003c1e5',
  '0x0000000000000000000000000000000000000000000000000000000000000000',
  '0x00000000000000000000000000000000000000000000000000000000000000a0',
  '0x0000000000000000000000000000000000000000000000000000000000000014',
  '0x8c89ed219d02f1a5be012c689b4f5b731827bebe000000000000000000000000',
  '0xc001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8',
  '0xa07cdf65680e238392693019b4092f610222e71b7cec06449cb922b93b6a12744e',
])

describe('the bytes that a rollup publishes', () => {
  describe('when FastLZ is estimated', () => {
    it('agrees with op-geth on an empty input, on repetition and on real transactions', () => {
      expect(keccak256(deposit)).to.equal(
        '0x8eb9dd4eb6d33f4dc25fb015919e4b1e9f7542f9b0322bf6622e268cd116b594',
      )
      const inputs = [new Uint8Array(), zeros, ones, hexToBytes(empty), hexToBytes(deposit)]
      expect(inputs.map(fastLzLength)).to.deep.equal([0, 21, 21, 31, 202])
    })

    it('finds nothing to save in hashes', () => {
      const hashes = concat(['a', 'b', 'c', 'd'].map((letter) => keccak256(toHex(letter))))
      expect(fastLzLength(hexToBytes(hashes))).to.equal(128 + 4)
    })
  })

  describe('when an OP stack chain charges for them', () => {
    it('charges for 100 at least, and for 0.8365 of FastLZ less 42.6 beyond', () => {
      expect(l2BytesOf(empty).opStack).to.equal(100)
      expect(l2BytesOf(deposit)).to.include({ raw: 345, fastLz: 202, opStack: 126 })
    })
  })

  describe('when general compressors have a go', () => {
    it('counts what they leave', () => {
      const { raw, zlib, brotli } = l2BytesOf(bytesToHex(zeros))
      expect(raw).to.equal(1_000)
      expect(zlib).to.be.below(30)
      expect(brotli).to.be.below(20)
    })
  })
})
