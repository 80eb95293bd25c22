import { domainOf, presenceTypes, toStatement } from '@coupon-secure/protocol/presence'
import { witnessOf as slowWitnessOf } from '@coupon-secure/protocol/witness'
import { expect } from 'chai'
import { type Hex, keccak256, maxUint256, numberToHex, toHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { witnessOf } from '../src/witness.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

describe('witnessOf', () => {
  const place = { chainId: 31337, book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E' } as const
  const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5' as const

  const signed = async (number: number) => {
    const key = privateKeyToAccount(keccak256(toHex(`key ${number % 3}`)))
    const presence = {
      ...{ campaignId: 1n, serial: BigInt(number), holder, site: 1, geofenceHash: keccak256('0x') },
      ...{ observedAt: 5n, validUntil: 9n, evidenceHash: keccak256(toHex(number)) },
    } as const
    const signature = await key.signTypedData({
      domain: domainOf(place),
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    const statement = toStatement({ presence, signature })
    return {
      ...place,
      campaignId: 1n,
      serial: BigInt(number),
      holder,
      site: 1,
      statement,
      key,
    } as const
  }

  it('finds the signer, as the protocol does', async () => {
    for (let number = 0; number < 20; number += 1) {
      const { key, ...of } = await signed(number)
      expect(witnessOf(of)).to.equal(key.address.toLowerCase())
      expect((await slowWitnessOf(of))?.toLowerCase()).to.equal(witnessOf(of))
    }
  })

  it('finds somebody else, the same as the protocol, where anything but that was signed', async () => {
    const { key, ...of } = await signed(7)
    for (const other of [
      { ...of, site: 2 },
      { ...of, serial: 8n },
      { ...of, chainId: 1 },
    ]) {
      expect(witnessOf(other)).not.to.equal(key.address.toLowerCase())
      expect(witnessOf(other)).to.equal((await slowWitnessOf(other))?.toLowerCase())
    }
  })

  it('finds nobody in what is no signature', async () => {
    const of = await signed(7)
    const word = (number: bigint) => numberToHex(number, { size: 32 })
    const vs = BigInt(of.statement.vs)
    const broken: { r: Hex; vs: Hex }[] = [
      { r: zeroHash, vs: of.statement.vs },
      { r: of.statement.r, vs: zeroHash },
      { r: word(maxUint256), vs: of.statement.vs },
      { r: word(ORDER), vs: of.statement.vs },
      { r: of.statement.r, vs: word(((vs >> 255n) << 255n) | (2n ** 255n - 1n)) }, // a higher s
    ]
    for (const change of broken) {
      const other = { ...of, statement: { ...of.statement, ...change } }
      expect(witnessOf(other), JSON.stringify(change)).to.equal(undefined)
      expect(await slowWitnessOf(other)).to.equal(undefined)
    }
  })
})
