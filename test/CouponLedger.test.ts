import { expect } from 'chai'
import { ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  DAY,
  emptyBook,
  gas,
  openCampaign,
  plannedCampaign,
  redeem,
  redeemFor,
  visit,
} from './book-fixture.ts'
import { packedProof, rootOf, type Shard, shardsOf, ZERO_NODE } from './shard-reference.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const [NOT_ISSUED, UNUSED, REDEEMED, REVOKED] = [0n, 1n, 2n, 3n]

/** Open, with a second issue of 256: shards 1 and 2 beside shard 0. */
async function threeShards(connection: Parameters<typeof openCampaign>[0]) {
  const world = await openCampaign(connection)
  const holders = Array.from({ length: 256 }, () => world.alice.address)
  await world.book.issue(1, holders, { gasLimit: 5_000_000 })
  const shards: Shard[] = [world.shard, ...shardsOf({ firstShard: 1n, holders })]
  return { ...world, shards, roots: shards.map(rootOf), endsAt: world.closesAt + world.terms.grace }
}

describe('CouponLedger', () => {
  it('holds issued = redeemed + revoked + unused at every step, and statusOf agrees', async () => {
    const world = await networkHelpers.loadFixture(threeShards)
    const { book, alice, bob, stranger, roots, shards } = world
    const ledger = async () => (await book.ledger(1, roots)).map(Number)
    const left = async () => Number(await book.supplyLeft(1))
    expect(await ledger()).to.deep.equal([261, 0, 0, 261])
    expect(await left()).to.equal(739)

    await redeem({ book, as: alice, visit: await visit(world) })
    expect(await ledger()).to.deep.equal([261, 1, 0, 260])
    await redeemFor(world, { visit: await visit(world, { seat: 1 }), as: stranger, signer: bob })
    expect(await ledger()).to.deep.equal([261, 2, 0, 259])
    await redeem({ book, as: alice, visit: await visit(world, { shard: shards[2]! }) })
    expect(await ledger()).to.deep.equal([261, 3, 0, 258])
    expect(await left()).to.equal(739)

    await book.revoke(1, roots[0]!, [2], '')
    await book.revoke(1, roots[1]!, [256, 257, 510], '')
    expect(await ledger()).to.deep.equal([261, 3, 4, 254])
    expect(await left()).to.equal(743)
    await book.issue(1, [bob])
    const more = { index: 3n, holders: [bob.address] }
    expect((await book.ledger(1, [...roots, rootOf(more)])).map(Number)).to.deep.equal([
      262, 3, 4, 255,
    ])
    expect(await left()).to.equal(742)

    const expected = [REDEEMED, REDEEMED, REVOKED, UNUSED, UNUSED]
    for (const [seat, status] of expected.entries()) {
      const { holder, proof } = await visit(world, { seat })
      expect(await book.statusOf(1, seat, holder, packedProof(proof))).to.equal(status)
      expect(await book.isIssued(1, seat, holder, packedProof(proof))).to.equal(true)
      expect(await book.isIssued(1, seat, stranger, packedProof(proof))).to.equal(false)
      expect(await book.statusOf(1, seat, stranger, packedProof(proof))).to.equal(NOT_ISSUED)
    }
    const unissued = 2n ** 256n - 2n ** 5n
    expect(await book.seatsOf(1, 0, roots[0]!)).to.deep.equal([unissued | 0b00111n, 0b00100n])
    expect(await book.seatsOf(1, 1, roots[0]!)).to.deep.equal([0n, 0n])
    expect(await book.seatsOf(9, 0, roots[0]!)).to.deep.equal([0n, 0n])
  })

  describe('statusOf and isIssued', () => {
    it('know nothing of a campaign, shard or proof that is none, and do not revert', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      const { book, alice } = world
      const { proof } = await visit(world)
      const strange = [
        { campaignId: 0n, serial: 0n, proof },
        { campaignId: 2n, serial: 0n, proof },
        { campaignId: 1n, serial: 2n ** 256n - 1n, proof },
        { campaignId: 1n, serial: 1n << 96n, proof },
        { campaignId: 1n, serial: 0n, proof: [] },
        { campaignId: 1n, serial: 0n, proof: [...proof, ZERO_NODE] },
        { campaignId: 1n, serial: 0n, proof: Array.from({ length: 9 }, () => ZERO_NODE) },
      ]
      for (const { campaignId, serial, proof } of strange) {
        expect(await book.statusOf(campaignId, serial, alice, packedProof(proof))).to.equal(
          NOT_ISSUED,
        )
        expect(await book.isIssued(campaignId, serial, alice, packedProof(proof))).to.equal(false)
      }
    })
  })

  describe('the views of a campaign', () => {
    it('revert when there is none', async () => {
      const { book } = await networkHelpers.loadFixture(emptyBook)
      const views = [
        book.campaign,
        book.shardCount,
        book.supplyLeft,
        book.countersOf,
        book.pausedAt,
      ]
      for (const call of views) {
        await expect(call(1)).to.be.revertedWithCustomError(book, 'UnknownCampaign').withArgs(1)
        await expect(call(0)).to.be.revertedWithCustomError(book, 'UnknownCampaign').withArgs(0)
      }
      await expect(book.ledger(1, []))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(1)
    })

    it('start from nothing', async () => {
      const { book, terms } = await networkHelpers.loadFixture(emptyBook)
      await book.createCampaign('Lunch', terms, '')
      expect(await book.shardCount(1)).to.equal(0)
      expect(await book.supplyLeft(1)).to.equal(1_000)
      expect(await book.ledger(1, [])).to.deep.equal([0n, 0n, 0n, 0n])
      const nothing = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 1_000n, false]
      expect(await book.countersOf(1)).to.deep.equal(nothing)
      expect(await book.pausedAt(1)).to.equal(0)
    })

    it('count what was issued and revoked, and how far the closing statement is', async () => {
      const world = await networkHelpers.loadFixture(threeShards)
      const { book, alice, roots, endsAt } = world
      await redeem({ book, as: alice, visit: await visit(world) })
      await book.revoke(1, roots[1]!, [256, 510], '')
      expect(await book.countersOf(1)).to.deep.equal([261n, 2n, 3n, 0n, 0n, 0n, 0n, 741n, false])
      await time.increaseTo(endsAt)
      await book.close(1, roots.slice(0, 2))
      expect(await book.countersOf(1)).to.deep.equal([
        261n,
        2n,
        3n,
        0n,
        0n,
        0n,
        2n,
        741n + 4n + 253n,
        false,
      ])
      await book.close(1, roots.slice(2))
      expect(await book.countersOf(1)).to.deep.equal([
        261n,
        2n,
        3n,
        0n,
        0n,
        0n,
        3n,
        741n + 4n + 253n + 1n,
        true,
      ])
      expect(await book.shardCount(1)).to.equal(3)
    })
  })

  describe('ledger', () => {
    it('reverts when roots are missing or too many', async () => {
      const { book, roots } = await networkHelpers.loadFixture(threeShards)
      for (const given of [[], roots.slice(1), [...roots, roots[0]!]]) {
        await expect(book.ledger(1, given))
          .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
          .withArgs(given.length, 3)
      }
    })

    it('asks for the roots of those shards alone that were not counted yet', async () => {
      const world = await networkHelpers.loadFixture(threeShards)
      const { book, alice, roots, endsAt } = world
      await redeem({ book, as: alice, visit: await visit(world) })
      await time.increaseTo(endsAt)
      for (const counted of [1, 2, 3]) {
        await book.close(1, [roots[counted - 1]!])
        expect(await book.ledger(1, roots.slice(counted))).to.deep.equal([261n, 1n, 0n, 260n])
        await expect(book.ledger(1, roots.slice(counted - 1)))
          .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
          .withArgs(4 - counted, 3 - counted)
      }
    })

    it('reverts when a root is false or out of its place', async () => {
      const { book, roots } = await networkHelpers.loadFixture(threeShards)
      const [first, second, third] = roots
      await expect(book.ledger(1, [first!, second!, ZeroHash]))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 2, ZeroHash)
      await expect(book.ledger(1, [second!, first!, third!]))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 0, second)
    })
  })

  describe('revoke', () => {
    it('reverts when the sender is not a manager', async () => {
      const { book, guardian, root } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.connect(guardian).revoke(1, root, [0], ''))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(guardian.address, await book.MANAGER_ROLE())
    })

    it('reverts when the list is empty', async () => {
      const { book, root } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.revoke(1, root, [], '')).to.be.revertedWithCustomError(book, 'EmptyList')
    })

    it('reverts when there is no such campaign', async () => {
      const { book, root } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.revoke(2, root, [0], ''))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(2)
    })

    it('takes 255 in one call, and reverts on one more', async () => {
      const { book, roots, closesAt } = await networkHelpers.loadFixture(threeShards)
      const serials = Array.from({ length: 256 }, (_, seat) => 256 + seat)
      const enough = { gasLimit: 10_000_000 } // for code that nobody optimised too
      await expect(book.revoke(1, roots[1]!, serials, '', enough))
        .to.be.revertedWithCustomError(book, 'ListTooLong')
        .withArgs(256, 255)
      await book.revoke(1, roots[1]!, serials.slice(0, 255), '', enough)
      expect(await book.ledger(1, roots)).to.deep.equal([261n, 0n, 255n, 6n])
      expect(await book.seatsOf(1, 1, roots[1]!)).to.deep.equal([2n ** 256n - 1n, 2n ** 255n - 1n])
      expect(await time.latest()).to.be.lessThan(closesAt)
    })

    it('takes coupons back in the last second of the grace, and reverts when it is over', async () => {
      const { book, root, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
      await time.setNextBlockTimestamp(closesAt + DAY - 1)
      await expect(book.revoke(1, root, [0], 'late', gas))
        .to.emit(book, 'CouponRevoked')
        .withArgs(1, 0, 'late')
      await expect(book.revoke(1, root, [1], 'too late', gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(closesAt + DAY, closesAt + DAY)
    })

    it('reverts when a serial is of another shard, or the root of none', async () => {
      const { book, roots } = await networkHelpers.loadFixture(threeShards)
      await expect(book.revoke(1, roots[0]!, [0, 256], ''))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 1, roots[0])
      await expect(book.revoke(1, ZeroHash, [0], ''))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 0, ZeroHash)
      await expect(book.revoke(1, roots[0]!, [1n << 96n], ''))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 1n << 88n, roots[0])
      expect(await book.supplyLeft(1)).to.equal(739)
    })

    it('reverts as a whole when one of them was redeemed', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, root } = world
      await redeem({ book, as: alice, visit: await visit(world, { seat: 3 }) })
      await expect(book.revoke(1, root, [0, 3, 4], ''))
        .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
        .withArgs(1, 3)
      expect(await book.ledger(1, [root])).to.deep.equal([5n, 1n, 0n, 4n])
    })

    it('reverts when one was revoked already, or stands in the list twice', async () => {
      const { book, root } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.revoke(1, root, [2, 2], ''))
        .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
        .withArgs(1, 2)
      await book.revoke(1, root, [2], '')
      await expect(book.revoke(1, root, [2], ''))
        .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
        .withArgs(1, 2)
    })

    it('reverts on a seat of the shard that nobody ever got', async () => {
      const { book, root } = await networkHelpers.loadFixture(plannedCampaign)
      for (const seat of [5, 254, 255]) {
        await expect(book.revoke(1, root, [seat], '')).to.be.revertedWithCustomError(
          book,
          'CouponAlreadyRedeemed',
        )
      }
      expect(await book.ledger(1, [root])).to.deep.equal([5n, 0n, 0n, 5n])
    })

    it('takes back all that were issued, and tells of each', async () => {
      const { book, root, manager, terms } = await networkHelpers.loadFixture(plannedCampaign)
      const revoked = book.connect(manager).revoke(1, root, [4, 0, 3, 1, 2], 'cancelled')
      for (const serial of [0, 1, 2, 3, 4]) {
        await expect(revoked).to.emit(book, 'CouponRevoked').withArgs(1, serial, 'cancelled')
      }
      expect(await book.ledger(1, [root])).to.deep.equal([5n, 0n, 5n, 0n])
      expect(await book.supplyLeft(1)).to.equal(terms.supply)
    })
  })

  describe('close', () => {
    it('reverts when there is no such campaign', async () => {
      const { book } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.close(2, []))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(2)
    })

    it('reverts in the last second of the grace', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.setNextBlockTimestamp(endsAt - 1)
      await expect(book.close(1, roots, gas))
        .to.be.revertedWithCustomError(book, 'CampaignNotOver')
        .withArgs(endsAt, endsAt - 1)
    })

    it('makes the closing statement as soon as the grace is over, for anybody', async () => {
      const world = await networkHelpers.loadFixture(threeShards)
      const { book, alice, stranger, roots, shards, endsAt } = world
      await redeem({ book, as: alice, visit: await visit(world) })
      await redeem({ book, as: alice, visit: await visit(world, { shard: shards[1]!, seat: 254 }) })
      await book.revoke(1, roots[2]!, [512], '')
      await time.setNextBlockTimestamp(endsAt)
      await expect(book.connect(stranger).close(1, roots, gas))
        .to.emit(book, 'CampaignClosed')
        .withArgs(1, 261, 2, 1, 258)
      expect(await book.ledger(1, [])).to.deep.equal([261n, 2n, 1n, 258n])
    })

    it('may be made in several calls, each of which tells how far it came', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.increaseTo(endsAt)
      const first = book.close(1, roots.slice(0, 1))
      await expect(first).to.emit(book, 'ShardsCounted').withArgs(1, 1, 5)
      await expect(first).not.to.emit(book, 'CampaignClosed')
      await expect(book.close(1, roots.slice(0, 1)))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 1, roots[0])
      const last = book.close(1, roots.slice(1))
      await expect(last).to.emit(book, 'CampaignClosed').withArgs(1, 261, 0, 0, 261)
      await expect(last).not.to.emit(book, 'ShardsCounted')
    })

    it('reverts when no root is given though shards are left', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.increaseTo(endsAt)
      await expect(book.close(1, [])).to.be.revertedWithCustomError(book, 'EmptyList')
      await book.close(1, roots.slice(0, 2))
      await expect(book.close(1, [])).to.be.revertedWithCustomError(book, 'EmptyList')
    })

    it('reverts when a root is false, and counts nothing', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.increaseTo(endsAt)
      await expect(book.close(1, [roots[0]!, ZeroHash]))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, 1, ZeroHash)
      await expect(book.close(1, roots)).to.emit(book, 'CampaignClosed').withArgs(1, 261, 0, 0, 261)
    })

    it('reverts when more roots are given than are left', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.increaseTo(endsAt)
      await expect(book.close(1, [...roots, roots[0]!]))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(4, 3)
      await book.close(1, roots.slice(0, 2))
      await expect(book.close(1, roots.slice(1)))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(2, 1)
    })

    it('is made once', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(threeShards)
      await time.increaseTo(endsAt)
      await book.close(1, roots)
      for (const again of [roots, []]) {
        await expect(book.close(1, again))
          .to.be.revertedWithCustomError(book, 'AlreadyClosed')
          .withArgs(1)
      }
    })

    it('closes a campaign without coupons, once', async () => {
      const { book, terms, closesAt } = await networkHelpers.loadFixture(emptyBook)
      await book.createCampaign('Lunch', terms, '')
      await time.increaseTo(closesAt + terms.grace)
      await expect(book.close(1, [])).to.emit(book, 'CampaignClosed').withArgs(1, 0, 0, 0, 0)
      await expect(book.close(1, []))
        .to.be.revertedWithCustomError(book, 'AlreadyClosed')
        .withArgs(1)
    })

    it('leaves nothing that could change the count afterwards', async () => {
      const world = await networkHelpers.loadFixture(threeShards)
      const { book, alice, roots, terms, endsAt, closesAt } = world
      await time.increaseTo(endsAt)
      await book.close(1, roots)
      const hers = await visit(world)
      const calls = [
        () => redeem({ book, as: alice, visit: hers }),
        () => redeemFor(world, { visit: hers, as: alice, deadline: endsAt + DAY }),
        () => book.redeemBatch(1, 1, '0x00', []),
        () => book.revoke(1, roots[0]!, [0], ''),
        () => book.reallot(1, roots[0]!, [0], [alice], ''),
        () => book.changeTerms(1, { ...terms, grace: 29 * DAY }),
        () => book.pause(1),
        () => book.release(1, []),
      ]
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(book, 'CampaignIsOver')
          .withArgs(endsAt, (now: bigint) => now > endsAt)
      }
      await expect(book.issue(1, [alice]))
        .to.be.revertedWithCustomError(book, 'CampaignHasClosed')
        .withArgs(closesAt, (now: bigint) => now > endsAt)
      await expect(book.resume(1))
        .to.be.revertedWithCustomError(book, 'CampaignNotPaused')
        .withArgs(1)
      expect(await book.ledger(1, [])).to.deep.equal([261n, 0n, 0n, 261n])
      expect(await ethers.provider.getBalance(book)).to.equal(0)
    })
  })

  it('is rebuilt, every status and total, from the events alone', async () => {
    const world = await networkHelpers.loadFixture(threeShards)
    const { book, alice, roots, shards, endsAt } = world
    await redeem({ book, as: alice, visit: await visit(world, { seat: 3 }) })
    await redeem({ book, as: alice, visit: await visit(world, { shard: shards[2]! }) })
    await book.revoke(1, roots[1]!, [256, 300], '')
    await time.increaseTo(endsAt)
    await book.close(1, roots)

    const issued = new Map<bigint, string>()
    for (const { args } of await book.queryFilter(book.filters.Issued())) {
      for (const { index, holders } of shardsOf({
        firstShard: args.firstShard,
        holders: [...args.holders],
      })) {
        holders.forEach((holder, seat) => issued.set((index << 8n) | BigInt(seat), holder))
      }
    }
    const redeemed = new Map(
      (await book.queryFilter(book.filters.CouponRedeemed())).map(({ args }) => [
        args.serial,
        args.holder,
      ]),
    )
    const revoked = (await book.queryFilter(book.filters.CouponRevoked())).map(
      ({ args }) => args.serial,
    )
    for (const [serial, holder] of redeemed) expect(issued.get(serial)).to.equal(holder)
    const [closed] = await book.queryFilter(book.filters.CampaignClosed())
    expect([...closed!.args]).to.deep.equal(
      [
        1,
        issued.size,
        redeemed.size,
        revoked.length,
        issued.size - redeemed.size - revoked.length,
      ].map(BigInt),
    )
    for (const [serial, holder] of issued) {
      const shard = shards[Number(serial >> 8n)]!
      const { proof } = await visit(world, { shard, seat: Number(serial & 0xffn), by: [] })
      if (serial % 29n !== 0n && !redeemed.has(serial) && !revoked.includes(serial)) continue
      const status = redeemed.has(serial) ? REDEEMED : revoked.includes(serial) ? REVOKED : UNUSED
      expect(await book.statusOf(1, serial, holder, packedProof(proof))).to.equal(status)
    }
  })
})
