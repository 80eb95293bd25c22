import { expect } from 'chai'
import { AbiCoder } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  emptyBook,
  gas,
  HOUR,
  MINUTE,
  openCampaign,
  plannedCampaign,
} from './book-fixture.ts'
import { rootOf } from './shard-reference.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const LONGEST_BATCH = 117_000
const DEEPEST_PROOF = 8
const LATEST_TIME = 4_102_444_800 // 2100-01-01
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

  it('holds what was held until the second that is the highest bit alone', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    const opensAt = NEEDS_32_BITS - HOUR
    const window = { opensAt, heldUntil: NEEDS_32_BITS, closesAt: NEEDS_32_BITS + HOUR }
    await book.createCampaign('Supper', { ...terms, ...window }, '')
    await time.setNextBlockTimestamp(opensAt)
    await expect(book.changeTerms(1, { ...terms, ...window, heldUntil: 0 }, gas))
      .to.be.revertedWithCustomError(book, 'TermsFrozen')
      .withArgs(opensAt, opensAt)
  })

  it('takes the latest second of all for a time in seconds', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    const window = { opensAt: LATEST_TIME, closesAt: LATEST_TIME }
    await expect(book.createCampaign('Supper', { ...terms, ...window }, ''))
      .to.be.revertedWithCustomError(book, 'WindowTooShort')
      .withArgs(LATEST_TIME, LATEST_TIME, 5 * MINUTE)
  })

  it('leaves every bit of when it opens and of who must vouch, whatever a pause gives back', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    const window = { opensAt: NEEDS_32_BITS, closesAt: NEEDS_32_BITS + HOUR }
    await book.createCampaign('Supper', { ...terms, ...window, requiredWitnesses: 0xff }, '')
    await book.pause(1, gas)
    await book.resume(1, gas)
    const { opensAt, requiredWitnesses } = await book.campaign(1)
    expect([opensAt, requiredWitnesses]).to.deep.equal([BigInt(NEEDS_32_BITS), 0xffn])
  })

  it('gives back an odd second of a pause to a window that ends in an odd one', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    const opensAt = NEEDS_32_BITS - HOUR
    const supper = { ...terms, opensAt, closesAt: NEEDS_32_BITS - 1 }
    await book.createCampaign('Supper', supper, '')
    await time.setNextBlockTimestamp(opensAt)
    await book.pause(1, gas)
    await time.setNextBlockTimestamp(opensAt + 1)
    await book.resume(1, gas)
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

  it('tells of which campaign it counted how many shards, where they are not all', async () => {
    const { book, alice, bob, shard, closesAt, terms } =
      await networkHelpers.loadFixture(openCampaign)
    for (const holder of [alice, bob]) await book.issue(1, [holder], gas)
    const shards = [shard, { index: 1n, holders: [alice.address] }]
    await time.increaseTo(closesAt + terms.grace)
    await expect(book.close(1, shards.map(rootOf), gas))
      .to.emit(book, 'ShardsCounted')
      .withArgs(1, 2, shard.holders.length + 1)
  })

  it('looks into a batch of 117,000 bytes, the longest there may be', async () => {
    const { book } = await networkHelpers.loadFixture(openCampaign)
    const bytes = `0x${'ff'.repeat(LONGEST_BATCH)}`
    await expect(book.redeemBatch.staticCall(1, 1, bytes, []))
      .to.be.revertedWithCustomError(book, 'ProofTooLong')
      .withArgs(15, DEEPEST_PROOF)
  })
})
