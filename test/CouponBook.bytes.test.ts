import { expect } from 'chai'
import { AbiCoder } from 'ethers'
import { network } from 'hardhat'

import { chain, emptyBook, gas, HOUR, MINUTE, plannedCampaign } from './book-fixture.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const NEEDS_32_BITS = 2 ** 31 // seconds, in January 2038

describe('CouponBook, to the byte', () => {
  it('extends a window over the second that needs the highest bit of its end', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    const opensAt = NEEDS_32_BITS - HOUR
    const supper = { ...terms, opensAt, closesAt: NEEDS_32_BITS - MINUTE }
    await book.createCampaign('Supper', supper, '')
    await time.increaseTo(opensAt)

    await book.changeTerms(1, { ...supper, closesAt: NEEDS_32_BITS }, gas)
    expect((await book.campaign(1)).closesAt).to.equal(NEEDS_32_BITS)
  })

  it('writes of whom it issued to as any encoder would, with nothing behind', async () => {
    const { book, alice, bob } = await networkHelpers.loadFixture(plannedCampaign)
    for (const holders of [[bob.address], [alice.address, bob.address, alice.address]]) {
      const receipt = await (await book.issue(1, holders, gas)).wait()
      const [log] = receipt?.logs ?? []
      expect(receipt?.logs).to.have.length(1)
      expect(log?.data).to.equal(AbiCoder.defaultAbiCoder().encode(['address[]'], [holders]))
    }
  })
})
