import { expect } from 'chai'
import { id, Wallet, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  COUNTER,
  DAY,
  emptyBook,
  LOCATION,
  plannedCampaign,
  YEAR_2100,
} from './book-fixture.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const ADMIN = ZeroHash
const MANAGER = id('MANAGER_ROLE')
const GUARDIAN = id('GUARDIAN_ROLE')
const key = new Wallet(id('a new oracle')).address

describe('CouponBook, roles', () => {
  it('names them as everybody computes them', async () => {
    const { book } = await networkHelpers.loadFixture(emptyBook)
    expect(await book.DEFAULT_ADMIN_ROLE()).to.equal(ADMIN)
    expect(await book.MANAGER_ROLE()).to.equal(MANAGER)
    expect(await book.GUARDIAN_ROLE()).to.equal(GUARDIAN)
  })

  it('gives a stranger, a holder, a witness, a manager and a guardian no more than is theirs', async () => {
    const { book, stranger, alice, manager, guardian, terms, root, now } =
      await networkHelpers.loadFixture(plannedCampaign)
    const entry = { key, classes: 1, site: 0, validFrom: 0, validUntil: now + DAY }
    await book.addWitness({ ...entry, key: alice })
    for (const sender of [stranger, alice, manager, guardian]) {
      const theirs = book.connect(sender)
      const refused = (role: string) =>
        [book, 'AccessControlUnauthorizedAccount', sender.address, role] as const
      const calls = [
        {
          role: MANAGER,
          may: manager,
          call: () => theirs.createCampaign.staticCall('Lunch', terms, ''),
        },
        { role: MANAGER, may: manager, call: () => theirs.changeTerms.staticCall(1, terms) },
        { role: MANAGER, may: manager, call: () => theirs.issue.staticCall(1, [alice]) },
        { role: MANAGER, may: manager, call: () => theirs.revoke.staticCall(1, root, [0], '') },
        { role: GUARDIAN, may: guardian, call: () => theirs.removeWitness.staticCall(alice) },
        { role: ADMIN, call: () => theirs.addWitness.staticCall(entry) },
        { role: ADMIN, call: () => theirs.grantRole.staticCall(MANAGER, sender) },
        { role: ADMIN, call: () => theirs.grantRole.staticCall(GUARDIAN, sender) },
        { role: ADMIN, call: () => theirs.revokeRole.staticCall(MANAGER, manager) },
        { role: ADMIN, call: () => theirs.beginDefaultAdminTransfer.staticCall(sender) },
        { role: ADMIN, call: () => theirs.cancelDefaultAdminTransfer.staticCall() },
        { role: ADMIN, call: () => theirs.changeDefaultAdminDelay.staticCall(DAY) },
        { role: ADMIN, call: () => theirs.rollbackDefaultAdminDelay.staticCall() },
      ]
      for (const { role, may, call } of calls) {
        if (may === sender) await call()
        else {
          const [contract, name, ...facts] = refused(role)
          await expect(call())
            .to.be.revertedWithCustomError(contract, name)
            .withArgs(...facts)
        }
      }
    }
  })

  it('lets the admin make and unmake managers and guardians, and tells', async () => {
    const { book, organiser, manager, stranger } = await networkHelpers.loadFixture(emptyBook)
    await expect(book.grantRole(MANAGER, stranger))
      .to.emit(book, 'RoleGranted')
      .withArgs(MANAGER, stranger.address, organiser.address)
    await expect(book.revokeRole(MANAGER, manager))
      .to.emit(book, 'RoleRevoked')
      .withArgs(MANAGER, manager.address, organiser.address)
    expect(await book.hasRole(MANAGER, manager)).to.equal(false)
  })

  it('lets managers and guardians leave', async () => {
    const { book, manager, guardian } = await networkHelpers.loadFixture(emptyBook)
    await expect(book.connect(manager).renounceRole(MANAGER, manager)).to.emit(book, 'RoleRevoked')
    await expect(book.connect(guardian).renounceRole(GUARDIAN, guardian)).to.emit(
      book,
      'RoleRevoked',
    )
  })

  describe('the admin', () => {
    it('cannot renounce, in one step or in two', async () => {
      const { book, organiser } = await networkHelpers.loadFixture(emptyBook)
      await expect(book.renounceRole(ADMIN, organiser))
        .to.be.revertedWithCustomError(book, 'AdminCannotLeave')
        .withArgs()
      await expect(book.beginDefaultAdminTransfer(ZeroAddress))
        .to.be.revertedWithCustomError(book, 'AdminCannotLeave')
        .withArgs()
      expect(await book.defaultAdmin()).to.equal(organiser.address)
    })

    it('cannot be granted or revoked like other roles', async () => {
      const { book, organiser, alice } = await networkHelpers.loadFixture(emptyBook)
      await expect(book.grantRole(ADMIN, alice)).to.be.revertedWithCustomError(
        book,
        'AccessControlEnforcedDefaultAdminRules',
      )
      await expect(book.revokeRole(ADMIN, organiser)).to.be.revertedWithCustomError(
        book,
        'AccessControlEnforcedDefaultAdminRules',
      )
    })

    it('hands the book over in two steps; until the second nothing changes', async () => {
      const { book, organiser, alice, bob, now } = await networkHelpers.loadFixture(emptyBook)
      const entry = { key, classes: 1, site: 0, validFrom: 0, validUntil: now + DAY }
      await expect(book.beginDefaultAdminTransfer(alice)).to.emit(
        book,
        'DefaultAdminTransferScheduled',
      )
      expect(await book.defaultAdmin()).to.equal(organiser.address)
      await expect(book.connect(alice).addWitness(entry)).to.be.revertedWithCustomError(
        book,
        'AccessControlUnauthorizedAccount',
      )
      await expect(book.connect(bob).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(book, 'AccessControlInvalidDefaultAdmin')
        .withArgs(bob.address)

      await book.connect(alice).acceptDefaultAdminTransfer()
      expect(await book.defaultAdmin()).to.equal(alice.address)
      expect(await book.owner()).to.equal(alice.address)
      await expect(book.addWitness(entry)).to.be.revertedWithCustomError(
        book,
        'AccessControlUnauthorizedAccount',
      )
      await expect(book.connect(alice).addWitness(entry)).to.emit(book, 'WitnessAdded')
    })

    it('can think better of it', async () => {
      const { book, organiser, alice } = await networkHelpers.loadFixture(emptyBook)
      await book.beginDefaultAdminTransfer(alice)
      await book.cancelDefaultAdminTransfer()
      await expect(book.connect(alice).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(book, 'AccessControlInvalidDefaultAdmin')
        .withArgs(alice.address)
      expect(await book.defaultAdmin()).to.equal(organiser.address)
    })
  })

  describe('addWitness', () => {
    const entryAt = (now: number) => ({
      key,
      classes: LOCATION,
      site: 2,
      validFrom: now + DAY,
      validUntil: now + 2 * DAY,
    })

    it('adds the key, and tells', async () => {
      const { book, now } = await networkHelpers.loadFixture(emptyBook)
      const entry = entryAt(now)
      await expect(book.addWitness(entry))
        .to.emit(book, 'WitnessAdded')
        .withArgs(key, LOCATION, 2, now + DAY, now + 2 * DAY)
      expect(await book.witness(key)).to.deep.equal([
        key,
        1n,
        2n,
        BigInt(now + DAY),
        BigInt(now + 2 * DAY),
      ])
    })

    it('cuts a validity from the past to this moment', async () => {
      const { book, now } = await networkHelpers.loadFixture(emptyBook)
      const block = now + 2 * DAY
      for (const [i, validFrom] of [0, block - 1, block].entries()) {
        const at = block + i
        await time.setNextBlockTimestamp(at)
        await expect(book.addWitness({ ...entryAt(now), validFrom, validUntil: block + DAY }))
          .to.emit(book, 'WitnessAdded')
          .withArgs(key, LOCATION, 2, at, block + DAY)
      }
    })

    it("replaces the key's own earlier entry", async () => {
      const { book, oracle, now } = await networkHelpers.loadFixture(emptyBook)
      await book.addWitness({ ...entryAt(now), key: oracle, classes: COUNTER })
      expect(await book.witness(oracle)).to.deep.equal([
        oracle.address,
        BigInt(COUNTER),
        2n,
        BigInt(now + DAY),
        BigInt(now + 2 * DAY),
      ])
    })

    const bad: { name: string; change: (now: number) => object }[] = [
      { name: 'is the zero address', change: () => ({ key: ZeroAddress }) },
      { name: 'vouches as nothing', change: () => ({ classes: 0 }) },
      { name: 'would end as it begins', change: (now) => ({ validUntil: now + DAY }) },
      { name: 'would end before it begins', change: (now) => ({ validUntil: now + DAY - 1 }) },
      { name: 'would have ended', change: (now) => ({ validFrom: 0, validUntil: now }) },
      {
        name: 'would be valid beyond the year 2100',
        change: () => ({ validUntil: YEAR_2100 + 1 }),
      },
      { name: 'ends in milliseconds', change: (now) => ({ validUntil: (now + DAY) * 1000 }) },
      {
        name: 'begins in milliseconds',
        change: (now) => ({ validFrom: now * 1000, validUntil: (now + DAY) * 1000 }),
      },
    ]
    for (const { name, change } of bad) {
      it(`reverts with WitnessInvalid when it ${name}`, async () => {
        const { book, now } = await networkHelpers.loadFixture(emptyBook)
        const entry = { ...entryAt(now), ...change(now) }
        await expect(book.addWitness(entry))
          .to.be.revertedWithCustomError(book, 'WitnessInvalid')
          .withArgs(Object.values(entry))
      })
    }

    it('takes one that ends as the year 2100 begins, or one second after this', async () => {
      const { book, now } = await networkHelpers.loadFixture(emptyBook)
      await expect(book.addWitness({ ...entryAt(now), validUntil: YEAR_2100 })).to.emit(
        book,
        'WitnessAdded',
      )
      const block = now + 3 * DAY
      await time.setNextBlockTimestamp(block)
      await expect(
        book.addWitness({ ...entryAt(now), validFrom: 0, validUntil: block + 1 }),
      ).to.emit(book, 'WitnessAdded')
    })
  })

  describe('removeWitness', () => {
    it('removes the key for the admin and for a guardian, and tells', async () => {
      const { book, guardian, oracle, desk } = await networkHelpers.loadFixture(emptyBook)
      await expect(book.removeWitness(oracle))
        .to.emit(book, 'WitnessRemoved')
        .withArgs(oracle.address)
      await expect(book.connect(guardian).removeWitness(desk))
        .to.emit(book, 'WitnessRemoved')
        .withArgs(desk.address)
      for (const gone of [oracle, desk])
        expect(await book.witness(gone)).to.deep.equal([ZeroAddress, 0n, 0n, 0n, 0n])
    })

    it('reverts when the key is no witness, or no more', async () => {
      const { book, guardian, oracle, alice } = await networkHelpers.loadFixture(emptyBook)
      await book.removeWitness(oracle)
      for (const none of [oracle.address, alice.address, ZeroAddress]) {
        await expect(book.connect(guardian).removeWitness(none))
          .to.be.revertedWithCustomError(book, 'NotAWitness')
          .withArgs(none)
      }
    })
  })
})
