import { expect } from 'chai'
import { dataSlice, getAddress, id, toBeHex, ZeroAddress } from 'ethers'
import { network } from 'hardhat'

import { chain, emptyBook, openCampaign, plannedCampaign, redeem, visit } from './book-fixture.ts'
import { packedProof, proofOf, rootOf, serialAt, type Shard, shardsOf } from './shard-reference.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const gas = { gasLimit: 16_000_000 } as const
const UNUSED = 1n
const TRANSACTION_GAS_CAP = 2 ** 24 // EIP-7825

function holdersOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => getAddress(dataSlice(id(`holder ${i}`), 12)))
}

describe('CouponBook, issue', () => {
  it('reverts when the sender is not a manager', async () => {
    const { book, guardian, alice } = await networkHelpers.loadFixture(plannedCampaign)
    for (const sender of [guardian, alice]) {
      await expect(book.connect(sender).issue(1, [alice.address]))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(sender.address, await book.MANAGER_ROLE())
    }
  })

  it('reverts when there is no such campaign', async () => {
    const { book, alice } = await networkHelpers.loadFixture(emptyBook)
    for (const unknown of [0, 1]) {
      await expect(book.issue(unknown, [alice.address]))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(unknown)
    }
  })

  it('reverts when the list is empty', async () => {
    const { book } = await networkHelpers.loadFixture(plannedCampaign)
    await expect(book.issue(1, [])).to.be.revertedWithCustomError(book, 'EmptyList').withArgs()
  })

  it('reverts when the list is longer than one call takes, whatever the supply', async () => {
    const { book } = await networkHelpers.loadFixture(plannedCampaign)
    await expect(book.issue(1, holdersOf(12_751), gas))
      .to.be.revertedWithCustomError(book, 'ListTooLong')
      .withArgs(12_751, 12_750)
    await expect(book.issue(1, holdersOf(12_750), gas))
      .to.be.revertedWithCustomError(book, 'SupplyExceeded')
      .withArgs(12_750, 995)
  })

  it('reverts from closesAt on', async () => {
    const { book, alice, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
    await time.setNextBlockTimestamp(closesAt)
    await expect(book.issue(1, [alice.address], gas))
      .to.be.revertedWithCustomError(book, 'CampaignHasClosed')
      .withArgs(closesAt, closesAt)
  })

  it('takes a list in the last second of the window', async () => {
    const { book, alice, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
    await time.setNextBlockTimestamp(closesAt - 1)
    await expect(book.issue(1, [alice.address], gas)).to.emit(book, 'Issued')
  })

  describe('given 995 coupons are left of the supply', () => {
    it('reverts when one more is asked for', async () => {
      const { book } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.issue(1, holdersOf(996), gas))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(996, 995)
    })

    it('issues them all, and then none', async () => {
      const { book, alice } = await networkHelpers.loadFixture(plannedCampaign)
      await book.issue(1, holdersOf(995), gas)
      expect(await book.supplyLeft(1)).to.equal(0)
      await expect(book.issue(1, [alice.address]))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(1, 0)
    })

    it('issues as many again as were revoked, under new serials', async () => {
      const { book, root, carol } = await networkHelpers.loadFixture(plannedCampaign)
      await book.issue(1, holdersOf(995), gas)
      await book.revoke(1, root, [0, 1], 'not coming')
      expect(await book.supplyLeft(1)).to.equal(2)
      await expect(book.issue(1, holdersOf(3)))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(3, 2)
      await expect(book.issue(1, [carol.address, carol.address]))
        .to.emit(book, 'Issued')
        .withArgs(1, 5, [carol.address, carol.address])
    })
  })

  describe('when an entry of the list is no address', () => {
    const bad = [
      { name: 'the zero address', word: toBeHex(0, 32) },
      { name: 'an address with the lowest upper bit set', word: toBeHex((1n << 160n) | 7n, 32) },
      { name: 'an address with the highest bit set', word: toBeHex((1n << 255n) | 7n, 32) },
      { name: 'a word of upper bits alone', word: toBeHex(1n << 160n, 32) },
    ]
    const places = [
      { count: 3, index: 0 },
      { count: 3, index: 2 },
      { count: 255, index: 254 },
      { count: 256, index: 255 },
      { count: 600, index: 511 },
    ]
    for (const { name, word } of bad) {
      it(`reverts with the index of ${name}`, async () => {
        const { book, address, organiser } = await networkHelpers.loadFixture(plannedCampaign)
        for (const { count, index } of places) {
          // Encoded by hand, since no library would write such an address.
          const data = book.interface.encodeFunctionData('issue', [1, holdersOf(count)])
          const at = 2 + 8 + 64 * (3 + index)
          const broken = data.slice(0, at) + word.slice(2) + data.slice(at + 64)
          await expect(organiser.sendTransaction({ to: address, data: broken, ...gas }))
            .to.be.revertedWithCustomError(book, 'HolderInvalid')
            .withArgs(index)
        }
      })
    }

    it('names the first of several, and takes the least and the largest address', async () => {
      const { book } = await networkHelpers.loadFixture(plannedCampaign)
      const least = toBeHex(1, 20)
      const largest = toBeHex(2n ** 160n - 1n, 20)
      await expect(book.issue(1, [least, ZeroAddress, largest, ZeroAddress]))
        .to.be.revertedWithCustomError(book, 'HolderInvalid')
        .withArgs(1)
      await expect(book.issue(1, [least, largest])).to.emit(book, 'Issued')
    })
  })

  for (const count of [1, 2, 3, 128, 254, 255, 256, 510, 511, 600]) {
    it(`issues ${count} coupons, of which each holder can prove exactly their own`, async () => {
      const { book, terms, manager } = await networkHelpers.loadFixture(emptyBook)
      await book.createCampaign('Lunch', terms, '')
      const holders = holdersOf(count)
      expect(await book.connect(manager).issue.staticCall(1, holders, gas)).to.equal(0)
      await expect(book.connect(manager).issue(1, holders, gas))
        .to.emit(book, 'Issued')
        .withArgs(1, 0, holders)

      const shards = shardsOf({ holders })
      expect(await book.shardCount(1)).to.equal(Math.ceil(count / 255))
      expect(await book.supplyLeft(1)).to.equal(terms.supply - count)
      expect(await book.ledger(1, shards.map(rootOf))).to.deep.equal([
        BigInt(count),
        0n,
        0n,
        BigInt(count),
      ])
      for (const shard of shards) {
        const seats = BigInt(shard.holders.length)
        const unissued = (1n << 256n) - (1n << seats)
        expect(await book.seatsOf(1, shard.index, rootOf(shard))).to.deep.equal([unissued, 0n])
        for (const seat of new Set([0, shard.holders.length >> 1, shard.holders.length - 1])) {
          const serial = serialAt({ shard, seat })
          const holder = shard.holders[seat]!
          const proof = packedProof(proofOf({ shard, seat }))
          expect(await book.statusOf(1, serial, holder, proof)).to.equal(UNUSED)
          expect(await book.isIssued(1, serial, holder, proof)).to.equal(true)
          const another = holdersOf(count + 1).at(-1)!
          expect(await book.isIssued(1, serial, another, proof)).to.equal(false)
        }
      }
    })
  }

  it('gives each coupon of a person who stands in the list twice a serial of its own', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, alice } = world
    await redeem({ book, as: alice, visit: await visit(world, { seat: 0 }) })
    await expect(redeem({ book, as: alice, visit: await visit(world, { seat: 3 }) }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, 3, alice.address, 1)
  })

  describe('given an earlier issue, of which coupons were redeemed and revoked', () => {
    it('takes the next shards and touches nothing of it', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, root, shard } = world
      await redeem({ book, as: alice, visit: await visit(world, { seat: 0 }) })
      await book.revoke(1, root, [1], '')
      const before = await book.seatsOf(1, 0, root)

      await expect(book.issue(1, holdersOf(300), gas))
        .to.emit(book, 'Issued')
        .withArgs(1, 1, holdersOf(300))
      await expect(book.issue(1, shard.holders))
        .to.emit(book, 'Issued')
        .withArgs(1, 3, shard.holders)

      expect(await book.seatsOf(1, 0, root)).to.deep.equal(before)
      expect(await book.shardCount(1)).to.equal(4)
      await expect(redeem({ book, as: alice, visit: await visit(world, { seat: 0 }) }))
        .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
        .withArgs(1, 0)
      const again: Shard = { index: 3n, holders: shard.holders }
      expect(rootOf(again)).not.to.equal(root)
      await expect(
        redeem({ book, as: alice, visit: await visit(world, { shard: again, seat: 0 }) }),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 3 << 8, alice.address, 1)
    })
  })

  it('keeps the shards of two campaigns apart, though their lists be the same', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, alice, terms, shard, root } = world
    await book.createCampaign('Dinner', terms, '')
    await book.issue(2, shard.holders)
    await redeem({ book, as: alice, visit: await visit(world, { seat: 0 }) })
    expect((await book.seatsOf(1, 0, root))[0] & 1n).to.equal(1n)
    expect((await book.seatsOf(2, 0, root))[0] & 1n).to.equal(0n)
  })

  it('issues 10,200 coupons in two transactions below the cap of one', async () => {
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    await book.createCampaign('Lunch', { ...terms, supply: 10_200 }, '')
    const holders = holdersOf(10_200)
    await book.issue(1, holders.slice(0, 5_100), gas)
    await expect(book.issue(1, holders.slice(5_100), gas))
      .to.emit(book, 'Issued')
      .withArgs(1, 20, holders.slice(5_100))
    expect(await book.shardCount(1)).to.equal(40)
    expect(await book.supplyLeft(1)).to.equal(0)
  })

  it('issues the longest list in one transaction below the cap', async function () {
    this.timeout(300_000) // chai looks at 12,750 arguments
    const { book, terms } = await networkHelpers.loadFixture(emptyBook)
    await book.createCampaign('Lunch', { ...terms, supply: 12_750 }, '')
    const holders = holdersOf(12_750)
    await expect(book.issue(1, holders, { gasLimit: TRANSACTION_GAS_CAP }))
      .to.emit(book, 'Issued')
      .withArgs(1, 0, holders)
    expect(await book.shardCount(1)).to.equal(50)
    expect(await book.supplyLeft(1)).to.equal(0)
  })
})
