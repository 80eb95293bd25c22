import { expect } from 'chai'
import { recoverTypedDataAddress, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { canBeHanded, type HandedRedemption, readHanded, writeHanded } from './handed.ts'
import { compactOf, domainOf, redeemTypes, type Statement } from './presence.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const account = privateKeyToAccount(word('07'))
const place = { chainId: 31337, book: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' } as const
const redeem = { campaignId: 3n, serial: 258n, site: 2, deadline: 1_800_000_600n }
const typed = { domain: domainOf(place), types: redeemTypes, primaryType: 'Redeem' } as const
const signature = await account.signTypedData({ ...typed, message: redeem })
const statement: Statement = {
  r: word('11'),
  vs: word('82'),
  geofenceHash: word('a3'),
  observedAt: 1_800_000_000n,
  validUntil: 1_800_000_300n,
  evidenceHash: word('44'),
}
const { r, vs } = compactOf(signature)
const compact: Hex = `${r}${vs.slice(2)}` as Hex
const handed: HandedRedemption = {
  ...place,
  ...redeem,
  holder: account.address,
  signature: compact,
  statements: [statement],
}

describe('a handed redemption', () => {
  it('comes back whole, with the 64 bytes that are the holder’s signature', async () => {
    for (const statements of [[], [statement], [statement, statement]]) {
      const read = readHanded(
        `https://coupons.example/send#${writeHanded({ ...handed, statements })}`,
      )
      expect(read).to.deep.equal({ ...handed, statements })
    }
    const plain = { ...typed, message: redeem, signature }
    expect(await recoverTypedDataAddress(plain)).to.equal(account.address)
  })

  it('has a contract’s signature as it was given, and says where a phone could not read it any more', () => {
    for (const bytes of [65, 66, 67, 130, 280]) {
      const long = { ...handed, signature: `0x00${'a7'.repeat(bytes - 1)}` } as const
      expect(readHanded(writeHanded(long))).to.deep.equal(long)
      expect(canBeHanded(long)).to.equal(true)
    }
    const longer = { ...handed, signature: `0x${'a7'.repeat(2048)}` } as const
    expect(canBeHanded(longer)).to.equal(false)
    expect(readHanded(writeHanded(longer)), 'a page keeps it all the same').to.deep.equal(longer)
    const longest = { ...handed, signature: `0x${'a7'.repeat(2049)}` } as const
    expect(readHanded(writeHanded(longest))).to.equal(undefined)
  })

  it('fits a QR of a phone', () => {
    expect(writeHanded(handed).length).to.be.below(400)
  })

  it('is nothing when it is cut, changed in form, or out of range', () => {
    const text = writeHanded(handed)
    for (let length = 0; length < text.length; length += 1) {
      const isWithoutStatement = length === text.lastIndexOf('.')
      if (!isWithoutStatement) expect(readHanded(text.slice(0, length))).to.equal(undefined)
    }
    const other = (change: Partial<HandedRedemption>) =>
      readHanded(writeHanded({ ...handed, ...change }))
    expect(other({ site: 65_536 })).to.equal(undefined)
    expect(other({ serial: 2n ** 96n })).to.equal(undefined)
    expect(other({ statements: Array.from({ length: 5 }, () => statement) })).to.equal(undefined)
    expect(readHanded(text.replace('CSR1', 'CSB1'))).to.equal(undefined)
  })
})
