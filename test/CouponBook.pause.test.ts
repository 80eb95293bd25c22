import { expect } from 'chai'
import { ZeroHash } from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

import {
  chain,
  COUNTER,
  DAY,
  emptyBook,
  gas,
  HOUR,
  MINUTE,
  redeem,
  redeemFor,
  visit,
  YEAR_2100,
} from './book-fixture.ts'
import { packedProof, proofOf, rootOf, serialAt, type Shard } from './shard-reference.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const ADMIN = ZeroHash
const STANDBY = 2n ** 31n
const UNUSED = 1n

/**
 * Campaign 1 opens in a day, for two hours and a day of grace, and holds coupons for the first hour. Alice and bob have
 * a coupon, carol waits on standby. The desk vouches, whose statements may live as long as they like.
 */
async function heldCampaign(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  const { book, alice, bob, carol, opensAt, closesAt } = world
  const heldUntil = opensAt + HOUR
  const terms = { ...world.terms, heldUntil, requiredWitnesses: COUNTER }
  await book.createCampaign('Lunch, Saturday', terms, '')
  const shard = { index: 0n, holders: [alice.address, bob.address] }
  const standby = { index: STANDBY, holders: [carol.address] }
  await book.issue(1, shard.holders)
  await book.issueStandby(1, standby.holders)
  return {
    ...world,
    terms,
    heldUntil,
    endsAt: closesAt + terms.grace,
    campaignId: 1n,
    shard,
    root: rootOf(shard),
    standby,
    observedAt: opensAt,
  }
}

/** The same, paused ten minutes after it opened. */
async function pausedCampaign(connection: NetworkConnection) {
  const world = await heldCampaign(connection)
  const since = world.opensAt + 10 * MINUTE
  await connection.networkHelpers.time.setNextBlockTimestamp(since)
  await world.book.connect(world.guardian).pause(1, gas)
  return { ...world, since }
}

type World = Awaited<ReturnType<typeof heldCampaign>>
type Span = { from: number; to: number }
type Terms = World['terms']

/** What the seat's holder brings: the desk's word that they were there at `observedAt`, which stays good for long. */
function bring(
  world: World,
  {
    observedAt = world.opensAt,
    ...seat
  }: { seat?: number; shard?: Shard; observedAt?: number } = {},
) {
  const presence = { observedAt, validUntil: world.endsAt + 30 * DAY }
  return visit(world, { ...seat, by: [world.desk], presence })
}

async function pauseFor({ book }: World, { from, to }: Span) {
  await time.setNextBlockTimestamp(from)
  await book.pause(1, gas)
  await time.setNextBlockTimestamp(to)
  return book.resume(1, gas)
}

/** Terms as the contract gives them back. */
function inWords(terms: Terms) {
  return Object.values(terms).map((value) => (typeof value === 'number' ? BigInt(value) : value))
}

describe('CouponBook, pause', () => {
  describe('pause', () => {
    it('reverts when the sender is neither admin nor guardian', async () => {
      const { book, manager, stranger, alice } = await networkHelpers.loadFixture(heldCampaign)
      for (const sender of [manager, stranger, alice]) {
        await expect(book.connect(sender).pause(1))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(sender.address, await book.GUARDIAN_ROLE())
      }
    })

    it('reverts when there is no such campaign', async () => {
      const { book, guardian } = await networkHelpers.loadFixture(heldCampaign)
      for (const unknown of [0n, 2n, 2n ** 256n - 1n]) {
        await expect(book.connect(guardian).pause(unknown))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })

    for (const name of ['organiser', 'guardian'] as const) {
      it(`stops the campaign for the ${name}, tells, and changes no term`, async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, opensAt, terms } = world
        expect(await book.pausedAt(1)).to.equal(0)
        await time.setNextBlockTimestamp(opensAt)
        await expect(book.connect(world[name]).pause(1, gas))
          .to.emit(book, 'CampaignPaused')
          .withArgs(1)
        expect(await book.pausedAt(1)).to.equal(opensAt)
        expect(await book.campaign(1)).to.deep.equal(inWords(terms))
      })
    }

    it('reverts when it is paused, and says since when', async () => {
      const { book, guardian, organiser, since } = await networkHelpers.loadFixture(pausedCampaign)
      for (const sender of [organiser, guardian]) {
        await expect(book.connect(sender).pause(1))
          .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
          .withArgs(1, since)
      }
      expect(await book.pausedAt(1)).to.equal(since)
    })

    it('works before the window, and in the last second of the grace', async () => {
      const { book, endsAt } = await networkHelpers.loadFixture(heldCampaign)
      await expect(book.pause(1)).to.emit(book, 'CampaignPaused')
      await book.resume(1)
      await time.setNextBlockTimestamp(endsAt - 1)
      await expect(book.pause(1, gas)).to.emit(book, 'CampaignPaused')
    })

    it('reverts when the grace is over', async () => {
      const { book, endsAt } = await networkHelpers.loadFixture(heldCampaign)
      await time.setNextBlockTimestamp(endsAt)
      await expect(book.pause(1, gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endsAt, endsAt)
    })

    it('stops that campaign alone', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, guardian, alice, terms, shard, opensAt } = world
      await book.createCampaign('Dinner, Saturday', terms, '')
      await book.issue(2, shard.holders)
      await book.connect(guardian).pause(2)
      await time.increaseTo(opensAt)
      expect(await book.pausedAt(1)).to.equal(0)
      await expect(redeem({ book, as: alice, visit: await bring(world) })).to.emit(
        book,
        'CouponRedeemed',
      )
      const dinner = await bring({ ...world, campaignId: 2n })
      await expect(redeem({ book, as: alice, visit: dinner }))
        .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
        .withArgs(2, await book.pausedAt(2))
    })
  })

  describe('given the campaign is paused', () => {
    it('refuses every redemption, however it comes and whoever sends it', async () => {
      const world = await networkHelpers.loadFixture(pausedCampaign)
      const { book, alice, stranger, organiser, guardian, now, since } = world
      const brought = await bring(world)
      // A sender that vouches itself.
      await book.addWitness({
        key: guardian,
        classes: COUNTER,
        site: 0,
        validFrom: 0,
        validUntil: now + 90 * DAY,
      })
      const isPaused = [book, 'CampaignIsPaused'] as const
      await expect(redeem({ book, as: alice, visit: brought }))
        .to.be.revertedWithCustomError(...isPaused)
        .withArgs(1, since)
      for (const as of [stranger, organiser, guardian]) {
        await expect(redeemFor(world, { visit: brought, as, signer: alice }))
          .to.be.revertedWithCustomError(...isPaused)
          .withArgs(1, since)
        await expect(book.connect(as).redeemBatch(1, 1, '0x00', [], gas))
          .to.be.revertedWithCustomError(...isPaused)
          .withArgs(1, since)
      }
      const { statements, proof } = brought
      expect(await book.canRedeem(1, 0, statements, 1, packedProof(proof), alice)).to.deep.equal([
        false,
        book.interface.encodeErrorResult('CampaignIsPaused', [1, since]),
      ])
    })

    it('says so before opening and after the end, too', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, alice, endsAt } = world
      await book.pause(1)
      const since = await time.latest()
      const brought = await bring(world)
      await expect(redeem({ book, as: alice, visit: brought }))
        .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
        .withArgs(1, since)
      await time.setNextBlockTimestamp(endsAt)
      await expect(redeem({ book, as: alice, visit: brought }))
        .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
        .withArgs(1, since)
    })

    it('refuses changeTerms, release and close', async () => {
      const { book, terms, root, heldUntil, endsAt, since } =
        await networkHelpers.loadFixture(pausedCampaign)
      const isPaused = [book, 'CampaignIsPaused'] as const
      for (const changed of [terms, { ...terms, closesAt: terms.closesAt + HOUR }]) {
        await expect(book.changeTerms(1, changed))
          .to.be.revertedWithCustomError(...isPaused)
          .withArgs(1, since)
      }
      await time.increaseTo(heldUntil)
      await expect(book.release(1, [root]))
        .to.be.revertedWithCustomError(...isPaused)
        .withArgs(1, since)
      await time.increaseTo(endsAt)
      for (const roots of [[], [root]]) {
        await expect(book.close(1, roots))
          .to.be.revertedWithCustomError(...isPaused)
          .withArgs(1, since)
      }
    })

    it('goes on issuing, revoking and re-allotting', async () => {
      const world = await networkHelpers.loadFixture(pausedCampaign)
      const { book, root, bob, carol } = world
      await expect(book.issue(1, [carol]))
        .to.emit(book, 'Issued')
        .withArgs(1, 1, [carol.address])
      await expect(book.issueStandby(1, [bob]))
        .to.emit(book, 'Issued')
        .withArgs(1, STANDBY + 1n, [bob.address])
      await expect(book.revoke(1, root, [0], ''))
        .to.emit(book, 'CouponRevoked')
        .withArgs(1, 0, '')
      await expect(book.reallot(1, root, [1], [carol], ''))
        .to.emit(book, 'CouponReallotted')
        .withArgs(1, 1, 2 << 8)
    })

    it('issues and revokes in the times it had, and in those it has once it is resumed', async () => {
      const { book, alice, root, closesAt, endsAt, since } =
        await networkHelpers.loadFixture(pausedCampaign)
      await time.setNextBlockTimestamp(closesAt - 1)
      await expect(book.issue(1, [alice], gas)).to.emit(book, 'Issued')
      await expect(book.issue(1, [alice], gas))
        .to.be.revertedWithCustomError(book, 'CampaignHasClosed')
        .withArgs(closesAt, closesAt)
      await time.setNextBlockTimestamp(endsAt)
      await expect(book.revoke(1, root, [0], '', gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endsAt, endsAt)
      await time.setNextBlockTimestamp(endsAt + 1)
      await book.resume(1, gas)
      const lost = endsAt + 1 - since
      await time.setNextBlockTimestamp(closesAt + lost - 1)
      await expect(book.issue(1, [alice], gas)).to.emit(book, 'Issued')
      await time.setNextBlockTimestamp(endsAt + lost - 1)
      await expect(book.revoke(1, root, [0], '', gas)).to.emit(book, 'CouponRevoked')
    })

    it('answers every question', async () => {
      const { book, alice, shard, root, terms } = await networkHelpers.loadFixture(pausedCampaign)
      const proof = packedProof(proofOf({ shard, seat: 0 }))
      expect(await book.campaign(1)).to.deep.equal(inWords(terms))
      expect(await book.statusOf(1, 0, alice, proof)).to.equal(UNUSED)
      expect(await book.isIssued(1, 0, alice, proof)).to.equal(true)
      expect(await book.ledger(1, [root])).to.deep.equal([3n, 0n, 0n, 3n])
      expect(await book.supplyLeft(1)).to.equal(998)
      expect(await book.shardCount(1)).to.equal(1)
      expect((await book.countersOf(1)).leftForAll).to.equal(998)
      expect(await book.seatsOf(1, 0, root)).to.deep.equal([2n ** 256n - 4n, 0n])
    })
  })

  describe('pausedAt', () => {
    it('reverts when there is no such campaign', async () => {
      const { book } = await networkHelpers.loadFixture(heldCampaign)
      for (const unknown of [0, 2]) {
        await expect(book.pausedAt(unknown))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })
  })

  describe('resume', () => {
    it('reverts when the sender is not the admin, though it be a guardian', async () => {
      const { book, manager, guardian, stranger, alice } =
        await networkHelpers.loadFixture(pausedCampaign)
      for (const sender of [manager, guardian, stranger, alice]) {
        await expect(book.connect(sender).resume(1))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(sender.address, ADMIN)
      }
    })

    it('reverts when there is no such campaign', async () => {
      const { book } = await networkHelpers.loadFixture(pausedCampaign)
      for (const unknown of [0, 2]) {
        await expect(book.resume(unknown))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })

    it('reverts when the campaign is not paused, or no more', async () => {
      const { book } = await networkHelpers.loadFixture(heldCampaign)
      const expectRefusal = () =>
        expect(book.resume(1)).to.be.revertedWithCustomError(book, 'CampaignNotPaused').withArgs(1)
      await expectRefusal()
      await book.pause(1)
      await book.resume(1)
      await expectRefusal()
    })

    it('reverts when the campaign is over and was never paused', async () => {
      const { book, endsAt } = await networkHelpers.loadFixture(heldCampaign)
      await time.increaseTo(endsAt)
      await expect(book.resume(1)).to.be.revertedWithCustomError(book, 'CampaignNotPaused')
    })

    it('lets redemptions go on, and allows the next pause', async () => {
      const world = await networkHelpers.loadFixture(pausedCampaign)
      const { book, alice, since } = world
      await expect(book.resume(1)).to.emit(book, 'CampaignResumed')
      expect(await book.pausedAt(1)).to.equal(0)
      await expect(redeem({ book, as: alice, visit: await bring(world) })).to.emit(
        book,
        'CouponRedeemed',
      )
      await book.connect(world.guardian).pause(1)
      expect(await book.pausedAt(1)).to.be.above(since)
    })
  })

  describe('the time that was lost', () => {
    // Seconds from opensAt: heldUntil is at an hour, closesAt at two, the end at a day and two hours.
    const [HELD, CLOSES, ENDS] = [HOUR, 2 * HOUR, DAY + 2 * HOUR]
    // When it is paused and resumed, and what heldUntil, closesAt and grace gain.
    const rows: [string, number, number, number, number, number][] = [
      ['before it opens, and resumed before', -2 * HOUR, -HOUR, 0, 0, 0],
      ['before it opens, and resumed a second before', -HOUR, -1, 0, 0, 0],
      ['before it opens, and resumed as it opens', -HOUR, 0, 0, 0, 0],
      ['before it opens, and resumed a second after', -HOUR, 1, 1, 1, 0],
      ['before it opens, and resumed after heldUntil', -1, HELD + 60, HELD + 60, HELD + 60, 0],
      ['before it opens, and resumed after closesAt', -1, CLOSES + 60, CLOSES + 60, CLOSES + 60, 0],
      ['before it opens, and resumed after the end', -1, ENDS + 60, ENDS + 60, ENDS + 60, 0],
      ['as it opens', 0, 60, 60, 60, 0],
      ['and resumed before heldUntil', 60, 600, 540, 540, 0],
      ['a second before heldUntil, and resumed at it', HELD - 1, HELD, 1, 1, 0],
      ['before heldUntil, and resumed after it', HELD - 60, HELD + 60, 120, 120, 0],
      [
        'before heldUntil, and resumed after closesAt',
        HELD - 60,
        CLOSES + 60,
        HOUR + 120,
        HOUR + 120,
        0,
      ],
      [
        'before heldUntil, and resumed after the end',
        HELD - 60,
        ENDS + 60,
        DAY + HOUR + 120,
        DAY + HOUR + 120,
        0,
      ],
      ['at heldUntil', HELD, HELD + 60, 0, 60, 0],
      ['after heldUntil, and resumed before closesAt', HELD + 60, HELD + 600, 0, 540, 0],
      ['a second before closesAt, and resumed at it', CLOSES - 1, CLOSES, 0, 1, 0],
      ['before closesAt, and resumed after it', CLOSES - 60, CLOSES + 60, 0, 120, 0],
      ['before closesAt, and resumed after the end', CLOSES - 60, ENDS + 60, 0, DAY + 120, 0],
      ['at closesAt', CLOSES, CLOSES + 60, 0, 0, 60],
      ['in the grace, and resumed in it', CLOSES + 60, CLOSES + 600, 0, 0, 540],
      ['in the last second of the grace, and resumed at its end', ENDS - 1, ENDS, 0, 0, 1],
      [
        'in the last second of the grace, and resumed weeks later',
        ENDS - 1,
        ENDS + 40 * DAY,
        0,
        0,
        40 * DAY + 1,
      ],
    ]
    for (const [name, from, to, held, closes, grace] of rows) {
      it(`is given back where it is paused ${name}`, async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, terms, opensAt, endsAt } = world
        const expected = {
          ...terms,
          heldUntil: terms.heldUntil + held,
          closesAt: terms.closesAt + closes,
          grace: terms.grace + grace,
        }
        const span = { from: opensAt + from, to: opensAt + to }
        await expect(pauseFor(world, span))
          .to.emit(book, 'CampaignResumed')
          .withArgs(1, inWords(expected))
        expect(await book.campaign(1)).to.deep.equal(inWords(expected))

        // What was left to live when it stopped, or opened, is left again.
        const leftBefore = endsAt - Math.max(span.from, opensAt)
        const leftAfter = expected.closesAt + expected.grace - Math.max(span.to, opensAt)
        expect(leftAfter).to.equal(leftBefore)
      })
    }

    for (const { name, heldFor } of [
      { name: 'there is none', heldFor: undefined },
      { name: 'it is opensAt itself', heldFor: 0 },
    ]) {
      it(`moves no heldUntil where ${name}`, async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, opensAt } = world
        const heldUntil = heldFor === undefined ? 0 : opensAt + heldFor
        const terms = { ...world.terms, heldUntil }
        await book.createCampaign('Dinner, Saturday', terms, '')
        await book.pause(2)
        await time.setNextBlockTimestamp(opensAt + HOUR)
        await book.resume(2, gas)
        expect(await book.campaign(2)).to.deep.equal(
          inWords({ ...terms, closesAt: terms.closesAt + HOUR }),
        )
      })
    }

    it('adds up over several pauses', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, terms, opensAt, heldUntil, closesAt } = world
      await pauseFor(world, { from: opensAt + 60, to: opensAt + 90 })
      await pauseFor(world, { from: heldUntil + 30, to: heldUntil + 100 }) // at the moved heldUntil
      await pauseFor(world, { from: closesAt + 99, to: closesAt + 199 }) // in the last added second
      await pauseFor(world, { from: closesAt + 200, to: closesAt + 1_200 })
      expect(await book.campaign(1)).to.deep.equal(
        inWords({
          ...terms,
          heldUntil: heldUntil + 30,
          closesAt: closesAt + 30 + 70 + 100,
          grace: terms.grace + 1_000,
        }),
      )
    })

    it('is nothing where it is resumed in the same second', async () => {
      const { book, organiser, terms, opensAt, closesAt } =
        await networkHelpers.loadFixture(heldCampaign)
      const both = [
        book.interface.encodeFunctionData('pause', [1]),
        book.interface.encodeFunctionData('resume', [1]),
      ]
      for (const at of [opensAt - 1, opensAt, opensAt + HOUR, closesAt - 1, closesAt]) {
        await time.setNextBlockTimestamp(at)
        const sent = book.connect(organiser).multicall(both, gas)
        await expect(sent).to.emit(book, 'CampaignPaused').withArgs(1)
        await expect(sent).to.emit(book, 'CampaignResumed').withArgs(1, inWords(terms))
        expect(await book.pausedAt(1)).to.equal(0)
        expect(await book.campaign(1)).to.deep.equal(inWords(terms))
      }
    })

    describe('given it was lost inside the window', () => {
      const lost = 3 * HOUR

      async function longer(connection: NetworkConnection) {
        const world = await heldCampaign(connection)
        const from = world.opensAt + 10 * MINUTE
        await pauseFor(world, { from, to: from + lost })
        return { ...world, from }
      }

      it('counts what was observed up to the last second of the added time', async () => {
        const world = await networkHelpers.loadFixture(longer)
        const { book, alice, bob, opensAt, closesAt } = world
        const last = closesAt + lost - 1
        await time.setNextBlockTimestamp(last)
        await expect(
          redeem({ book, as: alice, visit: await bring(world, { observedAt: last }) }),
        ).to.emit(book, 'CouponRedeemed')
        await time.setNextBlockTimestamp(last + 1)
        await expect(
          redeem({ book, as: bob, visit: await bring(world, { seat: 1, observedAt: last + 1 }) }),
        )
          .to.be.revertedWithCustomError(book, 'ObservedOutsideWindow')
          .withArgs(last + 1, opensAt, last + 1)
      })

      it('counts what was observed before the pause and during it', async () => {
        const world = await networkHelpers.loadFixture(longer)
        const { book, alice, bob, from } = world
        const before = await bring(world, { observedAt: from - 1 })
        await expect(redeem({ book, as: alice, visit: before })).to.emit(book, 'CouponRedeemed')
        const during = await bring(world, { seat: 1, observedAt: from + lost - 1 })
        await expect(redeem({ book, as: bob, visit: during })).to.emit(book, 'CouponRedeemed')
      })

      it('lets a witness vouch as the sender up to the last second of the added time', async () => {
        const world = await networkHelpers.loadFixture(longer)
        const { book, alice, bob, stranger, now, closesAt } = world
        await book.addWitness({
          key: stranger,
          classes: COUNTER,
          site: 0,
          validFrom: 0,
          validUntil: now + 90 * DAY,
        })
        const deadline = closesAt + DAY
        const last = closesAt + lost - 1
        const bare = [
          { signer: alice, at: last, visit: await visit(world, { seat: 0, by: [] }) },
          { signer: bob, at: last + 1, visit: await visit(world, { seat: 1, by: [] }) },
        ] as const
        await time.setNextBlockTimestamp(bare[0].at)
        await expect(redeemFor(world, { ...bare[0], as: stranger, deadline })).to.emit(
          book,
          'CouponRedeemed',
        )
        await time.setNextBlockTimestamp(bare[1].at)
        await expect(redeemFor(world, { ...bare[1], as: stranger, deadline }))
          .to.be.revertedWithCustomError(book, 'PresenceMissing')
          .withArgs(COUNTER, 0)
      })

      it('lets standby wait for the moved heldUntil, and release too', async () => {
        const world = await networkHelpers.loadFixture(longer)
        const { book, carol, standby, root, heldUntil } = world
        const moved = heldUntil + lost
        const brought = await bring(world, { shard: standby })
        await time.setNextBlockTimestamp(moved - 1)
        await expect(redeem({ book, as: carol, visit: brought }))
          .to.be.revertedWithCustomError(book, 'StandbyNotYet')
          .withArgs(moved, moved - 1)
        await time.setNextBlockTimestamp(moved)
        await expect(redeem({ book, as: carol, visit: brought }))
          .to.emit(book, 'CouponRedeemed')
          .withArgs(1, serialAt({ shard: standby, seat: 0 }), carol.address, 1)
        await expect(book.release(1, [root]))
          .to.emit(book, 'UnusedReleased')
          .withArgs(1, 1, 2)
      })

      it('ends, and can be closed, when the moved grace is over', async () => {
        const world = await networkHelpers.loadFixture(longer)
        const { book, alice, bob, root, endsAt } = world
        const moved = endsAt + lost
        await time.setNextBlockTimestamp(moved - 2)
        await expect(book.close(1, [root], gas))
          .to.be.revertedWithCustomError(book, 'CampaignNotOver')
          .withArgs(moved, moved - 2)
        await time.setNextBlockTimestamp(moved - 1)
        await expect(redeem({ book, as: alice, visit: await bring(world) })).to.emit(
          book,
          'CouponRedeemed',
        )
        await time.setNextBlockTimestamp(moved)
        await expect(redeem({ book, as: bob, visit: await bring(world, { seat: 1 }) }))
          .to.be.revertedWithCustomError(book, 'CampaignIsOver')
          .withArgs(moved, moved)
        await expect(book.close(1, [root]))
          .to.emit(book, 'CampaignClosed')
          .withArgs(1, 3, 1, 0, 2)
      })
    })

    it('lengthens the grace alone where it was lost in it: the window stays shut', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, alice, bob, opensAt, closesAt, endsAt } = world
      await pauseFor(world, { from: closesAt + HOUR, to: closesAt + 2 * HOUR })
      const inGrace = await bring(world, { observedAt: closesAt })
      await expect(redeem({ book, as: alice, visit: inGrace }))
        .to.be.revertedWithCustomError(book, 'ObservedOutsideWindow')
        .withArgs(closesAt, opensAt, closesAt)
      await time.setNextBlockTimestamp(endsAt + HOUR - 1)
      await expect(
        redeem({ book, as: alice, visit: await bring(world, { observedAt: closesAt - 1 }) }),
      ).to.emit(book, 'CouponRedeemed')
      await time.setNextBlockTimestamp(endsAt + HOUR)
      await expect(redeem({ book, as: bob, visit: await bring(world, { seat: 1 }) }))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endsAt + HOUR, endsAt + HOUR)
    })
  })

  describe('the organiser', () => {
    it('cannot close the campaign by pausing it, however long', async () => {
      const world = await networkHelpers.loadFixture(pausedCampaign)
      const { book, alice, root, endsAt } = world
      await time.increaseTo(endsAt + 10 * DAY)
      await expect(book.close(1, [root])).to.be.revertedWithCustomError(book, 'CampaignIsPaused')
      await book.resume(1)
      await expect(book.close(1, [root])).to.be.revertedWithCustomError(book, 'CampaignNotOver')
      await expect(redeem({ book, as: alice, visit: await bring(world) })).to.emit(
        book,
        'CouponRedeemed',
      )
    })

    it('cannot take back the time that was given', async () => {
      const { book, terms, opensAt, since } = await networkHelpers.loadFixture(pausedCampaign)
      await time.setNextBlockTimestamp(since + HOUR)
      await book.resume(1, gas)
      const longer = {
        ...terms,
        heldUntil: terms.heldUntil + HOUR,
        closesAt: terms.closesAt + HOUR,
      }
      const now = since + HOUR + 1
      for (const [i, shorter] of [
        terms,
        { ...longer, heldUntil: terms.heldUntil },
        { ...longer, closesAt: longer.closesAt - 1 },
      ].entries()) {
        await time.setNextBlockTimestamp(now + i)
        await expect(book.changeTerms(1, shorter, gas))
          .to.be.revertedWithCustomError(book, 'TermsFrozen')
          .withArgs(opensAt, now + i)
      }
      await expect(book.changeTerms(1, { ...longer, closesAt: longer.closesAt + 1 })).to.emit(
        book,
        'TermsChanged',
      )
    })

    it('cannot keep the terms from freezing by pausing over the opening', async () => {
      const { book, terms, opensAt } = await networkHelpers.loadFixture(heldCampaign)
      await book.pause(1)
      await time.setNextBlockTimestamp(opensAt + HOUR)
      await book.resume(1, gas)
      await time.setNextBlockTimestamp(opensAt + HOUR + 1)
      await expect(book.changeTerms(1, { ...terms, supply: 3 }, gas))
        .to.be.revertedWithCustomError(book, 'TermsFrozen')
        .withArgs(opensAt, opensAt + HOUR + 1)
    })

    it('may change the terms again where it resumes before the opening', async () => {
      const { book, terms } = await networkHelpers.loadFixture(heldCampaign)
      await book.pause(1)
      await book.resume(1)
      await expect(book.changeTerms(1, { ...terms, supply: 3 })).to.emit(book, 'TermsChanged')
      expect(await book.pausedAt(1)).to.equal(0)
    })
  })

  // Last, since a fixture that is made anew begins at the time where the one before it ended.
  describe('a pause of ages', () => {
    const AGES = 2 ** 40 // beyond what 32 bits hold

    for (const { name, beyond, moved } of [
      { name: 'a second before', beyond: -1, moved: -1 },
      { name: 'at', beyond: 0, moved: 0 },
      { name: 'a second after', beyond: 1, moved: 0 },
    ]) {
      it(`moves closesAt no further than the year 2100: where it would be ${name}`, async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, terms, opensAt, heldUntil, closesAt } = world
        const from = opensAt + 60
        const lost = YEAR_2100 - closesAt + beyond
        await pauseFor(world, { from, to: from + lost })
        expect(await book.campaign(1)).to.deep.equal(
          inWords({ ...terms, heldUntil: heldUntil + lost, closesAt: YEAR_2100 + moved }),
        )
      })
    }

    it('moves heldUntil and closesAt to the year 2100 at most, after which all is over', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, alice, terms, root, opensAt } = world
      await expect(pauseFor(world, { from: opensAt + 60, to: AGES }))
        .to.emit(book, 'CampaignResumed')
        .withArgs(1, inWords({ ...terms, heldUntil: YEAR_2100, closesAt: YEAR_2100 }))
      const endedAt = YEAR_2100 + terms.grace
      await expect(redeem({ book, as: alice, visit: await bring(world) }))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endedAt, AGES + 1)
      await expect(book.pause(1)).to.be.revertedWithCustomError(book, 'CampaignIsOver')
      await expect(book.close(1, [root]))
        .to.emit(book, 'CampaignClosed')
        .withArgs(1, 3, 0, 0, 3)
    })

    it('moves closesAt alone where heldUntil was over', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, terms, heldUntil } = world
      await pauseFor(world, { from: heldUntil, to: AGES })
      expect(await book.campaign(1)).to.deep.equal(inWords({ ...terms, closesAt: YEAR_2100 }))
    })

    for (const { name, beyond, moved } of [
      { name: 'one less than', beyond: -1, moved: -1 },
      { name: 'as many as', beyond: 0, moved: 0 },
      { name: 'one more than', beyond: 1, moved: 0 },
      { name: 'far more than', beyond: AGES, moved: 0 },
    ]) {
      it(`lengthens the grace to as many seconds at most as the year 2100 has: ${name} that`, async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, terms, closesAt, root } = world
        const from = closesAt + 60
        const lost = YEAR_2100 - terms.grace + beyond
        await pauseFor(world, { from, to: from + lost })
        expect(await book.campaign(1)).to.deep.equal(
          inWords({ ...terms, grace: YEAR_2100 + moved }),
        )
        const endsAt = closesAt + YEAR_2100 + moved
        await time.setNextBlockTimestamp(Math.max(endsAt, from + lost + 1))
        await expect(book.close(1, [root], gas)).to.emit(book, 'CampaignClosed')
      })
    }

    it('may be followed by another', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, terms, closesAt } = world
      const long = YEAR_2100 - terms.grace
      await pauseFor(world, { from: closesAt, to: closesAt + long })
      await pauseFor(world, { from: closesAt + long + 1, to: AGES })
      expect(await book.campaign(1)).to.deep.equal(inWords({ ...terms, grace: YEAR_2100 }))
    })
  })
})
