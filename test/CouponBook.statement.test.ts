import { expect } from 'chai'
import {
  AbiCoder,
  concat,
  dataSlice,
  id,
  keccak256,
  toBeHex,
  TypedDataEncoder,
  type Wallet,
  ZeroAddress,
  ZeroHash,
} from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

import {
  chain,
  COUNTER,
  DAY,
  gas,
  HOUR,
  LOCATION,
  MINUTE,
  openCampaign,
  plannedCampaign,
  redeem,
  visit,
  type Visit,
  type World,
} from './book-fixture.ts'
import { domainOf, presenceTypes, signerOf, type Statement } from './typed-data.ts'
import { packedProof } from './shard-reference.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Campaign 1 takes the statement of any desk, which may live long; ten minutes after it opened. */
async function deskCampaign(connection: NetworkConnection) {
  const world = await plannedCampaign(connection)
  await world.book.changeTerms(1, { ...world.terms, requiredWitnesses: COUNTER })
  await time.increaseTo(world.observedAt)
  return world
}

function withStatement(visit: Visit, change: Partial<Statement>): Visit {
  return { ...visit, statements: [{ ...visit.statements[0]!, ...change }] }
}

/** Refused, since for exactly this visit somebody nobody knows seems to have signed; or nobody at all. */
async function expectForeign(world: World, broken: Visit) {
  const { coupon, holder, site, statements } = broken
  const domain = domainOf({ book: await world.book.getAddress() })
  const seeming = signerOf({
    domain,
    presence: { ...coupon, holder, site },
    statement: statements[0]!,
  })
  expect(seeming).not.to.equal(world.oracle.address)
  await expect(redeem({ ...world, as: world.alice, visit: broken }))
    .to.be.revertedWithCustomError(world.book, 'NotAWitness')
    .withArgs(seeming)
}

/** The part of a geofence's hash that a campaign remembers where it redeems. */
function tagOf(geofenceHash: string): string {
  return dataSlice(geofenceHash, 0, 12)
}

/** The same 32 bytes, but for one bit, counted from the left. */
function flipped(bytes: string, bit: number): string {
  return toBeHex(BigInt(bytes) ^ (1n << BigInt(255 - bit)), 32)
}

describe('CouponBook, statements', () => {
  describe('the witness', () => {
    it('reverts when its key is none', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const key = new ethers.Wallet(id('nobody'))
      await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { by: [key] }) }))
        .to.be.revertedWithCustomError(world.book, 'NotAWitness')
        .withArgs(key.address)
    })

    it('is not the holder, nor the admin', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      for (const key of [world.alice, world.organiser]) {
        await expect(
          redeem({ ...world, as: world.alice, visit: await visit(world, { by: [key] }) }),
        )
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(key.address)
      }
    })

    it('is whoever signed, and vouches as what that key is', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const byDesk = await visit(world, { by: [world.desk] })
      await expect(redeem({ ...world, as: world.alice, visit: byDesk }))
        .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
        .withArgs(LOCATION, COUNTER)
    })

    describe('given it was removed', () => {
      it('reverts, and all it signed is dead', async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const hers = await visit(world)
        await world.book.removeWitness(world.oracle)
        await expect(redeem({ ...world, as: world.alice, visit: hers }))
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(world.oracle.address)
      })

      it('does not revive it when the key is added again', async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const { book, oracle, observedAt, now } = world
        const before = await visit(world)
        await book.removeWitness(oracle)
        const back = observedAt + 2 * MINUTE
        const validUntil = now + 90 * DAY
        await time.setNextBlockTimestamp(back)
        // It asks to be valid from long ago, which is cut to now.
        await book.addWitness({ key: oracle, classes: LOCATION, site: 0, validFrom: 1, validUntil })
        const atLast = await visit(world, { presence: { observedAt: back - 1 } })
        for (const old of [before, atLast]) {
          await expect(redeem({ ...world, as: world.alice, visit: old }))
            .to.be.revertedWithCustomError(book, 'WitnessNotValid')
            .withArgs(oracle.address, back, validUntil)
        }
        const fresh = await visit(world, { presence: { observedAt: back } })
        await expect(redeem({ ...world, as: world.alice, visit: fresh })).to.emit(
          book,
          'CouponRedeemed',
        )
      })
    })

    describe('given it is valid for an hour only', () => {
      async function shortLived() {
        const world = await networkHelpers.loadFixture(plannedCampaign)
        const validFrom = world.opensAt + 20 * MINUTE
        const validUntil = validFrom + HOUR
        const key = new ethers.Wallet(id('for an hour'))
        await world.book.addWitness({ key, classes: LOCATION, site: 0, validFrom, validUntil })
        const refusal = [key.address, validFrom, validUntil] as const
        return { ...world, key, validFrom, validUntil, refusal }
      }

      it('reverts when it observed a second too early', async () => {
        const world = await shortLived()
        const early = await visit(world, {
          by: [world.key],
          presence: { observedAt: world.validFrom - 1 },
        })
        await time.setNextBlockTimestamp(world.validFrom)
        await expect(redeem({ ...world, as: world.alice, visit: early }))
          .to.be.revertedWithCustomError(world.book, 'WitnessNotValid')
          .withArgs(...world.refusal)
      })

      it('counts what it observed in its first second', async () => {
        const world = await shortLived()
        const first = await visit(world, {
          by: [world.key],
          presence: { observedAt: world.validFrom },
        })
        await time.setNextBlockTimestamp(world.validFrom)
        await expect(redeem({ ...world, as: world.alice, visit: first })).to.emit(
          world.book,
          'CouponRedeemed',
        )
      })

      for (const { when, before, counts } of [
        { when: 'in its last second', before: 1, counts: true },
        { when: 'once it is over', before: 0, counts: false },
      ]) {
        it(`${counts ? 'counts' : 'reverts'} ${when}`, async () => {
          const world = await shortLived()
          const { validUntil } = world
          const last = await visit(world, {
            by: [world.key],
            presence: { observedAt: validUntil - MINUTE },
          })
          await time.setNextBlockTimestamp(validUntil - before)
          const sent = redeem({ ...world, as: world.alice, visit: last })
          if (counts) await expect(sent).to.emit(world.book, 'CouponRedeemed')
          else {
            await expect(sent)
              .to.be.revertedWithCustomError(world.book, 'WitnessNotValid')
              .withArgs(...world.refusal)
          }
        })
      }
    })

    describe('given it may vouch for site 2 only', () => {
      it('reverts at another site', async () => {
        const world = await networkHelpers.loadFixture(deskCampaign)
        for (const site of [1, 3]) {
          await expect(
            redeem({
              ...world,
              as: world.alice,
              visit: await visit(world, { site, by: [world.deskAtTwo] }),
            }),
          )
            .to.be.revertedWithCustomError(world.book, 'WitnessNotAtSite')
            .withArgs(world.deskAtTwo.address, 2, site)
        }
      })

      it('counts at site 2', async () => {
        const world = await networkHelpers.loadFixture(deskCampaign)
        await expect(
          redeem({
            ...world,
            as: world.alice,
            visit: await visit(world, { site: 2, by: [world.deskAtTwo] }),
          }),
        )
          .to.emit(world.book, 'CouponRedeemed')
          .withArgs(1, 0, world.alice.address, 2)
      })
    })
  })

  describe('the observation', () => {
    it('reverts a second before opensAt', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { opensAt, closesAt } = world
      const early = await visit(world, {
        presence: { observedAt: opensAt - 1, validUntil: opensAt + HOUR },
      })
      await expect(redeem({ ...world, as: world.alice, visit: early }))
        .to.be.revertedWithCustomError(world.book, 'ObservedOutsideWindow')
        .withArgs(opensAt - 1, opensAt, closesAt)
    })

    it('counts at opensAt', async () => {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const { opensAt } = world
      const prompt = await visit(world, {
        by: [world.desk],
        presence: { observedAt: opensAt, validUntil: opensAt + HOUR },
      })
      await expect(redeem({ ...world, as: world.alice, visit: prompt })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    it('counts a second before closesAt', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const last = await visit(world, { presence: { observedAt: world.closesAt - 1 } })
      await time.setNextBlockTimestamp(world.closesAt + MINUTE)
      await expect(redeem({ ...world, as: world.alice, visit: last })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    for (const after of [0, 1, HOUR]) {
      it(`reverts ${after} seconds after closesAt, though within the grace`, async () => {
        const world = await networkHelpers.loadFixture(deskCampaign)
        const { opensAt, closesAt } = world
        const observedAt = closesAt + after
        const late = await visit(world, { by: [world.desk], presence: { observedAt } })
        await time.setNextBlockTimestamp(observedAt)
        await expect(redeem({ ...world, as: world.alice, visit: late }))
          .to.be.revertedWithCustomError(world.book, 'ObservedOutsideWindow')
          .withArgs(observedAt, opensAt, closesAt)
      })
    }

    it('counts when it lies a minute ahead of the block, as clocks may', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const block = world.observedAt + MINUTE
      const ahead = await visit(world, { presence: { observedAt: block + 60 } })
      await time.setNextBlockTimestamp(block)
      await expect(redeem({ ...world, as: world.alice, visit: ahead })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    it('reverts a second further ahead', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const block = world.observedAt + MINUTE
      const ahead = await visit(world, { presence: { observedAt: block + 61 } })
      await time.setNextBlockTimestamp(block)
      await expect(redeem({ ...world, as: world.alice, visit: ahead }))
        .to.be.revertedWithCustomError(world.book, 'ObservedInFuture')
        .withArgs(block + 61, block)
    })
  })

  describe('its life', () => {
    it('counts in its last second', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const hers = await visit(world)
      await time.setNextBlockTimestamp(hers.statements[0]!.validUntil - 1)
      await expect(redeem({ ...world, as: world.alice, visit: hers })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    for (const after of [0, 1]) {
      it(`reverts ${after} seconds after it`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const hers = await visit(world)
        const { validUntil } = hers.statements[0]!
        await time.setNextBlockTimestamp(validUntil + after)
        await expect(redeem({ ...world, as: world.alice, visit: hers }))
          .to.be.revertedWithCustomError(world.book, 'StatementExpired')
          .withArgs(validUntil, validUntil + after)
      })
    }

    it('reverts when it ended before it began', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { observedAt } = world
      const block = observedAt + MINUTE
      const hers = await visit(world, { presence: { observedAt, validUntil: 0 } })
      await time.setNextBlockTimestamp(block)
      await expect(redeem({ ...world, as: world.alice, visit: hers }))
        .to.be.revertedWithCustomError(world.book, 'StatementExpired')
        .withArgs(0, block)
    })

    it('may be ten minutes for LOCATION', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { observedAt } = world
      const hers = await visit(world, { presence: { validUntil: observedAt + 10 * MINUTE } })
      await time.setNextBlockTimestamp(observedAt + 10 * MINUTE - 1)
      await expect(redeem({ ...world, as: world.alice, visit: hers })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    it('reverts when LOCATION asks for a second more, or for ever', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { observedAt } = world
      for (const validUntil of [observedAt + 10 * MINUTE + 1, Number.MAX_SAFE_INTEGER]) {
        const hers = await visit(world, { presence: { validUntil } })
        await expect(redeem({ ...world, as: world.alice, visit: hers }))
          .to.be.revertedWithCustomError(world.book, 'StatementTooLong')
          .withArgs(observedAt, validUntil, 10 * MINUTE)
      }
    })

    it('reverts likewise when the key vouches as LOCATION and COUNTER', async () => {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const { book, now, observedAt } = world
      const key = new ethers.Wallet(id('both'))
      await book.addWitness({
        key,
        classes: LOCATION | COUNTER,
        site: 0,
        validFrom: 0,
        validUntil: now + 9 * DAY,
      })
      const seen = observedAt + MINUTE
      const validUntil = seen + 10 * MINUTE + 1
      await time.increaseTo(seen)
      const hers = await visit(world, { by: [key], presence: { observedAt: seen, validUntil } })
      await expect(redeem({ ...world, as: world.alice, visit: hers }))
        .to.be.revertedWithCustomError(book, 'StatementTooLong')
        .withArgs(seen, validUntil, 10 * MINUTE)
    })

    it('may be as long as a counter likes, since it may have been offline', async () => {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const hers = await visit(world, {
        by: [world.desk],
        presence: { validUntil: world.closesAt + DAY },
      })
      await time.setNextBlockTimestamp(world.closesAt + DAY - 1)
      await expect(redeem({ ...world, as: world.alice, visit: hers })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })
  })

  describe('given its times need more than the 64 bits that they are signed as', () => {
    /** What no wallet would encode, signed by hand. */
    async function signedByHand(world: World, options: { by: Wallet; times: Partial<Times> }) {
      const { observedAt } = world
      const times = { observedAt: BigInt(observedAt), validUntil: BigInt(observedAt + MINUTE) }
      const seen = { ...times, ...options.times }
      const hers = await visit(world)
      const [statement] = hers.statements
      const { geofenceHash, evidenceHash } = statement!
      const { campaignId, serial } = hers.coupon
      const { observedAt: from, validUntil: until } = seen
      const words = [campaignId, serial, hers.holder, hers.site, geofenceHash, from, until]
      const structHash = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          [
            'bytes32',
            'uint256',
            'uint256',
            'address',
            'uint16',
            'bytes32',
            'uint256',
            'uint256',
            'bytes32',
          ],
          [id(TypedDataEncoder.from(presenceTypes).encodeType('Presence')), ...words, evidenceHash],
        ),
      )
      const digest = keccak256(
        concat(['0x1901', TypedDataEncoder.hashDomain(world.domain), structHash]),
      )
      const { r, yParityAndS: vs } = options.by.signingKey.sign(digest)
      return { ...hers, statements: [{ geofenceHash, evidenceHash, ...seen, r, vs }] }
    }
    type Times = { observedAt: bigint; validUntil: bigint }
    const largest = 2n ** 256n - 1n

    it('reverts on the observation, and does not cut it to what would count', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, oracle, opensAt, closesAt } = world
      for (const observedAt of [largest, 2n ** 64n + BigInt(world.observedAt)]) {
        const hers = await signedByHand(world, { by: oracle, times: { observedAt } })
        await expect(redeemRaw(book.connect(alice), hers))
          .to.be.revertedWithCustomError(book, 'ObservedOutsideWindow')
          .withArgs(observedAt, opensAt, closesAt)
      }
    })

    it('reverts on the life of a LOCATION statement', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, oracle, observedAt } = world
      const hers = await signedByHand(world, { by: oracle, times: { validUntil: largest } })
      await expect(redeemRaw(book.connect(alice), hers))
        .to.be.revertedWithCustomError(book, 'StatementTooLong')
        .withArgs(observedAt, largest, 10 * MINUTE)
    })

    it("takes the life of a counter's for what it is", async () => {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const { book, alice, desk } = world
      const hers = await signedByHand(world, { by: desk, times: { validUntil: largest } })
      await expect(redeemRaw(book.connect(alice), hers)).to.emit(book, 'CouponRedeemed')
    })

    type ByHand = Awaited<ReturnType<typeof signedByHand>>
    function redeemRaw(book: World['book'], { coupon, site, statements, proof }: ByHand) {
      return book.redeem(
        coupon.campaignId,
        coupon.serial,
        statements,
        site,
        packedProof(proof),
        gas,
      )
    }
  })

  describe('what it was signed for', () => {
    const others: { name: string; presence: (world: World) => Parameters<typeof visit>[1] }[] = [
      { name: 'another coupon of the holder', presence: () => ({ presence: { serial: 3n } }) },
      { name: 'another campaign', presence: () => ({ presence: { campaignId: 2n } }) },
      { name: 'another holder', presence: ({ bob }) => ({ presence: { holder: bob.address } }) },
      { name: 'another site', presence: () => ({ presence: { site: 2 } }) },
      {
        name: 'another book',
        presence: ({ alice }) => ({ domain: domainOf({ book: alice.address }) }),
      },
      {
        name: 'another chain',
        presence: ({ address }) => ({ domain: domainOf({ book: address, chainId: 1n }) }),
      },
      {
        name: 'another name in the domain',
        presence: ({ domain }) => ({ domain: { ...domain, name: 'Coupon secure' } }),
      },
      {
        name: 'another version',
        presence: ({ domain }) => ({ domain: { ...domain, version: '2' } }),
      },
    ]
    for (const { name, presence } of others) {
      it(`reverts when it is for ${name}`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        await expectForeign(world, await visit(world, presence(world)))
      })
    }

    it('reverts when it is for the implementation', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const domain = domainOf({ book: await world.implementation.getAddress() })
      await expectForeign(world, await visit(world, { domain }))
    })

    it('reverts when it is for a second clone with the same campaign, list and witness', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { factory, organiser, oracle, terms, shard, alice, now } = world
      const witnesses = [
        { key: oracle, classes: 1, site: 0, validFrom: 0, validUntil: now + 90 * DAY },
      ]
      await factory.connect(organiser).createBook('twin', witnesses, ZeroHash)
      const twin = await factory.predictBook(organiser, 'twin', witnesses, ZeroHash)
      const book = await ethers.getContractAt('CouponBook', twin, organiser)
      await book.createCampaign('Lunch, Saturday', terms, '')
      await book.issue(1, shard.holders)
      const observedAt = world.observedAt + MINUTE
      await time.increaseTo(observedAt)
      const hers = await visit(world, { presence: { observedAt } })
      await expectForeign({ ...world, book }, hers)

      const forTwin = await visit(world, {
        presence: { observedAt },
        domain: domainOf({ book: twin }),
      })
      await expectForeign(world, forTwin)
      await expect(redeem({ book, as: alice, visit: forTwin })).to.emit(book, 'CouponRedeemed')
      await expect(redeem({ ...world, as: alice, visit: hers })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    it('reverts when the geofence was changed before the campaign opened', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      await world.book.changeTerms(1, { ...world.terms, geofenceHash: id('moved') })
      await time.increaseTo(world.observedAt)
      await expect(redeem({ ...world, as: world.alice, visit: await visit(world) }))
        .to.be.revertedWithCustomError(world.book, 'StatementForOtherGeofence')
        .withArgs(world.terms.geofenceHash, tagOf(id('moved')))
      const moved = await visit(world, { presence: { geofenceHash: id('moved') } })
      await expect(redeem({ ...world, as: world.alice, visit: moved })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    const changes: { name: string; change: (statement: Statement) => Partial<Statement> }[] = [
      { name: 'observedAt', change: ({ observedAt }) => ({ observedAt: observedAt - 1 }) },
      { name: 'validUntil', change: ({ validUntil }) => ({ validUntil: validUntil + 1 }) },
      { name: 'evidenceHash', change: () => ({ evidenceHash: ZeroHash }) },
      { name: 'geofenceHash', change: () => ({ geofenceHash: id('elsewhere') }) },
      {
        name: 'the last bit of geofenceHash',
        change: ({ geofenceHash }) => ({ geofenceHash: flipped(geofenceHash, 255) }),
      },
    ]
    for (const { name, change } of changes) {
      it(`reverts when ${name} was changed after signing`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const hers = await visit(world)
        await expectForeign(world, withStatement(hers, change(hers.statements[0]!)))
      })
    }
  })

  describe('the geofence', () => {
    it('reverts when it is another, though a witness signed for exactly this otherwise', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { geofenceHash } = world.terms
      for (const other of [id('elsewhere'), ZeroHash, flipped(geofenceHash, 0)]) {
        await expect(
          redeem({
            ...world,
            as: world.alice,
            visit: await visit(world, { presence: { geofenceHash: other } }),
          }),
        )
          .to.be.revertedWithCustomError(world.book, 'StatementForOtherGeofence')
          .withArgs(other, tagOf(geofenceHash))
      }
    })

    it("reverts when it was signed over another, but presented with the campaign's", async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const elsewhere = await visit(world, { presence: { geofenceHash: id('elsewhere') } })
      await expectForeign(
        world,
        withStatement(elsewhere, { geofenceHash: world.terms.geofenceHash }),
      )
    })

    it('is compared in its first twelve bytes: the 96th bit counts', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { geofenceHash } = world.terms
      const other = flipped(geofenceHash, 95)
      const hers = await visit(world, { presence: { geofenceHash: other } })
      await expect(redeem({ ...world, as: world.alice, visit: hers }))
        .to.be.revertedWithCustomError(world.book, 'StatementForOtherGeofence')
        .withArgs(other, tagOf(geofenceHash))
    })

    it('is compared in its first twelve bytes: the 97th bit does not', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const geofenceHash = flipped(world.terms.geofenceHash, 96)
      const hers = await visit(world, { presence: { geofenceHash } })
      await expect(redeem({ ...world, as: world.alice, visit: hers })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    describe('given the campaign has none', () => {
      async function placeless() {
        const world = await networkHelpers.loadFixture(plannedCampaign)
        const terms = { requiredWitnesses: COUNTER, geofenceHash: ZeroHash }
        await world.book.changeTerms(1, { ...world.terms, ...terms })
        await time.increaseTo(world.observedAt)
        return world
      }

      it('reverts on a statement that has one', async () => {
        const world = await placeless()
        const hers = await visit(world, { by: [world.desk] })
        await expect(redeem({ ...world, as: world.alice, visit: hers }))
          .to.be.revertedWithCustomError(world.book, 'StatementForOtherGeofence')
          .withArgs(world.terms.geofenceHash, tagOf(ZeroHash))
      })

      it('counts a statement that has none', async () => {
        const world = await placeless()
        const presence = { geofenceHash: ZeroHash }
        const hers = await visit(world, { by: [world.desk], presence })
        await expect(redeem({ ...world, as: world.alice, visit: hers })).to.emit(
          world.book,
          'CouponRedeemed',
        )
      })
    })
  })

  describe('its signature', () => {
    it('reverts when any one bit of it is flipped', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const hers = await visit(world)
      const { r, vs } = hers.statements[0]!
      for (let bit = 0n; bit < 256n; bit += 5n) {
        await expectForeign(world, withStatement(hers, { r: toBeHex(BigInt(r) ^ (1n << bit), 32) }))
        await expectForeign(
          world,
          withStatement(hers, { vs: toBeHex(BigInt(vs) ^ (1n << (255n - bit)), 32) }),
        )
      }
    })

    it('reverts on the high-s twin of a good one, whatever its parity', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const hers = await visit(world)
      const s = BigInt(hers.statements[0]!.vs) & ((1n << 255n) - 1n)
      const high = ORDER - s
      for (const vs of [high & ((1n << 255n) - 1n), high | (1n << 255n)]) {
        await expectForeign(
          world,
          withStatement(hers, { vs: toBeHex(vs & ((1n << 256n) - 1n), 32) }),
        )
      }
    })

    it('reverts with a zero signer when it is no signature at all', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const hers = await visit(world)
      for (const [r, vs] of [
        [ZeroHash, ZeroHash],
        [toBeHex(ORDER, 32), ZeroHash],
        [id('r'), ZeroHash],
      ] as const) {
        await expect(redeem({ ...world, as: world.alice, visit: withStatement(hers, { r, vs }) }))
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(ZeroAddress)
      }
    })
  })

  it('names the earliest of several reasons, in the order of the checks', async () => {
    const world = await networkHelpers.loadFixture(plannedCampaign)
    const { book, opensAt, alice, now } = world
    const key = new ethers.Wallet(id('late and elsewhere'))
    const entry = {
      key,
      classes: LOCATION,
      site: 2,
      validFrom: opensAt + HOUR,
      validUntil: now + 90 * DAY,
    }
    const presence = { observedAt: opensAt - 1, validUntil: 0, geofenceHash: id('elsewhere') }
    const send = async (change: Parameters<typeof visit>[1]) => {
      const options = { by: [key], ...change, presence: { ...presence, ...change?.presence } }
      return redeem({ book, as: alice, visit: await visit(world, options) })
    }
    const refused = async (name: string, change: Parameters<typeof visit>[1]) =>
      expect(send(change)).to.be.revertedWithCustomError(book, name)

    await time.increaseTo(opensAt)
    await refused('NotAWitness', {})
    await book.addWitness(entry)
    await refused('NotAWitness', { presence: { serial: 77n } })
    await refused('WitnessNotValid', {})
    await refused('WitnessNotAtSite', { presence: { observedAt: opensAt + DAY } })
    await refused('StatementForOtherGeofence', { site: 2, presence: { observedAt: opensAt + DAY } })
    const here = { geofenceHash: world.terms.geofenceHash, observedAt: opensAt + HOUR }
    await refused('ObservedOutsideWindow', {
      site: 2,
      presence: { ...here, observedAt: opensAt + DAY },
    })
    await refused('ObservedInFuture', { site: 2, presence: here })
    await time.increaseTo(opensAt + HOUR)
    await refused('StatementExpired', { site: 2, presence: here })
    await refused('StatementTooLong', {
      site: 2,
      presence: { ...here, validUntil: opensAt + DAY },
    })
    const good = { ...here, validUntil: opensAt + HOUR + MINUTE }
    await refused('NotIssued', {
      seat: 1,
      site: 2,
      presence: { ...good, holder: alice.address },
    })
    await expect(send({ site: 2, presence: good })).to.emit(book, 'CouponRedeemed')
  })

  describe('a sender who is a witness', () => {
    async function sendingDesk() {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const { book, alice, bob, now } = world
      await book.addWitness({
        key: alice,
        classes: COUNTER,
        site: 1,
        validFrom: 0,
        validUntil: now + 90 * DAY,
      })
      await book.addWitness({
        key: bob,
        classes: LOCATION,
        site: 0,
        validFrom: 0,
        validUntil: now + 90 * DAY,
      })
      return world
    }

    it('vouches by sending, at its site', async () => {
      const world = await sendingDesk()
      await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { by: [] }) }))
        .to.emit(world.book, 'CouponRedeemed')
        .withArgs(1, 0, world.alice.address, 1)
    })

    it('reverts at another site', async () => {
      const world = await sendingDesk()
      await expect(
        redeem({ ...world, as: world.alice, visit: await visit(world, { site: 2, by: [] }) }),
      )
        .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
        .withArgs(COUNTER, 0)
    })

    it('reverts when its class is not the one required', async () => {
      const world = await sendingDesk()
      await expect(
        redeem({ ...world, as: world.bob, visit: await visit(world, { seat: 1, by: [] }) }),
      )
        .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
        .withArgs(COUNTER, LOCATION)
    })

    it('adds its class to those of the statements', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      const { book, alice, terms, now } = world
      await book.changeTerms(1, { ...terms, requiredWitnesses: LOCATION | COUNTER })
      await book.addWitness({
        key: alice,
        classes: COUNTER,
        site: 0,
        validFrom: 0,
        validUntil: now + 90 * DAY,
      })
      await time.increaseTo(world.observedAt)
      await expect(redeem({ book, as: alice, visit: await visit(world) })).to.emit(
        book,
        'CouponRedeemed',
      )
    })

    it('reverts within the grace, where only statements count', async () => {
      const world = await sendingDesk()
      const { book, alice, closesAt } = world
      await time.setNextBlockTimestamp(closesAt)
      await expect(redeem({ book, as: alice, visit: await visit(world, { by: [] }) }))
        .to.be.revertedWithCustomError(book, 'PresenceMissing')
        .withArgs(COUNTER, 0)
    })

    it('vouches in the last second of the window', async () => {
      const world = await sendingDesk()
      await time.setNextBlockTimestamp(world.closesAt - 1)
      await expect(
        redeem({ ...world, as: world.alice, visit: await visit(world, { by: [] }) }),
      ).to.emit(world.book, 'CouponRedeemed')
    })

    for (const { when, at, counts } of [
      { when: 'a second before its own validity', at: -1, counts: false },
      { when: 'in the first second of it', at: 0, counts: true },
      { when: 'in the last second of it', at: 599, counts: true },
      { when: 'once it is over', at: 600, counts: false },
    ]) {
      it(`${counts ? 'vouches' : 'reverts'} ${when}`, async () => {
        const world = await networkHelpers.loadFixture(deskCampaign)
        const { book, alice } = world
        const validFrom = world.observedAt + HOUR
        await book.addWitness({
          key: alice,
          classes: COUNTER,
          site: 0,
          validFrom,
          validUntil: validFrom + 600,
        })
        await time.setNextBlockTimestamp(validFrom + at)
        const sent = redeem({ book, as: alice, visit: await visit(world, { by: [] }) })
        if (counts) await expect(sent).to.emit(book, 'CouponRedeemed')
        else
          await expect(sent)
            .to.be.revertedWithCustomError(book, 'PresenceMissing')
            .withArgs(COUNTER, 0)
      })
    }

    it('reverts once it was removed', async () => {
      const world = await sendingDesk()
      await world.book.removeWitness(world.alice)
      await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { by: [] }) }))
        .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
        .withArgs(COUNTER, 0)
    })
  })

  describe('while the location oracle is down, so that nobody gets a statement of it', () => {
    it('redeems nothing of a campaign that requires LOCATION, whoever else vouches', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      for (const by of [[], [world.desk], [world.desk, world.deskAtTwo]]) {
        await expect(
          redeem({ ...world, as: world.alice, visit: await visit(world, { site: 2, by }) }),
        )
          .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
          .withArgs(LOCATION, by.length > 0 ? COUNTER : 0)
      }
    })

    it('redeems nothing with a statement that it left behind and that has run out', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const left = await visit(world)
      await time.increaseTo(left.statements[0]!.validUntil)
      await expect(
        redeem({ ...world, as: world.alice, visit: left }),
      ).to.be.revertedWithCustomError(world.book, 'StatementExpired')
    })

    it('redeems a campaign that requires COUNTER alone', async () => {
      const world = await networkHelpers.loadFixture(deskCampaign)
      const hers = await visit(world, { by: [world.desk] })
      await expect(redeem({ ...world, as: world.alice, visit: hers }))
        .to.emit(world.book, 'CouponRedeemed')
        .withArgs(1, hers.coupon.serial, world.alice.address, 1)
    })
  })
})
