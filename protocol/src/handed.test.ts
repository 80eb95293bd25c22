import { expect } from 'chai'
import { recoverTypedDataAddress, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type HandedRedemption, readHanded, writeHanded } from './handed.ts'
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
const handed: HandedRedemption = {
  ...place,
  ...redeem,
  holder: account.address,
  signature,
  statements: [statement],
}
const { r, vs } = compactOf(signature)
const compact: Hex = `${r}${vs.slice(2)}` as Hex

describe('a handed redemption', () => {
  it('comes back whole, with its signature in 64 bytes that are still the holder’s', async () => {
    for (const statements of [[], [statement], [statement, statement]]) {
      const read = readHanded(
        `https://coupons.example/send#${writeHanded({ ...handed, statements })}`,
      )
      expect(read).to.deep.equal({ ...handed, statements, signature: compact })
    }
    expect(await recoverTypedDataAddress({ ...typed, message: redeem, signature })).to.equal(
      account.address,
    )
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
