import { expect } from 'chai'
import { concat, dataSlice, getAddress, id, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
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
  type Visit,
} from './book-fixture.ts'
import { packedProof, proofOf, rootOf, serialAt, type Shard, shardsOf } from './shard-reference.ts'
import { permit } from './typed-data.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const STANDBY = 2n ** 31n // the number of the first standby shard
const SUPPLY = 7
const LONGEST_LIST = 12_750
const plenty = { gasLimit: 16_000_000 } as const
const [NOT_ISSUED, UNUSED, REDEEMED, REVOKED] = [0n, 1n, 2n, 3n]

/**
 * Campaign 1, not yet open, holds coupons for an hour of two. Of its supply of seven, five are issued, in two shards: to
 * alice, bob and carol, and to dave and alice; two were never issued. Six people wait on standby.
 */
async function heldCampaign(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  const { book, alice, bob, carol, dave, opensAt } = world
  const signers = await connection.ethers.getSigners()
  const heldUntil = opensAt + HOUR
  const terms = { ...world.terms, heldUntil, supply: SUPPLY, requiredWitnesses: COUNTER }
  await book.createCampaign('Lunch, Saturday', terms, '')

  const [first, second, standby]: [Shard, Shard, Shard] = [
    { index: 0n, holders: [alice, bob, carol].map((person) => person.address) },
    { index: 1n, holders: [dave, alice].map((person) => person.address) },
    { index: STANDBY, holders: signers.slice(8, 14).map((person) => person.address) },
  ]
  const roots: [string, string] = [rootOf(first), rootOf(second)]
  await book.issue(1, first.holders)
  await book.issue(1, second.holders)
  await book.issueStandby(1, standby.holders)
  return {
    ...world,
    terms,
    heldUntil,
    endsAt: world.closesAt + terms.grace,
    signers,
    campaignId: 1n,
    shard: first,
    root: roots[0],
    roots,
    first,
    second,
    standby,
    observedAt: opensAt,
  }
}

/** The same, once `heldUntil` is there. */
async function lateCampaign(connection: NetworkConnection) {
  const world = await heldCampaign(connection)
  await connection.networkHelpers.time.increaseTo(world.heldUntil)
  return world
}

/** The same, all that was issued counted. */
async function releasedCampaign(connection: NetworkConnection) {
  const world = await lateCampaign(connection)
  await world.book.release(1, world.roots)
  return world
}

/** A second campaign of the late one's terms, its whole supply issued to alice in two shards, nothing released. */
async function soldOutCampaign(connection: NetworkConnection) {
  const world = await lateCampaign(connection)
  const { book, alice, terms, standby } = world
  await book.createCampaign('Dinner, Saturday', { ...terms, supply: 4 }, '')
  const pair = [alice.address, alice.address]
  await book.issue(2, pair)
  await book.issue(2, pair)
  await book.issueStandby(2, standby.holders)
  const [first, second]: [Shard, Shard] = [
    { index: 0n, holders: pair },
    { index: 1n, holders: pair },
  ]
  const roots: [string, string] = [rootOf(first), rootOf(second)]
  return { ...world, campaignId: 2n, shard: first, root: roots[0], roots, first, second }
}

type World = Awaited<ReturnType<typeof heldCampaign>>
type Seat = { shard: Shard; seat: number }

/** What the seat's holder brings: a statement by the desk that lives as long as the campaign. */
function bring(world: World, seat: Seat): Promise<Visit> {
  const presence = { observedAt: world.opensAt, validUntil: world.endsAt + DAY }
  return visit(world, { ...seat, by: [world.desk], presence })
}

/** Redeems the seat for its holder, in a block at `at` where that is given. */
async function use(world: World, { at, ...seat }: Seat & { at?: number }) {
  const brought = await bring(world, seat)
  const as = world.signers.find(({ address }) => address === brought.holder)!
  if (at !== undefined) await time.setNextBlockTimestamp(at)
  return redeem({ book: world.book, as, visit: brought })
}

/** What `canRedeem` says of the seat in the latest block: nothing, or the error and its facts. */
async function objection(world: World, seat: Seat) {
  const { coupon, site, statements, proof, holder } = await bring(world, seat)
  const [isRedeemable, why] = await world.book.canRedeem(
    coupon.campaignId,
    coupon.serial,
    statements,
    site,
    packedProof(proof),
    holder,
  )
  expect(isRedeemable).to.equal(why === '0x')
  if (isRedeemable) return undefined
  const { name, args } = world.book.interface.parseError(why)!
  return [name, ...args.map(Number)]
}

async function left({ book, campaignId }: World) {
  return Number((await book.countersOf(campaignId)).leftForAll)
}

/** The ledger as [issued, redeemed, revoked, unused]. */
async function ledger({ book, campaignId }: World, roots: string[]) {
  return (await book.ledger(campaignId, roots)).map(Number)
}

function holdersOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => getAddress(dataSlice(id(`holder ${i}`), 12)))
}

describe('CouponBook, standby', () => {
  describe('issueStandby', () => {
    it('reverts when the sender is not a manager', async () => {
      const { book, guardian, stranger, alice, standby } =
        await networkHelpers.loadFixture(heldCampaign)
      for (const sender of [guardian, stranger, alice]) {
        await expect(book.connect(sender).issueStandby(1, standby.holders))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(sender.address, await book.MANAGER_ROLE())
      }
    })

    it('reverts when there is no such campaign', async () => {
      const { book, standby } = await networkHelpers.loadFixture(heldCampaign)
      for (const unknown of [0n, 2n, 2n ** 256n - 1n]) {
        await expect(book.issueStandby(unknown, standby.holders))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })

    it('reverts when the list is empty', async () => {
      const { book } = await networkHelpers.loadFixture(heldCampaign)
      await expect(book.issueStandby(1, []))
        .to.be.revertedWithCustomError(book, 'EmptyList')
        .withArgs()
    })

    it('reverts when the list is longer than one call takes', async () => {
      const { book } = await networkHelpers.loadFixture(heldCampaign)
      const holders = Array.from({ length: LONGEST_LIST + 1 }, () => toBeHex(1, 20))
      await expect(book.issueStandby(1, holders, plenty))
        .to.be.revertedWithCustomError(book, 'ListTooLong')
        .withArgs(LONGEST_LIST + 1, LONGEST_LIST)
    })

    it('reverts from closesAt on', async () => {
      const { book, standby, closesAt } = await networkHelpers.loadFixture(heldCampaign)
      await time.setNextBlockTimestamp(closesAt)
      await expect(book.issueStandby(1, standby.holders, gas))
        .to.be.revertedWithCustomError(book, 'CampaignHasClosed')
        .withArgs(closesAt, closesAt)
    })

    it('takes a list in the last second of the window', async () => {
      const { book, standby, closesAt } = await networkHelpers.loadFixture(heldCampaign)
      await time.setNextBlockTimestamp(closesAt - 1)
      await expect(book.issueStandby(1, standby.holders, gas))
        .to.emit(book, 'Issued')
        .withArgs(1, STANDBY + 1n, standby.holders)
    })

    it('reverts when the campaign holds its coupons to the end', async () => {
      const { book, terms, standby } = await networkHelpers.loadFixture(heldCampaign)
      await book.createCampaign('Dinner, Saturday', { ...terms, heldUntil: 0 }, '')
      await expect(book.issueStandby(2, standby.holders))
        .to.be.revertedWithCustomError(book, 'NoStandby')
        .withArgs(2)
    })

    it('reverts with the index of a holder that is no address', async () => {
      const { book, organiser, address } = await networkHelpers.loadFixture(heldCampaign)
      for (const [count, index] of [
        [1, 0],
        [3, 2],
        [300, 299],
      ] as const) {
        const holders = holdersOf(count)
        await expect(book.issueStandby(1, holders.with(index, ZeroAddress), plenty))
          .to.be.revertedWithCustomError(book, 'HolderInvalid')
          .withArgs(index)

        // Upper bits are encoded by hand, since no library would write such an address.
        const data = book.interface.encodeFunctionData('issueStandby', [1, holders])
        const at = 2 + 8 + 64 * (3 + index)
        const dirty = data.slice(0, at) + '8'.padEnd(63, '0') + '7' + data.slice(at + 64)
        await expect(organiser.sendTransaction({ to: address, data: dirty, ...plenty }))
          .to.be.revertedWithCustomError(book, 'HolderInvalid')
          .withArgs(index)
      }
    })

    it('numbers standby shards from 2^31, apart from the others', async () => {
      const { book, manager, standby, second } = await networkHelpers.loadFixture(heldCampaign)
      const holders = holdersOf(256)
      expect(
        await book.connect(manager).issueStandby.staticCall(1, standby.holders, plenty),
      ).to.equal(STANDBY + 1n)
      await expect(book.connect(manager).issueStandby(1, holders, plenty))
        .to.emit(book, 'Issued')
        .withArgs(1, STANDBY + 1n, holders)
      await expect(book.issueStandby(1, second.holders))
        .to.emit(book, 'Issued')
        .withArgs(1, STANDBY + 3n, second.holders)
      await expect(book.issue(1, second.holders))
        .to.emit(book, 'Issued')
        .withArgs(1, 2, second.holders)

      const [full, single] = shardsOf({ firstShard: STANDBY + 1n, holders })
      const unissued = 2n ** 256n - 2n ** 255n
      expect(await book.seatsOf(1, full!.index, rootOf(full!))).to.deep.equal([unissued, 0n])
      expect(await book.seatsOf(1, single!.index, rootOf(single!))).to.deep.equal([
        2n ** 256n - 2n,
        0n,
      ])
      expect(await book.shardCount(1)).to.equal(3)
      const counters = await book.countersOf(1)
      expect(counters.shards).to.equal(3)
      expect(counters.standbyShards).to.equal(4)
      expect(counters.standbyIssued).to.equal(6 + 256 + 2)
      expect(counters.standbyRevoked).to.equal(0)
    })

    it('gives serials from 2^31 << 8 on, which their holders can show, and nobody else', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, standby, alice, first } = world
      for (const [seat, holder] of standby.holders.entries()) {
        const proof = packedProof(proofOf({ shard: standby, seat }))
        const serial = ((2n ** 31n) << 8n) + BigInt(seat)
        expect(serialAt({ shard: standby, seat })).to.equal(serial)
        expect(await book.statusOf(1, serial, holder, proof)).to.equal(UNUSED)
        expect(await book.isIssued(1, serial, holder, proof)).to.equal(true)
        expect(await book.isIssued(1, serial, alice, proof)).to.equal(false)
        expect(await book.isIssued(1, BigInt(seat), holder, proof)).to.equal(false)
      }
      // The same list, seat for seat, on standby: a tree of its own.
      await book.issueStandby(1, first.holders)
      const twin = { index: STANDBY + 1n, holders: first.holders }
      expect(rootOf(twin)).not.to.equal(rootOf(first))
      const proof = packedProof(proofOf({ shard: first, seat: 0 }))
      expect(await book.statusOf(1, serialAt({ shard: twin, seat: 0 }), alice, proof)).to.equal(
        NOT_ISSUED,
      )
    })

    it('touches no supply: any number, before and after the supply is issued', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book } = world
      expect(await book.supplyLeft(1)).to.equal(2)
      expect(await left(world)).to.equal(2)
      await book.issueStandby(1, holdersOf(100), plenty)
      expect(await book.supplyLeft(1)).to.equal(2)
      await book.issue(1, holdersOf(2))
      await book.issueStandby(1, holdersOf(100), plenty)
      expect(await book.supplyLeft(1)).to.equal(0)
      expect(await left(world)).to.equal(0)
    })
  })

  describe('changeTerms, given standby coupons were issued', () => {
    it('reverts when heldUntil would go, though they were all revoked', async () => {
      const { book, terms, standby } = await networkHelpers.loadFixture(heldCampaign)
      const forEver = { ...terms, heldUntil: 0 }
      await expect(book.changeTerms(1, forEver))
        .to.be.revertedWithCustomError(book, 'NoStandby')
        .withArgs(1)
      const serials = standby.holders.map((_, seat) => serialAt({ shard: standby, seat }))
      await book.revoke(1, rootOf(standby), serials, '')
      await expect(book.changeTerms(1, forEver))
        .to.be.revertedWithCustomError(book, 'NoStandby')
        .withArgs(1)
    })

    it('reverts with TermsFrozen instead once the campaign is open', async () => {
      const { book, terms, opensAt } = await networkHelpers.loadFixture(heldCampaign)
      await time.setNextBlockTimestamp(opensAt)
      await expect(book.changeTerms(1, { ...terms, heldUntil: 0 }, gas))
        .to.be.revertedWithCustomError(book, 'TermsFrozen')
        .withArgs(opensAt, opensAt)
    })

    it('takes another heldUntil, for which they wait', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, terms, opensAt, standby } = world
      const heldUntil = opensAt + 10 * MINUTE
      await book.changeTerms(1, { ...terms, heldUntil })
      await expect(use(world, { shard: standby, seat: 0, at: heldUntil - 1 }))
        .to.be.revertedWithCustomError(book, 'StandbyNotYet')
        .withArgs(heldUntil, heldUntil - 1)
      await expect(use(world, { shard: standby, seat: 0, at: heldUntil })).to.emit(
        book,
        'CouponRedeemed',
      )
    })

    it('takes a supply of no more than what stands without them', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      await world.book.changeTerms(1, { ...world.terms, supply: 5 })
      expect(await left(world)).to.equal(0)
      await expect(world.book.changeTerms(1, { ...world.terms, supply: 4 }))
        .to.be.revertedWithCustomError(world.book, 'SupplyBelowIssued')
        .withArgs(4, 5)
    })

    it('lets a campaign that never had any drop its heldUntil', async () => {
      const { book, terms } = await networkHelpers.loadFixture(heldCampaign)
      await book.createCampaign('Dinner, Saturday', terms, '')
      await book.changeTerms(2, { ...terms, heldUntil: 0 })
      expect((await book.campaign(2)).heldUntil).to.equal(0)
    })
  })

  describe('redeem', () => {
    describe('given coupons are held', () => {
      it('reverts with CampaignNotOpen before the window, as for anybody', async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, opensAt, standby } = world
        await expect(use(world, { shard: standby, seat: 0, at: opensAt - 1 }))
          .to.be.revertedWithCustomError(book, 'CampaignNotOpen')
          .withArgs(opensAt, opensAt - 1)
      })

      for (const { name, secondsIn } of [
        { name: 'as the window opens', secondsIn: 0 },
        { name: 'a second before heldUntil', secondsIn: HOUR - 1 },
      ]) {
        it(`reverts on a standby coupon ${name}`, async () => {
          const world = await networkHelpers.loadFixture(heldCampaign)
          const { book, opensAt, heldUntil, standby } = world
          const now = opensAt + secondsIn
          await expect(use(world, { shard: standby, seat: 0, at: now }))
            .to.be.revertedWithCustomError(book, 'StandbyNotYet')
            .withArgs(heldUntil, now)
          expect(await objection(world, { shard: standby, seat: 0 })).to.deep.equal([
            'StandbyNotYet',
            heldUntil,
            now,
          ])
        })
      }

      it('refuses it whichever way it comes', async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, stranger, signers, standby, domain, closesAt, heldUntil } = world
        const now = heldUntil - 1
        const brought = await bring(world, { shard: standby, seat: 0 })
        const holder = signers[8]!
        await time.setNextBlockTimestamp(now - 1)
        await expect(redeemFor(world, { visit: brought, as: stranger, signer: holder }))
          .to.be.revertedWithCustomError(book, 'StandbyNotYet')
          .withArgs(heldUntil, now - 1)

        const { coupon, site, statements, proof } = brought
        const deadline = closesAt
        const signature = await permit({ holder, domain, redeem: { ...coupon, site, deadline } })
        const head = [toBeHex(coupon.serial, 5), toBeHex(deadline, 4)]
        const lengths = toBeHex((statements.length << 4) | proof.length, 1)
        const items = concat([...head, lengths, signature, ...proof])
        await time.setNextBlockTimestamp(now)
        await expect(book.connect(stranger).redeemBatch(1, site, items, statements, gas))
          .to.emit(book, 'RedemptionRefused')
          .withArgs(
            1,
            coupon.serial,
            holder.address,
            book.interface.encodeErrorResult('StandbyNotYet', [heldUntil, now]),
          )
        await time.setNextBlockTimestamp(heldUntil)
        await expect(book.connect(stranger).redeemBatch(1, site, items, statements, gas))
          .to.emit(book, 'CouponRedeemed')
          .withArgs(1, coupon.serial, holder.address, site)
      })

      it('names a revoked one revoked, and one that is not theirs not issued', async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, signers, opensAt, standby } = world
        const serial = serialAt({ shard: standby, seat: 0 })
        await book.revoke(1, rootOf(standby), [serial], 'not coming')
        await expect(use(world, { shard: standby, seat: 0, at: opensAt }))
          .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
          .withArgs(1, serial)
        const brought = await visit(world, {
          shard: standby,
          seat: 1,
          by: [world.desk],
          presence: { observedAt: opensAt, holder: signers[8]!.address },
        })
        await expect(redeem({ book, as: signers[8]!, visit: brought }))
          .to.be.revertedWithCustomError(book, 'NotIssued')
          .withArgs(1, serial + 1n, signers[8]!.address)
      })

      it('serves those whose coupons are held, up to the last second', async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, bob, heldUntil, first } = world
        await expect(use(world, { shard: first, seat: 1, at: heldUntil - 1 }))
          .to.emit(book, 'CouponRedeemed')
          .withArgs(1, 1, bob.address, 1)
        expect(await left(world)).to.equal(2)
      })
    })

    describe('given heldUntil is over and nothing was released', () => {
      it('gives standby, from that second on, what was never issued', async () => {
        const world = await networkHelpers.loadFixture(heldCampaign)
        const { book, heldUntil, standby } = world
        await expect(use(world, { shard: standby, seat: 5, at: heldUntil }))
          .to.emit(book, 'CouponRedeemed')
          .withArgs(1, serialAt({ shard: standby, seat: 5 }), standby.holders[5], 1)
        expect(await left(world)).to.equal(1)
      })

      it('gives standby nothing else', async () => {
        const world = await networkHelpers.loadFixture(lateCampaign)
        const { book, standby } = world
        for (const seat of [3, 0]) await use(world, { shard: standby, seat })
        expect(await left(world)).to.equal(0)
        for (const seat of [1, 2, 4, 5]) {
          const serial = serialAt({ shard: standby, seat })
          await expect(use(world, { shard: standby, seat }))
            .to.be.revertedWithCustomError(book, 'NothingLeft')
            .withArgs(1, serial)
          expect(await objection(world, { shard: standby, seat })).to.deep.equal([
            'NothingLeft',
            1,
            Number(serial),
          ])
        }
      })

      it('gives standby nothing at all where the whole supply was issued', async () => {
        const world = await networkHelpers.loadFixture(soldOutCampaign)
        await expect(use(world, { shard: world.standby, seat: 0 }))
          .to.be.revertedWithCustomError(world.book, 'NothingLeft')
          .withArgs(2, STANDBY << 8n)
      })

      it('still serves each holder, though standby had all there was', async () => {
        const world = await networkHelpers.loadFixture(lateCampaign)
        const { book, first, second, standby } = world
        for (const seat of [0, 1]) await use(world, { shard: standby, seat })
        for (const shard of [first, second]) {
          for (const seat of shard.holders.keys()) {
            await expect(use(world, { shard, seat })).to.emit(book, 'CouponRedeemed')
          }
        }
        expect(await ledger(world, world.roots)).to.deep.equal([11, SUPPLY, 0, 4])
      })

      it('names a used standby coupon used, also where nothing is left', async () => {
        const world = await networkHelpers.loadFixture(lateCampaign)
        const { book, standby } = world
        for (const seat of [0, 1]) await use(world, { shard: standby, seat })
        await expect(use(world, { shard: standby, seat: 0 }))
          .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
          .withArgs(1, STANDBY << 8n)
      })

      for (const { name, after } of [
        { name: 'a second before closesAt', after: -1 },
        { name: 'at closesAt, witnessed before', after: 0 },
        { name: 'in the last second of the grace, witnessed before', after: DAY - 1 },
      ]) {
        it(`serves standby ${name}`, async () => {
          const world = await networkHelpers.loadFixture(lateCampaign)
          const { book, closesAt, standby } = world
          await expect(use(world, { shard: standby, seat: 0, at: closesAt + after })).to.emit(
            book,
            'CouponRedeemed',
          )
        })
      }

      it('reverts when the grace is over', async () => {
        const world = await networkHelpers.loadFixture(lateCampaign)
        const { book, endsAt, standby } = world
        await expect(use(world, { shard: standby, seat: 0, at: endsAt }))
          .to.be.revertedWithCustomError(book, 'CampaignIsOver')
          .withArgs(endsAt, endsAt)
      })
    })
  })

  describe('release', () => {
    it('reverts when there is no such campaign', async () => {
      const { book, roots } = await networkHelpers.loadFixture(lateCampaign)
      for (const unknown of [0, 2]) {
        await expect(book.release(unknown, roots))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })

    it('reverts while the campaign is paused', async () => {
      const { book, roots } = await networkHelpers.loadFixture(lateCampaign)
      await book.pause(1)
      const since = await time.latest()
      await expect(book.release(1, roots))
        .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
        .withArgs(1, since)
    })

    it('reverts when the grace is over, and works a second before', async () => {
      const { book, roots, endsAt } = await networkHelpers.loadFixture(lateCampaign)
      await time.setNextBlockTimestamp(endsAt - 1)
      await expect(book.release(1, roots.slice(0, 1), gas)).to.emit(book, 'UnusedReleased')
      await time.setNextBlockTimestamp(endsAt)
      await expect(book.release(1, roots.slice(1), gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endsAt, endsAt)
    })

    it('reverts when the campaign holds its coupons to the end', async () => {
      const { book, terms, first } = await networkHelpers.loadFixture(lateCampaign)
      await book.createCampaign('Dinner, Saturday', { ...terms, heldUntil: 0 }, '')
      await book.issue(2, first.holders)
      await expect(book.release(2, [rootOf(first)]))
        .to.be.revertedWithCustomError(book, 'NoStandby')
        .withArgs(2)
    })

    it('reverts a second before heldUntil, and works at heldUntil', async () => {
      const { book, roots, heldUntil } = await networkHelpers.loadFixture(heldCampaign)
      await time.setNextBlockTimestamp(heldUntil - 1)
      await expect(book.release(1, roots, gas))
        .to.be.revertedWithCustomError(book, 'StandbyNotYet')
        .withArgs(heldUntil, heldUntil - 1)
      await time.setNextBlockTimestamp(heldUntil)
      await expect(book.release(1, roots, gas))
        .to.emit(book, 'UnusedReleased')
        .withArgs(1, 2, 5)
    })

    it('reverts when the list is empty', async () => {
      const { book } = await networkHelpers.loadFixture(lateCampaign)
      await expect(book.release(1, [])).to.be.revertedWithCustomError(book, 'EmptyList').withArgs()
    })

    it('reverts when more roots are given than are uncounted', async () => {
      const { book, roots } = await networkHelpers.loadFixture(lateCampaign)
      await expect(book.release(1, [...roots, roots[0]]))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(3, 2)
      await book.release(1, [roots[0]])
      await expect(book.release(1, roots))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(2, 1)
      await book.release(1, [roots[1]])
      await expect(book.release(1, [roots[1]]))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(1, 0)
    })

    it('reverts when a root is false, out of its place, or of standby, and counts nothing', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, roots, standby } = world
      const [first, second] = roots
      for (const { given, at } of [
        { given: [ZeroHash, second], at: 0 },
        { given: [first, ZeroHash], at: 1 },
        { given: [second, first], at: 0 },
        { given: [first, first], at: 1 },
        { given: [rootOf(standby)], at: 0 },
      ]) {
        await expect(book.release(1, given))
          .to.be.revertedWithCustomError(book, 'UnknownShard')
          .withArgs(1, at, given[at])
      }
      expect((await book.countersOf(1)).shardsCounted).to.equal(0)
      expect(await left(world)).to.equal(2)
    })

    it('counts what nobody used, in the order of the shards, in several calls, for anybody', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, stranger, alice, roots, first } = world
      await use(world, { shard: first, seat: 1 })
      await book.revoke(1, roots[0], [2], '')
      expect(await left(world)).to.equal(3) // the revoked one could be issued again
      await expect(book.connect(stranger).release(1, [roots[0]]))
        .to.emit(book, 'UnusedReleased')
        .withArgs(1, 1, 1)
      expect((await book.countersOf(1)).shardsCounted).to.equal(1)
      expect(await left(world)).to.equal(4)
      await expect(book.connect(alice).release(1, [roots[1]]))
        .to.emit(book, 'UnusedReleased')
        .withArgs(1, 1, 2)
      expect((await book.countersOf(1)).shardsCounted).to.equal(2)
      expect(await left(world)).to.equal(6)
    })

    it('counts a full shard of 255, and one that is used up', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, terms, alice } = world
      await book.createCampaign('Dinner, Saturday', { ...terms, supply: 300 }, '')
      const holders = [...holdersOf(255), alice.address]
      await book.issue(2, holders, plenty)
      const [full, single] = shardsOf({ holders })
      await use({ ...world, campaignId: 2n }, { shard: single!, seat: 0 })
      await expect(book.release(2, [rootOf(full!), rootOf(single!)]))
        .to.emit(book, 'UnusedReleased')
        .withArgs(2, 2, 255)
      expect(await left({ ...world, campaignId: 2n })).to.equal(300 - 1)
    })
  })

  describe('given all that was issued is released', () => {
    it('serves who comes first, standby or late, until exactly nothing is left', async () => {
      const world = await networkHelpers.loadFixture(releasedCampaign)
      const { book, first, second, standby } = world
      const order = [
        { shard: standby, seat: 5 },
        { shard: first, seat: 0 },
        { shard: standby, seat: 1 },
        { shard: second, seat: 1 },
        { shard: standby, seat: 0 },
        { shard: standby, seat: 2 },
        { shard: first, seat: 2 },
      ]
      for (const [served, seat] of order.entries()) {
        expect(await left(world)).to.equal(SUPPLY - served)
        expect(await objection(world, seat)).to.equal(undefined)
        await expect(use(world, seat)).to.emit(book, 'CouponRedeemed')
      }
      expect(await left(world)).to.equal(0)
      for (const seat of [
        { shard: first, seat: 1 },
        { shard: second, seat: 0 },
        { shard: standby, seat: 3 },
        { shard: standby, seat: 4 },
      ]) {
        const serial = serialAt(seat)
        await expect(use(world, seat))
          .to.be.revertedWithCustomError(book, 'NothingLeft')
          .withArgs(1, serial)
        expect(await objection(world, seat)).to.deep.equal(['NothingLeft', 1, Number(serial)])
      }
      // All of the supply was had; four stayed without: two late, two on standby.
      expect(await ledger(world, [])).to.deep.equal([11, SUPPLY, 0, 4])
    })

    it('serves everybody late where nobody on standby came', async () => {
      const world = await networkHelpers.loadFixture(releasedCampaign)
      for (const shard of [world.first, world.second]) {
        for (const seat of shard.holders.keys()) await use(world, { shard, seat })
      }
      expect(await left(world)).to.equal(2)
      expect(await ledger(world, [])).to.deep.equal([11, 5, 0, 6])
    })

    it('counts nothing twice: what was used before the release is gone', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, first, standby, roots } = world
      for (const seat of [0, 1, 2]) await use(world, { shard: first, seat })
      for (const seat of [0, 1]) await use(world, { shard: standby, seat })
      expect(await left(world)).to.equal(0)
      await expect(book.release(1, roots)).to.emit(book, 'UnusedReleased').withArgs(1, 2, 2)
      expect(await left(world)).to.equal(2)
    })
  })

  describe('given only some shards are released', () => {
    it('keeps for the holders of the others what is theirs', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, first, second, standby, roots } = world
      await book.release(1, [roots[0]])
      expect(await left(world)).to.equal(5)
      for (const seat of [0, 1, 2, 3, 4]) await use(world, { shard: standby, seat })
      expect(await left(world)).to.equal(0)
      for (const seat of [
        { shard: standby, seat: 5 },
        { shard: first, seat: 0 },
      ]) {
        await expect(use(world, seat))
          .to.be.revertedWithCustomError(book, 'NothingLeft')
          .withArgs(1, serialAt(seat))
      }
      for (const seat of [0, 1]) {
        await expect(use(world, { shard: second, seat })).to.emit(book, 'CouponRedeemed')
      }
      expect(await left(world)).to.equal(0)
      expect(await ledger(world, [roots[1]])).to.deep.equal([11, SUPPLY, 0, 4])
    })

    it('serves again once what the others left is released too', async () => {
      const world = await networkHelpers.loadFixture(soldOutCampaign)
      const { book, first, second, standby, roots } = world
      await book.release(2, [roots[0]])
      for (const seat of [0, 1]) await use(world, { shard: standby, seat })
      await expect(use(world, { shard: standby, seat: 2 })).to.be.revertedWithCustomError(
        book,
        'NothingLeft',
      )
      await use(world, { shard: second, seat: 0 })
      await expect(book.release(2, [roots[1]]))
        .to.emit(book, 'UnusedReleased')
        .withArgs(2, 1, 1)
      expect(await left(world)).to.equal(1)
      await use(world, { shard: first, seat: 1 })
      for (const seat of [
        { shard: standby, seat: 2 },
        { shard: first, seat: 0 },
        { shard: second, seat: 1 },
      ]) {
        await expect(use(world, seat)).to.be.revertedWithCustomError(book, 'NothingLeft')
      }
      expect(await ledger(world, [])).to.deep.equal([10, 4, 0, 6])
    })
  })

  describe('revoke', () => {
    // How many shards are released, whose coupon is revoked, and what is left for all before and after. Once
    // the rest is released as well, nobody having come, it is always the whole supply.
    for (const [name, released, shard, before, after] of [
      ['of a shard, nothing released', 0, 'first', 2, 3],
      ['of a counted shard', 1, 'first', 5, 5],
      ['of an uncounted shard', 1, 'second', 5, 6],
      ['when all is released', 2, 'second', 7, 7],
      ['of standby, nothing released', 0, 'standby', 2, 2],
      ['of standby when all is released', 2, 'standby', 7, 7],
    ] as const) {
      it(`leaves as much for all as there is: a coupon ${name}`, async () => {
        const world = await networkHelpers.loadFixture(lateCampaign)
        const { book, roots } = world
        if (released > 0) await book.release(1, roots.slice(0, released))
        expect(await left(world)).to.equal(before)
        const seat = { shard: world[shard], seat: 1 }
        await expect(book.revoke(1, rootOf(seat.shard), [serialAt(seat)], 'not coming'))
          .to.emit(book, 'CouponRevoked')
          .withArgs(1, serialAt(seat), 'not coming')
        expect(await left(world)).to.equal(after)
        expect(await ledger(world, roots.slice(released))).to.deep.equal([11, 0, 1, 10])
        await expect(use(world, seat))
          .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
          .withArgs(1, serialAt(seat))
        if (released < 2) await book.release(1, roots.slice(released))
        expect(await left(world)).to.equal(SUPPLY)
      })
    }

    it('gives back nothing that standby already had', async () => {
      const world = await networkHelpers.loadFixture(soldOutCampaign)
      const { book, alice, roots, standby } = world
      await book.release(2, roots)
      for (const seat of [0, 1, 2, 3]) await use(world, { shard: standby, seat })
      expect(await left(world)).to.equal(0)
      await book.revoke(2, roots[0], [0, 1], '')
      await book.revoke(2, roots[1], [256, 257], '')
      expect(await left(world)).to.equal(0)
      expect(await book.supplyLeft(2)).to.equal(0)
      await expect(book.issue(2, [alice]))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(1, 0)
      await expect(use(world, { shard: standby, seat: 4 })).to.be.revertedWithCustomError(
        book,
        'NothingLeft',
      )
      expect(await ledger(world, [])).to.deep.equal([10, 4, 4, 2])
    })

    it('refuses a standby coupon that was used, was revoked, or never was', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, standby } = world
      const root = rootOf(standby)
      const [serial, other] = [STANDBY << 8n, (STANDBY << 8n) + 1n]
      await use(world, { shard: standby, seat: 0 })
      await book.revoke(1, root, [other], '')
      await expect(book.revoke(1, root, [serial], ''))
        .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
        .withArgs(1, serial)
      await expect(book.revoke(1, root, [other], ''))
        .to.be.revertedWithCustomError(book, 'CouponIsRevoked')
        .withArgs(1, other)
      await expect(book.revoke(1, root, [(STANDBY + 1n) << 8n], ''))
        .to.be.revertedWithCustomError(book, 'UnknownShard')
        .withArgs(1, STANDBY + 1n, root)
      const { standbyRevoked, revoked } = await book.countersOf(1)
      expect([standbyRevoked, revoked]).to.deep.equal([1n, 0n])
    })

    it('takes standby coupons back before heldUntil, too', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, standby, opensAt } = world
      await time.increaseTo(opensAt)
      await book.revoke(1, rootOf(standby), [STANDBY << 8n], '')
      expect(await book.supplyLeft(1)).to.equal(2)
      expect(await ledger(world, world.roots)).to.deep.equal([11, 0, 1, 10])
    })
  })

  describe('issue after heldUntil', () => {
    it('takes from what is left only', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, alice, standby } = world
      await use(world, { shard: standby, seat: 0 })
      expect(await book.supplyLeft(1)).to.equal(1)
      await expect(book.issue(1, [alice, alice]))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(2, 1)
      await expect(book.issue(1, [alice]))
        .to.emit(book, 'Issued')
        .withArgs(1, 2, [alice.address])
      expect(await left(world)).to.equal(0)
      await expect(use(world, { shard: standby, seat: 1 })).to.be.revertedWithCustomError(
        book,
        'NothingLeft',
      )
    })

    it('issues no more than the supply, though more is left for all', async () => {
      const world = await networkHelpers.loadFixture(releasedCampaign)
      const { book, alice } = world
      expect(await left(world)).to.equal(SUPPLY)
      expect(await book.supplyLeft(1)).to.equal(2)
      await expect(book.issue(1, [alice, alice, alice]))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(3, 2)
    })

    it('holds the new coupon for its holder until its shard is released', async () => {
      const world = await networkHelpers.loadFixture(releasedCampaign)
      const { book, bob, standby } = world
      await book.issue(1, [bob])
      const late = { index: 2n, holders: [bob.address] }
      expect(await left(world)).to.equal(6)
      for (const seat of [0, 1, 2, 3, 4, 5]) await use(world, { shard: standby, seat })
      expect(await left(world)).to.equal(0)
      await expect(use(world, { shard: late, seat: 0 }))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 2 << 8, bob.address, 1)
      expect(await ledger(world, [rootOf(late)])).to.deep.equal([12, SUPPLY, 0, 5])
    })
  })

  describe('reallot after heldUntil', () => {
    it('passes on a coupon that is held, and takes nothing from the others', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, bob, roots } = world
      await book.reallot(1, roots[0], [0], [bob], '')
      expect(await left(world)).to.equal(2)
      await use(world, { shard: { index: 2n, holders: [bob.address] }, seat: 0 })
    })

    it('holds again what was released, as long as something is left', async () => {
      const world = await networkHelpers.loadFixture(soldOutCampaign)
      const { book, bob, roots, standby } = world
      await book.release(2, roots)
      for (const seat of [0, 1, 2]) await use(world, { shard: standby, seat })
      expect(await left(world)).to.equal(1)
      await expect(book.reallot(2, roots[0], [0, 1], [bob, bob], ''))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(2, 1)
      await book.reallot(2, roots[0], [0], [bob], '')
      expect(await left(world)).to.equal(0)
      await expect(book.reallot(2, roots[0], [1], [bob], ''))
        .to.be.revertedWithCustomError(book, 'SupplyExceeded')
        .withArgs(1, 0)
      await expect(use(world, { shard: standby, seat: 3 })).to.be.revertedWithCustomError(
        book,
        'NothingLeft',
      )
      await expect(use(world, { shard: { index: 2n, holders: [bob.address] }, seat: 0 })).to.emit(
        book,
        'CouponRedeemed',
      )
    })
  })

  describe('the supply', () => {
    it('is never exceeded by what is redeemed, whatever happens, and is had to the last', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, alice, bob, roots, first, second, standby, opensAt, heldUntil } = world
      const third = { index: 2n, holders: [bob.address] }
      const fourth = { index: 3n, holders: [alice.address] }
      const more = { index: STANDBY + 1n, holders: [bob.address, alice.address] }
      let uncounted: string[] = roots
      const opened = async (shard: Shard, sent: Promise<unknown>) => {
        await sent
        uncounted = [...uncounted, rootOf(shard)]
      }
      const release = async (count: number) => {
        await book.release(1, uncounted.slice(0, count), gas)
        uncounted = uncounted.slice(count)
      }

      // What happens, and how many are left for all then; what is used is given as its seat.
      const steps: [Seat | (() => Promise<unknown>), number][] = [
        [{ shard: first, seat: 0 }, 2],
        [() => book.revoke(1, roots[0], [1], '', gas), 3],
        [() => time.increaseTo(heldUntil), 3],
        [{ shard: standby, seat: 0 }, 2],
        [() => book.issueStandby(1, more.holders, gas), 2],
        [() => opened(third, book.issue(1, third.holders, gas)), 1],
        [() => release(1), 2], // of the first shard, the third seat alone is unused
        [{ shard: more, seat: 1 }, 1],
        [{ shard: second, seat: 0 }, 1],
        [() => opened(fourth, book.reallot(1, roots[1], [257], fourth.holders, '', gas)), 1],
        [() => book.revoke(1, roots[0], [2], '', gas), 1],
        [() => release(3), 3],
        [{ shard: third, seat: 0 }, 2],
        [{ shard: standby, seat: 3 }, 1],
        [{ shard: more, seat: 0 }, 0],
      ]
      await time.increaseTo(opensAt)
      let redeemed = 0
      for (const [step, leftThen] of steps) {
        if (typeof step === 'function') await step()
        else {
          await use(world, step)
          redeemed += 1
        }
        expect(await left(world)).to.equal(leftThen)
        const [issued, used, revoked, unused] = await ledger(world, uncounted)
        expect(used).to.equal(redeemed)
        expect(issued).to.equal(used! + revoked! + unused!)
      }
      expect(redeemed).to.equal(SUPPLY)
      for (const shard of [first, second, third, fourth, standby, more]) {
        for (const seat of shard.holders.keys()) {
          const [error, ...facts] = (await objection(world, { shard, seat }))!
          await expect(use(world, { shard, seat }))
            .to.be.revertedWithCustomError(book, String(error))
            .withArgs(...facts)
        }
      }
      expect((await ledger(world, []))[1]).to.equal(SUPPLY)
      expect(await book.queryFilter(book.filters.CouponRedeemed())).to.have.length(SUPPLY)
    })
  })

  describe('ledger and close', () => {
    it('count standby coupons that were redeemed, revoked and left, with nothing released', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, first, standby, roots, endsAt } = world
      expect(await ledger(world, roots)).to.deep.equal([11, 0, 0, 11])
      await use(world, { shard: first, seat: 0 })
      for (const seat of [0, 1]) await use(world, { shard: standby, seat })
      await book.revoke(1, rootOf(standby), [(STANDBY << 8n) + 5n], '')
      await book.revoke(1, roots[1], [256], '')
      expect(await ledger(world, roots)).to.deep.equal([11, 3, 2, 6])
      await time.setNextBlockTimestamp(endsAt)
      await expect(book.close(1, roots, gas))
        .to.emit(book, 'CampaignClosed')
        .withArgs(1, 11, 3, 2, 6)
      expect(await ledger(world, [])).to.deep.equal([11, 3, 2, 6])
      expect((await book.countersOf(1)).isClosed).to.equal(true)
    })

    it('say the same with part released, and ask for the roots of the rest', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, first, second, standby, roots, endsAt } = world
      await use(world, { shard: first, seat: 0 })
      await book.release(1, [roots[0]])
      await use(world, { shard: first, seat: 1 })
      await use(world, { shard: second, seat: 1 })
      for (const seat of [0, 1]) await use(world, { shard: standby, seat })
      await book.revoke(1, roots[0], [2], '')
      await book.revoke(1, rootOf(standby), [(STANDBY << 8n) + 2n], '')
      for (const given of [[], roots]) {
        await expect(book.ledger(1, given))
          .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
          .withArgs(given.length, 1)
      }
      expect(await ledger(world, [roots[1]])).to.deep.equal([11, 5, 2, 4])
      await time.increaseTo(endsAt)
      await expect(book.close(1, roots))
        .to.be.revertedWithCustomError(book, 'RootsDoNotFit')
        .withArgs(2, 1)
      await expect(book.close(1, [roots[1]]))
        .to.emit(book, 'CampaignClosed')
        .withArgs(1, 11, 5, 2, 4)
    })

    it('need no root at all where everything is released', async () => {
      const world = await networkHelpers.loadFixture(releasedCampaign)
      const { book, first, standby, endsAt } = world
      await use(world, { shard: first, seat: 0 })
      await use(world, { shard: standby, seat: 0 })
      expect(await ledger(world, [])).to.deep.equal([11, 2, 0, 9])
      await time.increaseTo(endsAt)
      await expect(book.close(1, [])).to.emit(book, 'CampaignClosed').withArgs(1, 11, 2, 0, 9)
      await expect(book.close(1, []))
        .to.be.revertedWithCustomError(book, 'AlreadyClosed')
        .withArgs(1)
    })

    it('count a campaign that has standby coupons alone', async () => {
      const world = await networkHelpers.loadFixture(lateCampaign)
      const { book, terms, standby, endsAt } = world
      await book.createCampaign('Dinner, Saturday', { ...terms, supply: 1 }, '')
      await book.issueStandby(2, standby.holders)
      const dinner = { ...world, campaignId: 2n }
      await use(dinner, { shard: standby, seat: 0 })
      await expect(use(dinner, { shard: standby, seat: 1 })).to.be.revertedWithCustomError(
        book,
        'NothingLeft',
      )
      expect(await ledger(dinner, [])).to.deep.equal([6, 1, 0, 5])
      await time.increaseTo(endsAt)
      await expect(book.close(2, [])).to.emit(book, 'CampaignClosed').withArgs(2, 6, 1, 0, 5)
    })
  })

  describe('the cost of the count', () => {
    // A warm look at storage costs 100; the comparison with heldUntil itself a dozen.
    const COMPARISON = 50n

    /** Beside campaign 1, two that need no statement, whose bytes would differ in price; 2 holds to the end, 3 does not. */
    async function twins(connection: NetworkConnection) {
      const world = await heldCampaign(connection)
      const { book, alice, terms } = world
      const alone = { ...terms, requiredWitnesses: 0 }
      await book.createCampaign('Lunch, Sunday', { ...alone, heldUntil: 0 }, '')
      await book.createCampaign('Dinner, Sunday', alone, '')
      const shard = { index: 0n, holders: [alice, alice, alice].map(({ address }) => address) }
      for (const campaignId of [2, 3]) await book.issue(campaignId, shard.holders)
      return { ...world, shard, root: rootOf(shard) }
    }

    /** The gas of the same redemption in either campaign; the calls differ in its number alone. */
    async function costs(world: World, seat: number) {
      const cost = async (campaignId: bigint) => {
        const brought = await visit({ ...world, campaignId }, { seat, by: [] })
        const sent = await redeem({ book: world.book, as: world.alice, visit: brought })
        return (await sent.wait())!.gasUsed
      }
      return { toTheEnd: await cost(2n), held: await cost(3n) }
    }

    it('is nothing before heldUntil, for the first of a shard and for later ones', async () => {
      const world = await networkHelpers.loadFixture(twins)
      await time.increaseTo(world.opensAt)
      for (const seat of [0, 1]) {
        const { toTheEnd, held } = await costs(world, seat)
        expect(held - toTheEnd).to.be.within(0n, COMPARISON)
      }
    })

    it('is paid after heldUntil, more so where the shard was released', async () => {
      const world = await networkHelpers.loadFixture(twins)
      await time.increaseTo(world.heldUntil)
      const uncounted = await costs(world, 0)
      await world.book.release(3, [world.root])
      const counted = await costs(world, 1)
      const [look, write] = [2_100n, 2_900n]
      expect(uncounted.held - uncounted.toTheEnd).to.be.within(look, 2n * look)
      expect(counted.held - counted.toTheEnd).to.be.within(look + write, 2n * (look + write))
    })
  })

  describe('statusOf and canRedeem', () => {
    it('tell each standby holder where the coupon stands', async () => {
      const world = await networkHelpers.loadFixture(heldCampaign)
      const { book, standby, opensAt, heldUntil } = world
      const statusOf = (seat: number) =>
        book.statusOf(
          1,
          serialAt({ shard: standby, seat }),
          standby.holders[seat]!,
          packedProof(proofOf({ shard: standby, seat })),
        )
      const whyNot = (seat: number) => objection(world, { shard: standby, seat })

      expect(await statusOf(0)).to.equal(UNUSED)
      const now = await time.latest()
      expect(await whyNot(0)).to.deep.equal(['CampaignNotOpen', opensAt, now])
      await time.increaseTo(heldUntil - 1)
      expect(await statusOf(0)).to.equal(UNUSED)
      expect(await whyNot(0)).to.deep.equal(['StandbyNotYet', heldUntil, heldUntil - 1])
      await time.increaseTo(heldUntil)
      expect(await whyNot(0)).to.equal(undefined)

      await use(world, { shard: standby, seat: 0 })
      expect(await statusOf(0)).to.equal(REDEEMED)
      expect(await whyNot(0)).to.deep.equal(['CouponAlreadyRedeemed', 1, Number(STANDBY << 8n)])
      await book.revoke(1, rootOf(standby), [(STANDBY << 8n) + 1n], '')
      expect(await statusOf(1)).to.equal(REVOKED)
      expect(await whyNot(1)).to.deep.equal(['CouponIsRevoked', 1, Number(STANDBY << 8n) + 1])
      await use(world, { shard: standby, seat: 2 })
      expect(await statusOf(3)).to.equal(UNUSED) // nothing is left, and yet it was not used
      expect(await whyNot(3)).to.deep.equal(['NothingLeft', 1, Number(STANDBY << 8n) + 3])
    })

    it('tell a late holder the same, before and after the release', async () => {
      const world = await networkHelpers.loadFixture(soldOutCampaign)
      const { book, first, roots, standby } = world
      const late = { shard: first, seat: 0 }
      expect(await objection(world, late)).to.equal(undefined)
      await book.release(2, roots)
      expect(await objection(world, late)).to.equal(undefined)
      for (const seat of [0, 1, 2, 3]) await use(world, { shard: standby, seat })
      expect(await objection(world, late)).to.deep.equal(['NothingLeft', 2, 0])
    })
  })
})
