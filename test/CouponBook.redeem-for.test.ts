import { expect } from 'chai'
import { concat, id, Signature, toBeHex, Wallet, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  MINUTE,
  openCampaign,
  redeem,
  redeemFor,
  visit,
  type World,
} from './book-fixture.ts'
import { packedProof, rootOf, type Shard } from './shard-reference.ts'
import { domainOf, permit, signerOf } from './typed-data.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const [UNUSED, REDEEMED] = [1n, 2n]
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

// In the order of contracts/mocks/AwkwardWallet.sol.
const manners = [
  'says yes',
  'says no',
  'says yes with a dirty word',
  'says true',
  'answers 31 bytes',
  'answers nothing',
  'reverts',
  'reverts with a yes',
  'burns all gas',
  'answers with 600 kB',
  'reverts with 600 kB',
  'calls back',
] as const
type Manner = (typeof manners)[number]

async function awkward(manner: Manner) {
  return ethers.deployContract('AwkwardWallet', [manners.indexOf(manner)])
}

/** Coupons of their own, in shard 1, for accounts that no fixture knows. */
async function issuedTo(world: World, holders: string[]): Promise<Shard> {
  await world.book.issue(1, holders)
  return { index: 1n, holders }
}

/** A batch of one: bob's own coupon, with his permission and room for one statement. */
async function itemOfBob(world: World): Promise<string> {
  const { coupon, proof, site } = await visit(world, { seat: 1 })
  const redeem = { ...coupon, site, deadline: world.closesAt }
  const signature = await permit({ holder: world.bob, domain: world.domain, redeem })
  const counts = toBeHex((1 << 4) | proof.length, 1)
  return concat([toBeHex(1, 5), toBeHex(world.closesAt, 4), counts, signature, ...proof])
}

describe('CouponBook, redeemFor', () => {
  describe('given the holder signed', () => {
    for (const bytes of [64, 65] as const) {
      it(`uses the coupon, whoever sends it, with ${bytes} bytes of signature`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const { book, stranger, bob } = world
        const his = await visit(world, { seat: 1, site: 3 })
        await expect(redeemFor(world, { visit: his, as: stranger, signer: bob, bytes }))
          .to.emit(book, 'CouponRedeemed')
          .withArgs(1, 1, bob.address, 3)
        expect(await book.statusOf(1, 1, bob.address, packedProof(his.proof))).to.equal(REDEEMED)
        expect(await book.ledger(1, [world.root])).to.deep.equal([5n, 1n, 0n, 4n])
      })
    }

    it('uses it for the holder and no one else, though another copies the call', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, stranger, carol } = world
      const hers = await visit(world)
      const signature = await permit({
        holder: alice,
        domain: world.domain,
        redeem: { ...hers.coupon, site: 1, deadline: world.closesAt },
      })
      await expect(redeemFor(world, { visit: hers, as: stranger, signature }))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 0, alice.address, 1)
      await expect(redeemFor(world, { visit: hers, as: carol, signature }))
        .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
        .withArgs(1, 0)
    })

    it('is one use with the other ways: redeemed by either, refused by both', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, stranger } = world
      await redeem({ book, as: alice, visit: await visit(world, { seat: 0 }) })
      await redeemFor(world, {
        visit: await visit(world, { seat: 3 }),
        as: stranger,
        signer: alice,
      })
      for (const seat of [0, 3]) {
        const again = await visit(world, { seat })
        await expect(redeem({ book, as: alice, visit: again }))
          .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
          .withArgs(1, seat)
        for (const bytes of [64, 65] as const) {
          await expect(redeemFor(world, { visit: again, as: stranger, signer: alice, bytes }))
            .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
            .withArgs(1, seat)
        }
      }
    })

    it('still asks for presence, and for nothing less than the holder herself would bring', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, stranger } = world
      await expect(
        redeemFor(world, { visit: await visit(world, { by: [] }), as: stranger, signer: alice }),
      )
        .to.be.revertedWithCustomError(book, 'PresenceMissing')
        .withArgs(1, 0)
      const elsewhere = await visit(world, { presence: { serial: 3n } })
      const { coupon, holder, site, statements } = elsewhere
      const presence = { ...coupon, holder, site }
      await expect(redeemFor(world, { visit: elsewhere, as: stranger, signer: alice }))
        .to.be.revertedWithCustomError(book, 'NotAWitness')
        .withArgs(signerOf({ ...world, presence, statement: statements[0]! }))
    })

    it('counts a sender who is a witness: the counter vouches by sending', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, stranger, now } = world
      await book.addWitness({
        key: stranger,
        classes: 1,
        site: 1,
        validFrom: 0,
        validUntil: now + 90 * 86_400,
      })
      await expect(
        redeemFor(world, { visit: await visit(world, { by: [] }), as: stranger, signer: alice }),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 0, alice.address, 1)
    })

    it('reverts when there is no such campaign', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const elsewhere = await visit({ ...world, campaignId: 2n })
      await expect(redeemFor(world, { visit: elsewhere, as: world.stranger, signer: world.alice }))
        .to.be.revertedWithCustomError(world.book, 'UnknownCampaign')
        .withArgs(2)
    })

    it('reverts when the coupon is not theirs', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, bob, stranger } = world
      const stolen = {
        ...(await visit(world, { presence: { holder: bob.address } })),
        holder: bob.address,
      }
      await expect(redeemFor(world, { visit: stolen, as: stranger, signer: bob }))
        .to.be.revertedWithCustomError(book, 'NotIssued')
        .withArgs(1, 0, bob.address)
    })
  })

  describe('the deadline', () => {
    it('is the last second in which it may be sent', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const deadline = world.observedAt + 2 * MINUTE
      await time.setNextBlockTimestamp(deadline)
      await expect(
        redeemFor(world, {
          visit: await visit(world),
          as: world.stranger,
          signer: world.alice,
          deadline,
        }),
      ).to.emit(world.book, 'CouponRedeemed')
    })

    it('reverts a second later, before anything else is looked at', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const deadline = world.observedAt + 2 * MINUTE
      await time.setNextBlockTimestamp(deadline + 1)
      await expect(
        redeemFor(world, {
          visit: await visit(world),
          as: world.stranger,
          signature: '0x',
          deadline,
        }),
      )
        .to.be.revertedWithCustomError(world.book, 'RedeemExpired')
        .withArgs(deadline, deadline + 1)
    })
  })

  describe('the signature', () => {
    async function refused(world: World, signature: string) {
      await expect(redeemFor(world, { visit: await visit(world), as: world.stranger, signature }))
        .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
        .withArgs(world.alice.address)
    }
    const good = async (world: World) =>
      permit({
        holder: world.alice,
        domain: world.domain,
        redeem: { campaignId: 1n, serial: 0n, site: 1, deadline: world.closesAt },
        bytes: 65,
      })

    it('reverts when somebody else signed', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      for (const signer of [world.bob, world.stranger, world.oracle, world.organiser]) {
        await expect(redeemFor(world, { visit: await visit(world), as: world.stranger, signer }))
          .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
          .withArgs(world.alice.address)
      }
    })

    for (const { name, change } of [
      { name: 'another campaign', change: { campaignId: 2n } },
      { name: 'another coupon', change: { serial: 3n } },
      { name: 'another site', change: { site: 2 } },
      { name: 'another deadline', change: { deadline: 1_900_000_000 } },
    ]) {
      it(`reverts when it is for ${name}`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const message = { campaignId: 1n, serial: 0n, site: 1, deadline: world.closesAt, ...change }
        await refused(
          world,
          await permit({ holder: world.alice, domain: world.domain, redeem: message }),
        )
      })
    }

    it('reverts when it is for another book or another chain', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const message = { campaignId: 1n, serial: 0n, site: 1, deadline: world.closesAt }
      const { alice, address, implementation } = world
      for (const domain of [
        domainOf({ book: await implementation.getAddress() }),
        domainOf({ book: address, chainId: 1n }),
      ]) {
        await refused(world, await permit({ holder: alice, domain, redeem: message }))
      }
    })

    it('reverts when any one bit of it is flipped, in either form', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const long = await good(world)
      const short = Signature.from(long).compactSerialized
      for (const signature of [long, short]) {
        const size = (signature.length - 2) * 4
        for (let bit = 0; bit < size; bit += 13) {
          await refused(world, toBeHex(BigInt(signature) ^ (1n << BigInt(bit)), size / 8))
        }
      }
    })

    it('reverts on the high-s twin, and on a v of 0 or 1', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { r, s, yParity } = Signature.from(await good(world))
      await refused(world, concat([r, toBeHex(ORDER - BigInt(s), 32), toBeHex(28 - yParity, 1)]))
      await refused(world, concat([r, s, toBeHex(yParity, 1)]))
    })

    it('reverts when it is empty, cut short or followed by more', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const long = await good(world)
      const short = Signature.from(long).compactSerialized
      for (const signature of [
        '0x',
        long.slice(0, -4),
        `${long}00`,
        `${short}0000`,
        short.slice(0, -2),
        `0x${'00'.repeat(64)}`,
        `0x${'00'.repeat(65)}`,
      ]) {
        await refused(world, signature)
      }
    })

    it('reverts when the holder is the zero address, to which a broken signature recovers', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const nobody = { ...(await visit(world)), holder: ZeroAddress }
      for (const signature of ['0x', `0x${'00'.repeat(64)}`, `0x${'00'.repeat(65)}`]) {
        await expect(redeemFor(world, { visit: nobody, as: world.stranger, signature }))
          .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
          .withArgs(ZeroAddress)
      }
    })
  })

  describe('given the holder is a smart wallet', () => {
    it("takes its owner's signature, 65 bytes, and its own call", async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, address, bob, stranger } = world
      const wallet = await ethers.deployContract('HonestWallet', [bob])
      const holder = await wallet.getAddress()
      const shard = await issuedTo(world, [holder, holder])
      await expect(
        redeemFor(world, {
          visit: await visit(world, { shard, seat: 0 }),
          as: stranger,
          signer: bob,
          bytes: 65,
        }),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 1 << 8, holder, 1)

      const { coupon, proof, site, statements } = await visit(world, { shard, seat: 1 })
      const data = book.interface.encodeFunctionData('redeem', [
        coupon.campaignId,
        coupon.serial,
        statements,
        site,
        packedProof(proof),
      ])
      await expect(wallet.connect(bob).send(address, data))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, (1 << 8) | 1, holder, 1)
    })

    it('reverts when the wallet does not know the signer', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const wallet = await ethers.deployContract('HonestWallet', [world.bob])
      const holder = await wallet.getAddress()
      const shard = await issuedTo(world, [holder])
      await expect(
        redeemFor(world, {
          visit: await visit(world, { shard }),
          as: world.stranger,
          signer: world.carol,
        }),
      )
        .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
        .withArgs(holder)
    })

    it('does not take for one wallet what its owner signed for a coupon of their other wallet, or their own', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, bob, stranger, closesAt, domain } = world
      const wallets = await Promise.all([
        (await ethers.deployContract('HonestWallet', [bob])).getAddress(),
        (await ethers.deployContract('HonestWallet', [bob])).getAddress(),
      ])
      const shard = await issuedTo(world, [...wallets, bob.address])
      const message = { campaignId: 1n, serial: 256n, site: 1, deadline: closesAt }
      const signature = await permit({ holder: bob, domain, redeem: message, bytes: 65 })
      for (const seat of [1, 2]) {
        const other = await visit(world, { shard, seat })
        await expect(redeemFor(world, { visit: other, as: stranger, signature }))
          .to.be.revertedWithCustomError(book, 'HolderSignatureInvalid')
          .withArgs(other.holder)
        // Nor does it lend the first wallet's coupon to the other holder.
        const lent = {
          ...(await visit(world, { shard, seat: 0, presence: { holder: other.holder } })),
          holder: other.holder,
        }
        await expect(redeemFor(world, { visit: lent, as: stranger, signature }))
          .to.be.revertedWithCustomError(book, 'NotIssued')
          .withArgs(1, 256, other.holder)
      }
      await expect(
        redeemFor(world, {
          visit: await visit(world, { shard, seat: 0 }),
          as: stranger,
          signature,
        }),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 256, wallets[0], 1)
    })

    const yes: Manner[] = ['says yes', 'answers with 600 kB']
    for (const manner of manners.filter((manner) => manner !== 'calls back')) {
      it(`${yes.includes(manner) ? 'takes' : 'refuses'} one that ${manner}, and neither hangs nor passes the bill on`, async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const wallet = await awkward(manner)
        const holder = await wallet.getAddress()
        const shard = await issuedTo(world, [holder])
        const sent = redeemFor(world, {
          visit: await visit(world, { shard }),
          as: world.stranger,
          signature: '0x1234',
        })
        if (yes.includes(manner))
          await expect(sent).to.emit(world.book, 'CouponRedeemed').withArgs(1, 256, holder, 1)
        else {
          await expect(sent)
            .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
            .withArgs(holder)
        }
      })
    }

    it('can take its own mind back: what it refuses now it may sign later, and the coupon waits', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const wallet = await awkward('says no')
      const holder = await wallet.getAddress()
      const shard = await issuedTo(world, [holder])
      const its = await visit(world, { shard })
      await expect(
        redeemFor(world, { visit: its, as: world.stranger, signature: '0x' }),
      ).to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
      expect(await world.book.statusOf(1, 256, holder, packedProof(its.proof))).to.equal(UNUSED)
      await networkHelpers.setStorageAt(holder, 0, ZeroHash)
      await expect(redeemFor(world, { visit: its, as: world.stranger, signature: '0x' })).to.emit(
        world.book,
        'CouponRedeemed',
      )
    })

    it('refuses one that calls back into the book, which it may only read then', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, address, stranger, closesAt } = world
      const wallet = await awkward('calls back')
      const holder = await wallet.getAddress()
      const shard = await issuedTo(world, [holder, holder])
      const first = await visit(world, { shard, seat: 0 })
      const second = await visit(world, { shard, seat: 1 })
      const own = book.interface.encodeFunctionData('redeem', [
        1,
        second.coupon.serial,
        second.statements,
        1,
        packedProof(second.proof),
      ])
      const calls = [
        own,
        book.interface.encodeFunctionData('multicall', [[own]]),
        book.interface.encodeFunctionData('redeemFor', [
          1,
          second.coupon.serial,
          second.statements,
          1,
          packedProof(second.proof),
          holder,
          closesAt,
          '0x',
        ]),
        book.interface.encodeFunctionData('redeemBatch', [
          1,
          1,
          await itemOfBob(world),
          (await visit(world, { seat: 1 })).statements,
        ]),
      ]
      for (const data of calls) {
        await wallet.callBack(address, data)
        await expect(redeemFor(world, { visit: first, as: stranger, signature: '0x' }))
          .to.be.revertedWithCustomError(book, 'HolderSignatureInvalid')
          .withArgs(holder)
      }
      await wallet.callBack(address, book.interface.encodeFunctionData('campaign', [1]))
      await expect(redeemFor(world, { visit: first, as: stranger, signature: '0x' })).to.emit(
        book,
        'CouponRedeemed',
      )
      const [used] = await book.seatsOf(1, 1, rootOf(shard))
      expect(used & 0b11n).to.equal(0b01n)
      expect(await book.statusOf(1, 257, holder, packedProof(second.proof))).to.equal(UNUSED)

      // It was asking from within that failed: sent by itself, each of the calls does what it says.
      await expect(wallet.send(address, calls[1]!))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 257, holder, 1)
      await expect(wallet.send(address, calls[3]!))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 1, world.bob.address, 1)
    })

    it('refuses a holder whose wallet is not deployed', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const holder = ethers.getCreateAddress({ from: world.bob.address, nonce: 1_000 })
      const shard = await issuedTo(world, [holder])
      await expect(
        redeemFor(world, {
          visit: await visit(world, { shard }),
          as: world.stranger,
          signer: world.bob,
        }),
      )
        .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
        .withArgs(holder)
    })
  })

  describe('given the holder is an account that delegates to code (EIP-7702)', () => {
    async function delegating(manner: Manner) {
      const world = await networkHelpers.loadFixture(openCampaign)
      const holder = new Wallet(id('a delegating account'), ethers.provider)
      await networkHelpers.setBalance(holder.address, 10n ** 18n)
      const code = await awkward(manner)
      const authorization = await holder.authorize({ address: await code.getAddress(), nonce: 1 })
      await (
        await holder.sendTransaction({
          type: 4,
          to: world.stranger,
          authorizationList: [authorization],
          gasLimit: 200_000,
        })
      ).wait()
      expect(await ethers.provider.getCode(holder)).to.match(/^0xef0100/)
      const shard = await issuedTo(world, [holder.address, holder.address])
      return { world, holder, shard, stranger: world.stranger }
    }

    for (const manner of ['says no', 'reverts', 'burns all gas'] as const) {
      it(`takes its plain signature, though its code ${manner}`, async () => {
        // The code reads the account's own empty slot, so its manner must be put there.
        const { world, holder, shard, stranger } = await delegating(manner)
        await networkHelpers.setStorageAt(holder.address, 0, toBeHex(manners.indexOf(manner), 32))
        for (const [seat, bytes] of [
          [0, 64],
          [1, 65],
        ] as const) {
          const its = await visit(world, { shard, seat })
          await expect(redeemFor(world, { visit: its, as: stranger, signer: holder, bytes }))
            .to.emit(world.book, 'CouponRedeemed')
            .withArgs(1, 256 + seat, holder.address, 1)
        }
      })
    }

    it('takes its own call', async () => {
      const { world, holder, shard } = await delegating('says no')
      await expect(
        redeem({ book: world.book, as: holder, visit: await visit(world, { shard }) }),
      ).to.emit(world.book, 'CouponRedeemed')
    })

    it("takes what its code says yes to: whom the account trusts is the account's own matter", async () => {
      const { world, holder, shard, stranger } = await delegating('says yes')
      await expect(
        redeemFor(world, { visit: await visit(world, { shard }), as: stranger, signature: '0x' }),
      )
        .to.emit(world.book, 'CouponRedeemed')
        .withArgs(1, 256, holder.address, 1)
    })

    it('refuses a foreign signature that its code refuses', async () => {
      const { world, holder, shard, stranger } = await delegating('says no')
      await networkHelpers.setStorageAt(holder.address, 0, toBeHex(manners.indexOf('says no'), 32))
      await expect(
        redeemFor(world, { visit: await visit(world, { shard }), as: stranger, signer: world.bob }),
      )
        .to.be.revertedWithCustomError(world.book, 'HolderSignatureInvalid')
        .withArgs(holder.address)
    })
  })
})
