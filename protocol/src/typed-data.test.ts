import { expect } from 'chai'
import { hashStruct as hashStructByViem, hashTypedData as hashTypedDataByViem } from 'viem'
import { hexOf, keccakOf, keccak256 } from './keccak.ts'
import { generator } from './random.fixture.ts'
import { hashStruct, hashTypedData } from './typed-data.ts'

const types = {
  Part: [
    { name: 'flag', type: 'bool' },
    { name: 'bytes', type: 'bytes' },
  ],
  Whole: [
    { name: 'large', type: 'uint256' },
    { name: 'negative', type: 'int256' },
    { name: 'short', type: 'int16' },
    { name: 'long', type: 'uint64' },
    { name: 'holder', type: 'address' },
    { name: 'word', type: 'bytes32' },
    { name: 'mark', type: 'bytes4' },
    { name: 'text', type: 'string' },
    { name: 'part', type: 'Part' },
    { name: 'parts', type: 'Part[]' },
    { name: 'lists', type: 'int32[][]' },
    { name: 'texts', type: 'string[]' },
  ],
} as const
const book = `0x${'ab'.repeat(20)}` as const
const domain = { name: 'Coupon Secure', version: '1', chainId: 31_337, verifyingContract: book }
const part = { flag: true, bytes: '0x' } as const
const whole = {
  large: 2n ** 256n - 1n,
  negative: -(2n ** 255n),
  short: -32_768,
  long: 2n ** 64n - 1n,
  holder: book,
  word: `0x${'cd'.repeat(32)}`,
  mark: '0x01020304',
  text: '',
  part,
  parts: [],
  lists: [],
  texts: [],
} as const

describe('typed data', () => {
  it('hashes as viem does, whatever the values', () => {
    const random = generator(7)
    const bytes = (size: number) =>
      hexOf(Uint8Array.from({ length: size }, () => Math.floor(random() * 256)))
    const some = <one>(make: () => one) =>
      Array.from({ length: Math.floor(random() * 4) }, () => make())
    const makePart = () => ({
      flag: random() < 0.5,
      bytes: bytes(Math.floor(random() * 100)),
    })
    const whole32 = () => Math.floor((random() - 0.5) * 2 ** 32)
    for (let round = 0; round < 500; round++) {
      // From a bit to all of them, so that each size and its edges come.
      const large = BigInt(bytes(32)) >> BigInt(Math.floor(random() * 256))
      const message = {
        large,
        negative: -(large >> 1n) - 1n,
        short: Math.floor((random() - 0.5) * 2 ** 16),
        long: BigInt(bytes(8)) >> BigInt(Math.floor(random() * 64)),
        holder: bytes(20),
        word: bytes(32),
        mark: bytes(4),
        text: 'é🍲'.repeat(Math.floor(random() * 9)).concat(`${round}`),
        part: makePart(),
        parts: some(makePart),
        lists: some(() => some(whole32)),
        texts: some(() => `${round}`),
      }
      const data = { types, primaryType: 'Whole', data: message } as const
      const signed = { types, primaryType: 'Whole', domain, message } as const
      expect(hashStruct(data)).to.equal(hashStructByViem(data))
      expect(hashTypedData(signed)).to.equal(hashTypedDataByViem(signed))
    }
  })

  it('hashes the ends of every range, and a domain of fewer fields', () => {
    for (const message of [
      whole,
      { ...whole, large: 0n, negative: 2n ** 255n - 1n, short: 32_767, long: 0n },
      { ...whole, large: 2n ** 53n, negative: -(2n ** 53n), long: 2n ** 53n - 1n },
    ]) {
      const data = { types, primaryType: 'Whole', data: message } as const
      expect(hashStruct(data)).to.equal(hashStructByViem(data))
    }
    for (const fewer of [{ name: 'a' }, { name: 'a', chainId: 1 }]) {
      const signed = { types, primaryType: 'Part', domain: fewer, message: part } as const
      expect(hashTypedData(signed)).to.equal(hashTypedDataByViem(signed))
    }
  })

  for (const [what, change] of Object.entries({
    'an integer too large': { large: 2n ** 256n },
    'one too small': { short: -32_769 },
    'a negative one without a sign': { long: -1n },
    'a fraction': { short: 0.5 },
    NaN: { short: NaN },
    'digits for an integer': { short: '1' },
    'no integer': { short: undefined },
    'an address too short': { holder: '0x12' },
    'a word with other letters': { word: `0x${'zz'.repeat(32)}` },
    'a word without its 0x': { word: 'ab'.repeat(33) },
    'half a byte': { part: { ...part, bytes: '0x123' } },
    'a number for a bool': { part: { ...part, flag: 1 } },
    'a number for a text': { text: 1 },
    'text for a list': { texts: 'ab' },
  })) {
    it(`hashes no message with ${what}`, () => {
      const data = { ...whole, ...change }
      expect(() => hashStruct({ types, primaryType: 'Whole', data })).to.throw()
    })
  }

  it('has no type that is not named', () => {
    const strange = { Part: [{ name: 'a', type: 'Stranger' }] }
    expect(() => hashStruct({ types: strange, primaryType: 'Part', data: { a: 1 } })).to.throw()
    expect(() => hashStruct({ types, primaryType: 'Stranger', data: {} })).to.throw()
  })
})

describe('keccak', () => {
  it('is Keccak-256, of digits in either case', () => {
    // The hash of nothing, which every chain knows.
    const ofNothing = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
    expect(keccak256('0x')).to.equal(ofNothing)
    expect(hexOf(keccakOf(new Uint8Array(0)))).to.equal(ofNothing)
    expect(keccak256('0xABcd')).to.equal(keccak256('0xabcd'))
    expect(() => keccak256('0xabc')).to.throw()
  })
})
