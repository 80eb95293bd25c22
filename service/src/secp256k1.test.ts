import { expect } from 'chai'
import { hexToBytes, keccak256, recoverAddress, toHex, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { recoverSigner, signDigest } from './secp256k1.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

describe('secp256k1', () => {
  it('signs and recovers, byte for byte, as viem does', async () => {
    for (let index = 0; index < 50; index++) {
      const key = keccak256(toHex(`key ${index}`))
      const digest = keccak256(toHex(`digest ${index}`))
      const account = privateKeyToAccount(key)
      const signature = signDigest({ digest, key: hexToBytes(key) })
      expect(signature).to.equal(await account.sign({ hash: digest }))
      expect(recoverSigner({ digest, signature })).to.equal(account.address.toLowerCase())
      const other = keccak256(digest)
      const theirs = await recoverAddress({ hash: other, signature })
      expect(recoverSigner({ digest: other, signature })).to.equal(theirs.toLowerCase())
    }
  })

  it('recovers nobody from what no key can have signed', () => {
    const digest = keccak256('0x01')
    const word = (number: bigint) => toHex(number, { size: 32 }).slice(2)
    const signatures: Hex[] = [
      '0x',
      `0x${word(1n)}${word(1n)}`,
      `0x${word(1n)}${word(1n)}02`,
      `0x${word(1n)}${word(1n)}1d`,
      `0x${word(1n)}${word(1n)}1b00`,
      `0x${word(0n)}${word(1n)}1b`,
      `0x${word(1n)}${word(0n)}1b`,
      `0x${word(ORDER)}${word(1n)}1b`,
      `0x${word(1n)}${word(ORDER)}1b`,
      `0x${word(5n)}${word(1n)}1b`, // no point of the curve has this x
    ]
    for (const signature of signatures) {
      expect(recoverSigner({ digest, signature }), signature).to.equal(undefined)
    }
  })
})
