import { expect } from 'chai'
import { openMessage, openPairing, sealMessage } from './pairing-seal.ts'

const CODE = 'K7QF-2M9D-XW3P-8HTX'
const OTHER_CODE = 'K7QF-2M9D-XW3P-8HTY'

describe('a pairing', () => {
  it('is the same for both who have the code, and another for another', async () => {
    const [one, other, third] = await Promise.all(
      [CODE, CODE, OTHER_CODE].map((code) => openPairing(code)),
    )
    expect(one!.id).to.match(/^0x[0-9a-f]{64}$/)
    expect(other!.id).to.equal(one!.id)
    expect(third!.id).not.to.equal(one!.id)
  })

  it('has the id that every version of this page computes', async () => {
    const { id } = await openPairing(CODE)
    expect(id).to.equal('0x8fdb8ceac509d30e607ed9243d3a91c1e84e6707c4a2ab2be08ed3b3de45abf9')
  })

  it('carries a message to who has the code', async () => {
    const [wallet, other] = await Promise.all([openPairing(CODE), openPairing(CODE)])
    const message = { campaignName: 'दोपहर का खाना', position: { latitude: 26.9 } }
    const sealed = await sealMessage({ pairing: wallet, from: 'wallet', message })
    expect(await openMessage({ pairing: other, from: 'wallet', sealed })).to.deep.equal(message)
    const again = await sealMessage({ pairing: wallet, from: 'wallet', message })
    expect(again, 'no two look alike').not.to.equal(sealed)
  })

  it('says nothing to who has another code, of a changed message, or of the other side', async () => {
    const pairing = await openPairing(CODE)
    const stranger = await openPairing(OTHER_CODE)
    const sealed = await sealMessage({ pairing, from: 'other', message: { latitude: 26.9 } })
    const last = sealed.endsWith('0') ? '1' : '0'
    const changed = `${sealed.slice(0, -1)}${last}` as const
    expect(await openMessage({ pairing: stranger, from: 'other', sealed })).to.equal(undefined)
    expect(await openMessage({ pairing, from: 'wallet', sealed })).to.equal(undefined)
    expect(
      await openMessage({ pairing, from: 'other', sealed: changed as `0x${string}` }),
    ).to.equal(undefined)
    expect(await openMessage({ pairing, from: 'other', sealed: '0x00' })).to.equal(undefined)
  })
})
