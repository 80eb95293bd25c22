import { expect } from 'chai'
import { concat, dataSlice, id, toBeHex, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  COUNTER,
  DAY,
  gas,
  LOCATION,
  MINUTE,
  openCampaign,
  plannedCampaign,
  redeem,
  visit,
  type World,
} from './book-fixture.ts'
import {
  hashOver,
  leafOf,
  levelsOf,
  nodeOf,
  packedProof,
  proofOf,
  rootOf,
  type Shard,
  ZERO_NODE,
} from './shard-reference.ts'
import { signerOf } from './typed-data.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const NOT_PAYABLE = 'Ether sent to non-payable function'
const [NOT_ISSUED, UNUSED, REDEEMED] = [0n, 1n, 2n]

/** The campaign, changed before it opens, and then open for ten minutes. */
async function openWith(terms: Partial<World['terms']>) {
  const world = await networkHelpers.loadFixture(plannedCampaign)
  await world.book.changeTerms(1, { ...world.terms, ...terms })
  await time.increaseTo(world.observedAt)
  return { ...world, terms: { ...world.terms, ...terms } }
}

describe('CouponBook, redeem', () => {
  it('uses the coupon of its holder, and tells', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, bob, root } = world
    const hers = await visit(world, { seat: 1, site: 2 })
    const status = () => book.statusOf(1, hers.coupon.serial, bob.address, packedProof(hers.proof))
    expect(await status()).to.equal(UNUSED)
    await expect(redeem({ book, as: bob, visit: hers }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, 1, bob.address, 2)
    expect(await status()).to.equal(REDEEMED)
    expect(await book.ledger(1, [root])).to.deep.equal([5n, 1n, 0n, 4n])
  })

  it('uses the last seat of a full shard, and the only seat of a shard of one', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, alice, carol } = world
    const holders = [
      ...Array.from({ length: 254 }, () => carol.address),
      alice.address,
      carol.address,
    ]
    await book.issue(1, holders, { gasLimit: 5_000_000 })
    const full: Shard = { index: 1n, holders: holders.slice(0, 255) }
    const single: Shard = { index: 2n, holders: holders.slice(255) }

    await expect(redeem({ book, as: alice, visit: await visit(world, { shard: full, seat: 254 }) }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, (1 << 8) | 254, alice.address, 1)
    const lone = await visit(world, { shard: single })
    expect(lone.proof).to.deep.equal([])
    await expect(redeem({ book, as: carol, visit: lone }))
      .to.emit(book, 'CouponRedeemed')
      .withArgs(1, 2 << 8, carol.address, 1)
  })

  it('reverts when there is no such campaign', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const hers = await visit(world)
    for (const campaignId of [0n, 2n]) {
      const elsewhere = { ...hers, coupon: { ...hers.coupon, campaignId } }
      await expect(redeem({ ...world, as: world.alice, visit: elsewhere }))
        .to.be.revertedWithCustomError(world.book, 'UnknownCampaign')
        .withArgs(campaignId)
    }
  })

  describe('the window', () => {
    it('reverts a second before opensAt', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      const early = await visit(world, { presence: { observedAt: world.opensAt } })
      await time.setNextBlockTimestamp(world.opensAt - 1)
      await expect(redeem({ ...world, as: world.alice, visit: early }))
        .to.be.revertedWithCustomError(world.book, 'CampaignNotOpen')
        .withArgs(world.opensAt, world.opensAt - 1)
    })

    it('is open at opensAt', async () => {
      const world = await networkHelpers.loadFixture(plannedCampaign)
      const prompt = await visit(world, { presence: { observedAt: world.opensAt } })
      await time.setNextBlockTimestamp(world.opensAt)
      await expect(redeem({ ...world, as: world.alice, visit: prompt })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    // A desk's statement, which may live to the end of the grace, tells the window from the grace.
    for (const { name, after } of [
      { name: 'a second before closesAt', after: -1 },
      { name: 'at closesAt', after: 0 },
      { name: 'in the last second of the grace', after: DAY - 1 },
    ]) {
      it(`takes what was witnessed inside the window ${name}`, async () => {
        const world = await openWith({ requiredWitnesses: COUNTER })
        const { closesAt, desk } = world
        const late = await visit(world, {
          by: [desk],
          presence: { observedAt: closesAt - 1, validUntil: closesAt + 2 * DAY },
        })
        await time.setNextBlockTimestamp(closesAt + after)
        await expect(redeem({ ...world, as: world.alice, visit: late })).to.emit(
          world.book,
          'CouponRedeemed',
        )
      })
    }

    it('reverts when the grace is over', async () => {
      const world = await openWith({ requiredWitnesses: COUNTER })
      const { closesAt, desk } = world
      const late = await visit(world, {
        by: [desk],
        presence: { observedAt: closesAt - 1, validUntil: closesAt + 2 * DAY },
      })
      await time.setNextBlockTimestamp(closesAt + DAY)
      await expect(redeem({ ...world, as: world.alice, visit: late }))
        .to.be.revertedWithCustomError(world.book, 'CampaignIsOver')
        .withArgs(closesAt + DAY, closesAt + DAY)
    })

    describe('given the campaign requires no witness', () => {
      const alone = { requiredWitnesses: 0 }

      it('takes a bare redemption a second before closesAt', async () => {
        const world = await openWith(alone)
        await time.setNextBlockTimestamp(world.closesAt - 1)
        await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { by: [] }) }))
          .to.emit(world.book, 'CouponRedeemed')
          .withArgs(1, 0, world.alice.address, 1)
      })

      it('reverts at closesAt, grace or no grace, whatever was witnessed', async () => {
        const world = await openWith(alone)
        const { closesAt, desk } = world
        const presence = { observedAt: closesAt - 1, validUntil: closesAt + DAY }
        for (const [after, by] of [
          [0, []],
          [1, [desk]],
        ] as const) {
          await time.setNextBlockTimestamp(closesAt + after)
          await expect(
            redeem({
              ...world,
              as: world.alice,
              visit: await visit(world, { by: [...by], presence }),
            }),
          )
            .to.be.revertedWithCustomError(world.book, 'CampaignHasClosed')
            .withArgs(closesAt, closesAt + after)
        }
      })

      it('still refuses a statement that does not count', async () => {
        const world = await openWith(alone)
        const nobody = new ethers.Wallet(id('nobody'))
        const foreign = await visit(world, { by: [nobody] })
        await expect(redeem({ ...world, as: world.alice, visit: foreign }))
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(nobody.address)
      })
    })
  })

  describe('the site', () => {
    for (const site of [0, 4, 65_535]) {
      it(`reverts when a campaign of three sites is asked for site ${site}`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { site }) }))
          .to.be.revertedWithCustomError(world.book, 'UnknownSite')
          .withArgs(site, 3)
      })
    }

    for (const site of [1, 3]) {
      it(`takes site ${site} of three`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { site }) }))
          .to.emit(world.book, 'CouponRedeemed')
          .withArgs(1, 0, world.alice.address, site)
      })
    }

    it('is 0, and nothing else, where a campaign has no sites', async () => {
      const world = await openWith({ requiredWitnesses: 0, sites: 0, geofenceHash: ZeroHash })
      await expect(
        redeem({ ...world, as: world.alice, visit: await visit(world, { site: 1, by: [] }) }),
      )
        .to.be.revertedWithCustomError(world.book, 'UnknownSite')
        .withArgs(1, 0)
      await expect(
        redeem({ ...world, as: world.alice, visit: await visit(world, { site: 0, by: [] }) }),
      )
        .to.emit(world.book, 'CouponRedeemed')
        .withArgs(1, 0, world.alice.address, 0)
    })
  })

  describe('the witnesses required', () => {
    const both = LOCATION | COUNTER
    const cases = [
      { required: 0, by: [], isEnough: true },
      { required: LOCATION, by: [], isEnough: false, covered: 0 },
      { required: LOCATION, by: ['oracle'], isEnough: true },
      { required: LOCATION, by: ['desk'], isEnough: false, covered: COUNTER },
      { required: LOCATION, by: ['desk', 'oracle'], isEnough: true },
      { required: COUNTER, by: [], isEnough: false, covered: 0 },
      { required: COUNTER, by: ['desk'], isEnough: true },
      { required: COUNTER, by: ['oracle'], isEnough: false, covered: LOCATION },
      { required: both, by: [], isEnough: false, covered: 0 },
      { required: both, by: ['oracle'], isEnough: false, covered: LOCATION },
      { required: both, by: ['oracle', 'oracle'], isEnough: false, covered: LOCATION },
      { required: both, by: ['desk'], isEnough: false, covered: COUNTER },
      { required: both, by: ['desk', 'oracle'], isEnough: true },
      { required: both, by: ['oracle', 'desk'], isEnough: true },
      { required: 4, by: ['oracle', 'desk'], isEnough: false, covered: both },
    ] as const
    for (const { required, by, isEnough, ...rest } of cases) {
      const names = by.length === 0 ? 'nobody' : by.join(' and ')
      it(`${isEnough ? 'takes' : 'reverts on'} ${names} where classes ${required} are required`, async () => {
        const world = await openWith({ requiredWitnesses: required })
        const hers = await visit(world, { by: by.map((name) => world[name]) })
        const sent = redeem({ ...world, as: world.alice, visit: hers })
        if (isEnough) await expect(sent).to.emit(world.book, 'CouponRedeemed')
        else {
          await expect(sent)
            .to.be.revertedWithCustomError(world.book, 'PresenceMissing')
            .withArgs(required, 'covered' in rest ? rest.covered : 0)
        }
      })
    }

    it('takes one key that vouches as both', async () => {
      const world = await openWith({ requiredWitnesses: both })
      const { book, stranger, now } = world
      await book.addWitness({
        key: stranger,
        classes: both,
        site: 0,
        validFrom: 0,
        validUntil: now + 90 * DAY,
      })
      const observedAt = world.observedAt + MINUTE
      const hers = await visit(world, { by: [stranger], presence: { observedAt } })
      await time.increaseTo(observedAt)
      await expect(redeem({ book, as: world.alice, visit: hers })).to.emit(book, 'CouponRedeemed')
    })

    for (const [bad, name] of ['first', 'second'].entries()) {
      it(`does not let a good statement cover for a bad one, though it be the ${name}`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const hers = await visit(world, { by: [world.oracle, world.oracle] })
        const statement = { ...hers.statements[bad]!, evidenceHash: ZeroHash }
        hers.statements[bad] = statement
        const { coupon, holder, site } = hers
        await expect(redeem({ ...world, as: world.alice, visit: hers }))
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(signerOf({ ...world, presence: { ...coupon, holder, site }, statement }))
      })
    }

    it('names what is wrong with the first of several bad statements', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const [one, other] = [new ethers.Wallet(id('one')), new ethers.Wallet(id('other'))]
      for (const by of [
        [one, other],
        [other, one],
      ]) {
        await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { by }) }))
          .to.be.revertedWithCustomError(world.book, 'NotAWitness')
          .withArgs(by[0]!.address)
      }
    })
  })

  describe('the coupon', () => {
    it('is used once', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const hers = await visit(world)
      await redeem({ ...world, as: world.alice, visit: hers })
      const another = await visit(world, { site: 2, by: [world.oracle, world.desk] })
      for (const again of [hers, another]) {
        await expect(redeem({ ...world, as: world.alice, visit: again }))
          .to.be.revertedWithCustomError(world.book, 'CouponAlreadyRedeemed')
          .withArgs(1, 0)
      }
      expect(await world.book.ledger(1, [world.root])).to.deep.equal([5n, 1n, 0n, 4n])
    })

    it('reverts when it was revoked', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      await world.book.revoke(1, world.root, [3], 'gave it back')
      await expect(redeem({ ...world, as: world.alice, visit: await visit(world, { seat: 3 }) }))
        .to.be.revertedWithCustomError(world.book, 'CouponIsRevoked')
        .withArgs(1, 3)
    })

    it("is not another holder's, though the witness says so", async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, bob, stranger } = world
      for (const thief of [bob, stranger]) {
        const stolen = await visit(world, { presence: { holder: thief.address } })
        await expect(redeem({ book, as: thief, visit: stolen }))
          .to.be.revertedWithCustomError(book, 'NotIssued')
          .withArgs(1, 0, thief.address)
      }
    })

    it('is not what the proof of another seat, shard or campaign shows', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, terms, shard } = world
      await book.createCampaign('Dinner', terms, '')
      await book.issue(2, [alice.address])
      await book.issue(1, [alice.address])
      const serials = [
        1n,
        4n,
        5n,
        255n,
        257n,
        1n << 96n,
        (1n << 96n) | 3n,
        (1n << 255n) | 3n,
        2n ** 256n - 1n,
      ]
      for (const serial of serials) {
        const hers = await visit(world, { seat: 3, presence: { serial } })
        await expect(
          redeem({ book, as: alice, visit: { ...hers, coupon: { ...hers.coupon, serial } } }),
        )
          .to.be.revertedWithCustomError(book, 'NotIssued')
          .withArgs(1, serial, alice.address)
      }
      const hers = await visit({ ...world, campaignId: 2n }, { shard, seat: 3 })
      await expect(redeem({ book, as: alice, visit: hers }))
        .to.be.revertedWithCustomError(book, 'NotIssued')
        .withArgs(2, 3, alice.address)
    })

    it('is not shown by a proof that was shortened, lengthened, reordered or changed', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, shard } = world
      const hers = await visit(world)
      const { proof } = hers
      const others = [
        [],
        proof.slice(0, -1),
        proof.slice(1),
        [...proof, ZERO_NODE],
        [...proof, nodeOf(rootOf(shard))],
        [ZERO_NODE, ...proof],
        proof.toReversed(),
        proofOf({ shard, seat: 3 }),
        proofOf({ shard: { ...shard, holders: shard.holders.toReversed() }, seat: 0 }),
        [toBeHex(BigInt(proof[0]!) ^ 1n, 20), ...proof.slice(1)],
        [...proof, ...Array.from({ length: 8 }, () => ZERO_NODE)],
        Array.from({ length: 64 }, () => ZERO_NODE),
        // no whole nodes
        [...proof, '0x00'],
        [...proof.slice(0, -1), dataSlice(proof.at(-1)!, 0, 19)],
        [...proof.slice(0, -1), concat([proof.at(-1)!, new Uint8Array(12)])],
      ]
      for (const other of others) {
        await expect(redeem({ book, as: alice, visit: { ...hers, proof: other } }))
          .to.be.revertedWithCustomError(book, 'NotIssued')
          .withArgs(1, 0, alice.address)
      }
    })

    it('is not shown by a proof whose last byte, a zero, is left out', async () => {
      const { book, alice } = await networkHelpers.loadFixture(openCampaign)
      const index = await book.shardCount(1)
      // What lies behind the proof in the calldata is zero too: only its length tells.
      const beside = Array.from({ length: 5_000 }, (_, i) => toBeHex(i + 1, 20)).find((holder) =>
        nodeOf(leafOf({ serial: (index << 8n) | 1n, holder })).endsWith('00'),
      )!
      await book.issue(1, [alice, beside])
      const serial = index << 8n
      const proof = nodeOf(leafOf({ serial: serial | 1n, holder: beside }))
      expect(await book.statusOf(1, serial, alice, proof)).to.equal(UNUSED)
      const short = dataSlice(proof, 0, 19)
      expect(await book.statusOf(1, serial, alice, short)).to.equal(NOT_ISSUED)
    })

    it('is not an inner node of the tree, nor a seat nobody got', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, shard } = world
      const levels = levelsOf(shard)
      // The padded seats of a shard of five: their leaf is the zero word, which no serial and holder hash to.
      for (const seat of [5, 6, 7, 254]) {
        const proof = packedProof(
          [levels[0]![4]!, levels[1]![2] ?? ZeroHash, levels[2]![0]!].map(nodeOf),
        )
        expect(await book.statusOf(1, seat, alice.address, proof)).to.equal(NOT_ISSUED)
      }
      const inner = hashOver(levels[0]![0]!, levels[0]![1]!)
      expect(inner).to.equal(levels[1]![0])
      expect(leafOf({ serial: 0n, holder: alice.address })).to.equal(levels[0]![0])
      for (const serial of [BigInt(inner) >> 160n, BigInt(inner)]) {
        const holder = toBeHex(BigInt(inner) & (2n ** 160n - 1n), 20)
        const proof = packedProof(levels[1]!.slice(1, 2).map(nodeOf))
        expect(await book.statusOf(1, serial, holder, proof)).to.equal(NOT_ISSUED)
      }
    })
  })

  it('names the earliest of several reasons, in the order of the checks', async () => {
    const world = await networkHelpers.loadFixture(plannedCampaign)
    const { book, bob, opensAt } = world
    const wrong = await visit(world, { seat: 0, site: 9, by: [new ethers.Wallet(id('nobody'))] })
    const unknown = { ...wrong, coupon: { ...wrong.coupon, campaignId: 2n } }
    await time.setNextBlockTimestamp(opensAt - 10)
    await expect(redeem({ book, as: bob, visit: unknown })).to.be.revertedWithCustomError(
      book,
      'UnknownCampaign',
    )
    await book.pause(1)
    await expect(redeem({ book, as: bob, visit: wrong })).to.be.revertedWithCustomError(
      book,
      'CampaignIsPaused',
    )
    await book.resume(1)
    await time.increaseTo(opensAt - 2)
    await expect(redeem({ book, as: bob, visit: wrong })).to.be.revertedWithCustomError(
      book,
      'CampaignNotOpen',
    )
    await time.increaseTo(opensAt)
    await expect(redeem({ book, as: bob, visit: wrong })).to.be.revertedWithCustomError(
      book,
      'UnknownSite',
    )
    const here = { ...wrong, site: 1 }
    await expect(redeem({ book, as: bob, visit: here })).to.be.revertedWithCustomError(
      book,
      'NotAWitness',
    )
    const bare = { ...here, statements: [] }
    await expect(redeem({ book, as: bob, visit: bare })).to.be.revertedWithCustomError(
      book,
      'PresenceMissing',
    )
    const seen = await visit(world, {
      presence: { holder: bob.address, observedAt: opensAt },
    })
    await expect(redeem({ book, as: bob, visit: seen })).to.be.revertedWithCustomError(
      book,
      'NotIssued',
    )
  })

  it('takes no money', async () => {
    const world = await networkHelpers.loadFixture(openCampaign)
    const { book, address, alice } = world
    const { coupon, proof, site, statements } = await visit(world)
    const data = book.interface.encodeFunctionData('redeem', [
      coupon.campaignId,
      coupon.serial,
      statements,
      site,
      packedProof(proof),
    ])
    await expect(
      alice.sendTransaction({ to: address, data, value: 1n, ...gas }),
    ).to.be.revertedWith(NOT_PAYABLE)
    await expect(alice.sendTransaction({ to: address, value: 1n, ...gas })).to.be.revertedWith(
      NOT_PAYABLE,
    )
    expect(await ethers.provider.getBalance(address)).to.equal(0)
  })
})
