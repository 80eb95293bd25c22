import { expect } from 'chai'
import { dataSlice, getAddress, id, parseUnits, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

import {
  chain,
  COUNTER,
  DAY,
  emptyBook,
  gas,
  HOUR,
  openCampaign,
  plannedCampaign,
  redeem,
  visit,
  type World,
} from './book-fixture.ts'
import { packedProof, proofOf, rootOf, type Shard } from './shard-reference.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const STANDBY = 2n ** 31n
const [UNUSED, REDEEMED, REVOKED] = [1n, 2n, 3n]
const plenty = { gasLimit: 16_000_000 } as const

/** A campaign of one full shard, 255 coupons of as many holders, and no more supply. */
async function fullCampaign(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  const holders = holdersOf({ count: 255, from: 0 })
  await world.book.createCampaign('Lunch, Saturday', { ...world.terms, supply: 255 }, '')
  await world.book.issue(1, holders, plenty)
  const shard: Shard = { index: 0n, holders }
  return { ...world, shard, root: rootOf(shard) }
}

/** Open, and past `heldUntil`; its whole supply is issued to alice and bob; carol and dave wait on standby. */
async function standbyCampaign(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  const { book, alice, bob, carol, dave, opensAt, terms } = world
  const heldUntil = opensAt + HOUR
  const changes = { heldUntil, supply: 2, requiredWitnesses: COUNTER }
  await book.createCampaign('Lunch, Saturday', { ...terms, ...changes }, '')
  const shard: Shard = { index: 0n, holders: [alice.address, bob.address] }
  const standby: Shard = { index: STANDBY, holders: [carol.address, dave.address] }
  await book.issue(1, shard.holders)
  await book.issueStandby(1, standby.holders)
  await connection.networkHelpers.time.increaseTo(heldUntil)
  return {
    ...world,
    campaignId: 1n,
    shard,
    root: rootOf(shard),
    standby,
    standbyRoot: rootOf(standby),
    observedAt: opensAt,
  }
}

function holdersOf({ count, from }: { count: number; from: number }): string[] {
  return Array.from({ length: count }, (_, i) =>
    getAddress(dataSlice(id(`holder ${from + i}`), 12)),
  )
}

/** Where the seat's coupon stands. */
function statusOf({ book }: Pick<World, 'book'>, { shard, seat }: { shard: Shard; seat: number }) {
  const serial = (shard.index << 8n) | BigInt(seat)
  return book.statusOf(1, serial, shard.holders[seat]!, packedProof(proofOf({ shard, seat })))
}

describe('CouponBook, reallot', () => {
  it('reverts when the sender is not a manager', async () => {
    const { book, guardian, stranger, alice, root, bob } =
      await networkHelpers.loadFixture(plannedCampaign)
    for (const sender of [guardian, stranger, alice]) {
      await expect(book.connect(sender).reallot(1, root, [0], [bob], ''))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(sender.address, await book.MANAGER_ROLE())
    }
  })

  it('reverts when there is not one holder for each coupon', async () => {
    const { book, root, bob } = await networkHelpers.loadFixture(plannedCampaign)
    for (const { serials, holders } of [
      { serials: [0], holders: [] },
      { serials: [], holders: [bob] },
      { serials: [0, 1], holders: [bob] },
      { serials: [0], holders: [bob, bob] },
    ]) {
      await expect(book.reallot(1, root, serials, holders, ''))
        .to.be.revertedWithCustomError(book, 'ListsDiffer')
        .withArgs(serials.length, holders.length)
    }
  })

  it('reverts when there is no such campaign', async () => {
    const { book, root, bob } = await networkHelpers.loadFixture(plannedCampaign)
    for (const unknown of [0n, 2n, 2n ** 256n - 1n]) {
      await expect(book.reallot(unknown, root, [0], [bob], ''))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(unknown)
    }
  })

  it('reverts when both lists are empty', async () => {
    const { book, root } = await networkHelpers.loadFixture(plannedCampaign)
    await expect(book.reallot(1, root, [], [], ''))
      .to.be.revertedWithCustomError(book, 'EmptyList')
      .withArgs()
  })

  it('reverts when the lists are longer than a shard', async () => {
    const { book, root } = await networkHelpers.loadFixture(fullCampaign)
    const serials = Array.from({ length: 256 }, (_, seat) => seat)
    await expect(book.reallot(1, root, serials, holdersOf({ count: 256, from: 500 }), '', plenty))
      .to.be.revertedWithCustomError(book, 'ListTooLong')
      .withArgs(256, 255)
  })

  it('replaces a whole shard of 255 of a supply that is all issued', async () => {
    const { book, root, shard } = await networkHelpers.loadFixture(fullCampaign)
    const serials = Array.from({ length: 255 }, (_, seat) => seat)
    const holders = holdersOf({ count: 255, from: 500 })
    await expect(book.reallot(1, root, serials, holders, '', plenty))
      .to.emit(book, 'CouponReallotted')
      .withArgs(1, 254, (1 << 8) | 254)
    const instead = { index: 1n, holders }
    expect(await book.ledger(1, [root, rootOf(instead)])).to.deep.equal([510n, 0n, 255n, 255n])
    expect(await book.supplyLeft(1)).to.equal(0)
    expect(await statusOf({ book }, { shard, seat: 254 })).to.equal(REVOKED)
    expect(await statusOf({ book }, { shard: instead, seat: 254 })).to.equal(UNUSED)
  })

  describe('the time', () => {
    it('is up to the last second of the window', async () => {
      const { book, root, bob, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
      await time.setNextBlockTimestamp(closesAt - 1)
      await expect(book.reallot(1, root, [0], [bob], '', gas)).to.emit(book, 'CouponReallotted')
    })

    it('is over at closesAt, when nothing can be issued, and nothing is revoked either', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      const { book, root, shard, bob, closesAt } = world
      await time.setNextBlockTimestamp(closesAt)
      await expect(book.reallot(1, root, [0], [bob], '', gas))
        .to.be.revertedWithCustomError(book, 'CampaignHasClosed')
        .withArgs(closesAt, closesAt)
      expect(await statusOf(world, { shard, seat: 0 })).to.equal(UNUSED)
    })

    it('reverts when the grace is over', async () => {
      const { book, root, bob, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
      await time.setNextBlockTimestamp(closesAt + DAY)
      await expect(book.reallot(1, root, [0], [bob], '', gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(closesAt + DAY, closesAt + DAY)
    })
  })

  describe('when one of the coupons cannot be replaced', () => {
    /** Seat 3 was redeemed and seat 2 revoked; there is a second shard, of bob. */
    async function usedCampaign(connection: NetworkConnection) {
      const world = await openCampaign(connection)
      const { book, alice, bob, root } = world
      await redeem({ book, as: alice, visit: await visit(world, { seat: 3 }) })
      await book.revoke(1, root, [2], '')
      await book.issue(1, [bob])
      return { ...world, second: rootOf({ index: 1n, holders: [bob.address] }) }
    }

    const bad = [
      { name: 'was redeemed', serial: 3n, error: 'CouponAlreadyRedeemed', facts: [1, 3] },
      { name: 'was revoked', serial: 2n, error: 'CouponIsRevoked', facts: [1, 2] },
      { name: 'stands in the list twice', serial: 0n, error: 'CouponIsRevoked', facts: [1, 0] },
      { name: 'never was', serial: 5n, error: 'CouponAlreadyRedeemed', facts: [1, 5] },
      { name: 'is of another shard', serial: 256n, error: 'UnknownShard', facts: [1, 1] },
      { name: 'is of no shard', serial: 2n ** 255n, error: 'UnknownShard', facts: [1, 2n ** 247n] },
    ]
    for (const { name, serial, error, facts } of bad) {
      it(`reverts as a whole: it ${name}`, async () => {
        const world = await networkHelpers.loadFixture(usedCampaign)
        const { book, bob, root, second, shard } = world
        const expected = error === 'UnknownShard' ? [...facts, root] : facts
        for (const serials of [
          [0n, serial],
          [0n, serial, 1n],
        ]) {
          const holders = serials.map(() => bob)
          await expect(book.reallot(1, root, serials, holders, ''))
            .to.be.revertedWithCustomError(book, error)
            .withArgs(...expected)
        }
        expect(await statusOf(world, { shard, seat: 0 })).to.equal(UNUSED)
        expect(await book.shardCount(1)).to.equal(2)
        expect(await book.ledger(1, [root, second])).to.deep.equal([6n, 1n, 1n, 4n])
      })
    }

    it('reverts when the root is of another shard, or of none', async () => {
      const { book, bob, second } = await networkHelpers.loadFixture(usedCampaign)
      for (const other of [second, ZeroHash]) {
        await expect(book.reallot(1, other, [0], [bob], ''))
          .to.be.revertedWithCustomError(book, 'UnknownShard')
          .withArgs(1, 0, other)
      }
    })
  })

  it('reverts as a whole when one of the new holders is no address', async () => {
    const world = await networkHelpers.loadFixture(plannedCampaign)
    const { book, root, shard, bob } = world
    await expect(book.reallot(1, root, [0, 1], [bob, ZeroAddress], ''))
      .to.be.revertedWithCustomError(book, 'HolderInvalid')
      .withArgs(1)
    expect(await statusOf(world, { shard, seat: 0 })).to.equal(UNUSED)
    expect(await book.shardCount(1)).to.equal(1)
  })

  it('tells what was revoked, what was issued, and which for which, in that order', async () => {
    const { book, manager, root, bob, carol } = await networkHelpers.loadFixture(plannedCampaign)
    const theirs = book.connect(manager)
    const [serials, holders] = [
      [3, 0],
      [bob, carol],
    ]
    expect(await theirs.reallot.staticCall(1, root, serials, holders, 'swapped')).to.equal(1)
    const sent = await theirs.reallot(1, root, serials, holders, 'swapped')
    const logs = (await sent.wait())!.logs.map((log) => book.interface.parseLog(log)!)
    expect(logs.map(({ name, args }) => [name, ...args.toArray(true)])).to.deep.equal([
      ['CouponRevoked', 1n, 3n, 'swapped'],
      ['CouponRevoked', 1n, 0n, 'swapped'],
      ['Issued', 1n, 1n, [bob.address, carol.address]],
      ['CouponReallotted', 1n, 3n, 256n],
      ['CouponReallotted', 1n, 0n, 257n],
    ])
  })

  it('takes the coupon from one holder, and the other can use the new one', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, alice, stranger, root, shard } = world
    await book.reallot(1, root, [0], [stranger], 'gave it away')
    const instead: Shard = { index: 1n, holders: [stranger.address] }
    expect(await statusOf(world, { shard, seat: 0 })).to.equal(REVOKED)
    expect(await statusOf(world, { shard: instead, seat: 0 })).to.equal(UNUSED)

    await expect(redeem({ book, as: alice, visit: await visit(world) }))
      .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
      .withArgs(1, 0)
    await expect(redeem({ book, as: stranger, visit: await visit(world, { shard: instead }) }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, 256, stranger.address, 1)
    await expect(redeem({ book, as: alice, visit: await visit(world, { seat: 3 }) }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, 3, alice.address, 1)
  })

  it('may go to somebody who has one, to the same holder, and on and on', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, alice, bob, root } = world
    await book.reallot(1, root, [0, 3], [alice, bob], '')
    const second: Shard = { index: 1n, holders: [alice.address, bob.address] }
    await expect(book.reallot(1, rootOf(second), [257, 256], [bob, bob], ''))
      .to.emit(book, 'CouponReallotted')
      .withArgs(1, 257, 512)
    const third: Shard = { index: 2n, holders: [bob.address, bob.address] }
    expect(await statusOf(world, { shard: second, seat: 0 })).to.equal(REVOKED)
    for (const seat of [0, 1]) {
      const his = await visit(world, { shard: third, seat })
      await expect(redeem({ book, as: bob, visit: his })).to.emit(book, 'CouponRedeemed')
    }
    expect(await book.ledger(1, [root, rootOf(second), rootOf(third)])).to.deep.equal([
      9n,
      2n,
      4n,
      3n,
    ])
  })

  it('changes nothing of the supply, nor of what is unused', async () => {
    const { book, root, bob, carol, terms } = await networkHelpers.loadFixture(plannedCampaign)
    await book.changeTerms(1, { ...terms, supply: 5 })
    expect(await book.supplyLeft(1)).to.equal(0)
    await book.reallot(1, root, [0, 4], [bob, carol], '')
    expect(await book.supplyLeft(1)).to.equal(0)
    const instead = { index: 1n, holders: [bob.address, carol.address] }
    expect(await book.ledger(1, [root, rootOf(instead)])).to.deep.equal([7n, 0n, 2n, 5n])
    const { issued, revoked, shards, leftForAll } = await book.countersOf(1)
    expect([issued, revoked, shards, leftForAll]).to.deep.equal([7n, 2n, 2n, 0n])
  })

  describe('given the coupons are standby coupons', () => {
    it('gives standby coupons instead, which touch no supply', async () => {
      const world = await networkHelpers.loadFixture(standbyCampaign)
      const { book, root, standby, standbyRoot, stranger } = world
      const replaced = (STANDBY << 8n) + 1n
      const sent = book.reallot(1, standbyRoot, [replaced], [stranger], 'left early')
      await expect(sent).to.emit(book, 'CouponRevoked').withArgs(1, replaced, 'left early')
      await expect(sent)
        .to.emit(book, 'Issued')
        .withArgs(1, STANDBY + 1n, [stranger.address])
      await expect(sent)
        .to.emit(book, 'CouponReallotted')
        .withArgs(1, replaced, (STANDBY + 1n) << 8n)
      const instead = { index: STANDBY + 1n, holders: [stranger.address] }
      expect(await statusOf(world, { shard: standby, seat: 1 })).to.equal(REVOKED)
      expect(await statusOf(world, { shard: instead, seat: 0 })).to.equal(UNUSED)

      const counters = await book.countersOf(1)
      expect(counters.standbyIssued).to.equal(3)
      expect(counters.standbyRevoked).to.equal(1)
      expect(counters.standbyShards).to.equal(2)
      expect([counters.issued, counters.revoked, counters.shards]).to.deep.equal([2n, 0n, 1n])
      expect(counters.leftForAll).to.equal(0)
      expect(await book.ledger(1, [root])).to.deep.equal([5n, 0n, 1n, 4n])
    })

    it('lets the new holder have what is left, as the old one could', async () => {
      const world = await networkHelpers.loadFixture(standbyCampaign)
      const { book, carol, stranger, desk, root, standbyRoot, standby, closesAt } = world
      await book.reallot(1, standbyRoot, [STANDBY << 8n], [stranger], '')
      await book.release(1, [root])
      const options = { by: [desk], presence: { validUntil: closesAt } }
      const instead = { index: STANDBY + 1n, holders: [stranger.address] }
      await expect(
        redeem({ book, as: carol, visit: await visit(world, { ...options, shard: standby }) }),
      )
        .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
        .withArgs(1, STANDBY << 8n)
      await expect(
        redeem({ book, as: stranger, visit: await visit(world, { ...options, shard: instead }) }),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, (STANDBY + 1n) << 8n, stranger.address, 1)
    })

    it('does not mix them with others', async () => {
      const { book, root, standbyRoot, bob } = await networkHelpers.loadFixture(standbyCampaign)
      for (const { serials, of, shard } of [
        { serials: [0n, STANDBY << 8n], of: root, shard: STANDBY },
        { serials: [STANDBY << 8n, 0n], of: standbyRoot, shard: 0n },
      ]) {
        await expect(book.reallot(1, of, serials, [bob, bob], ''))
          .to.be.revertedWithCustomError(book, 'UnknownShard')
          .withArgs(1, shard, of)
      }
    })
  })

  describe('in one block with a redemption and a revocation of the same coupon', () => {
    const orders = [
      ['redeem', 'revoke', 'reallot'],
      ['redeem', 'reallot', 'revoke'],
      ['revoke', 'redeem', 'reallot'],
      ['revoke', 'reallot', 'redeem'],
      ['reallot', 'redeem', 'revoke'],
      ['reallot', 'revoke', 'redeem'],
    ] as const

    for (const order of orders) {
      it(`only the first of ${order.join(', ')} has its way`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const { book, alice, bob, manager, organiser, root, shard } = world
        const { site, statements, proof } = await visit(world)
        type Fee = { gasLimit: number; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }
        const send = {
          redeem: (fee: Fee) =>
            book.connect(alice).redeem(1, 0, statements, site, packedProof(proof), fee),
          revoke: (fee: Fee) => book.connect(manager).revoke(1, root, [0], '', fee),
          reallot: (fee: Fee) => book.connect(organiser).reallot(1, root, [0], [bob], '', fee),
        }

        await ethers.provider.send('evm_setAutomine', [false])
        const hashes: string[] = []
        try {
          for (const [i, name] of order.entries()) {
            // Who pays more comes first.
            const maxPriorityFeePerGas = parseUnits(String(3 - i), 'gwei')
            const maxFeePerGas = parseUnits('100', 'gwei')
            const { hash } = await send[name]({ ...gas, maxFeePerGas, maxPriorityFeePerGas })
            hashes.push(hash)
          }
          await networkHelpers.mine()
        } finally {
          await ethers.provider.send('evm_setAutomine', [true])
        }
        const block = await ethers.provider.getBlock('latest')
        expect(block!.transactions).to.deep.equal(hashes)
        const receipts = await Promise.all(
          hashes.map((hash) => ethers.provider.getTransactionReceipt(hash)),
        )
        expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([1, 0, 0])

        const isReallotted = order[0] === 'reallot'
        const isRedeemed = order[0] === 'redeem'
        expect(await statusOf(world, { shard, seat: 0 })).to.equal(isRedeemed ? REDEEMED : REVOKED)
        const roots = isReallotted ? [root, rootOf({ index: 1n, holders: [bob.address] })] : [root]
        const expected = {
          redeem: [5n, 1n, 0n, 4n],
          revoke: [5n, 0n, 1n, 4n],
          reallot: [6n, 0n, 1n, 5n],
        }
        expect(await book.ledger(1, roots)).to.deep.equal(expected[order[0]])
      })
    }
  })
})
