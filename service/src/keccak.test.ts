import { expect } from 'chai'
import { keccak256 } from 'viem'
import { keccakInWasm } from './keccak.ts'

describe('keccak in WebAssembly', () => {
  it('is the same as in JavaScript, for every length around its blocks', async () => {
    const keccak = await keccakInWasm()
    for (const length of [0, 1, 32, 66, 135, 136, 137, 271, 272, 273, 20_000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7)
      expect(keccak(bytes)).to.deep.equal(keccak256(bytes, 'bytes'))
    }
  })
})
