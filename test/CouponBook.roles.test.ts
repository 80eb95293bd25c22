import { expect } from 'chai'
import { id, Wallet, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  COUNTER,
  DAY,
  emptyBook,
  HOUR,
  LOCATION,
  plannedCampaign,
  YEAR_2100,
} from './book-fixture.ts'
import type { CouponBook } from '../types/ethers-contracts/CouponBook.js'

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

  /** Every call that is not for everybody, with arguments that would do, and the role it asks for. */
  async function guarded() {
    const world = await networkHelpers.loadFixture(plannedCampaign)
    const { book, alice, manager, terms, root, now, opensAt } = world
    const entry = { key, classes: 1, site: 0, validFrom: 0, validUntil: now + DAY }
    const held = { ...terms, heldUntil: opensAt + HOUR }
    await book.changeTerms(1, held)
    await book.createCampaign('Dinner', held, '')
    await book.pause(2)
    await book.addWitness({ ...entry, key: alice })
    const calls = (theirs: CouponBook) => [
      {
        role: MANAGER,
        name: 'createCampaign',
        call: () => theirs.createCampaign.staticCall('Lunch', terms, ''),
      },
      { role: MANAGER, name: 'changeTerms', call: () => theirs.changeTerms.staticCall(1, held) },
      { role: MANAGER, name: 'issue', call: () => theirs.issue.staticCall(1, [alice]) },
      {
        role: MANAGER,
        name: 'issueStandby',
        call: () => theirs.issueStandby.staticCall(1, [alice]),
      },
      { role: MANAGER, name: 'revoke', call: () => theirs.revoke.staticCall(1, root, [0], '') },
      {
        role: MANAGER,
        name: 'reallot',
        call: () => theirs.reallot.staticCall(1, root, [0], [alice], ''),
      },
      { role: GUARDIAN, name: 'pause', call: () => theirs.pause.staticCall(1) },
      { role: GUARDIAN, name: 'removeWitness', call: () => theirs.removeWitness.staticCall(alice) },
      { role: ADMIN, name: 'resume', call: () => theirs.resume.staticCall(2) },
      {
        role: ADMIN,
        name: 'setContractURI',
        call: () => theirs.setContractURI.staticCall('ipfs://book'),
      },
      { role: ADMIN, name: 'addWitness', call: () => theirs.addWitness.staticCall(entry) },
      { role: ADMIN, name: 'grantRole', call: () => theirs.grantRole.staticCall(MANAGER, alice) },
      { role: ADMIN, name: 'grantRole', call: () => theirs.grantRole.staticCall(GUARDIAN, alice) },
      {
        role: ADMIN,
        name: 'revokeRole',
        call: () => theirs.revokeRole.staticCall(MANAGER, manager),
      },
      {
        role: ADMIN,
        name: 'beginDefaultAdminTransfer',
        call: () => theirs.beginDefaultAdminTransfer.staticCall(alice),
      },
      {
        role: ADMIN,
        name: 'cancelDefaultAdminTransfer',
        call: () => theirs.cancelDefaultAdminTransfer.staticCall(),
      },
      {
        role: ADMIN,
        name: 'rollbackDefaultAdminDelay',
        call: () => theirs.rollbackDefaultAdminDelay.staticCall(),
      },
    ]
    return { ...world, calls }
  }

  it('gives a stranger, a holder, a witness, a manager and a guardian no more than is theirs', async () => {
    const { book, organiser, stranger, alice, bob, manager, guardian, calls } = await guarded()
    for (const sender of [stranger, alice, bob, manager, guardian, organiser]) {
      for (const { role, call } of calls(book.connect(sender))) {
        const may = { [MANAGER]: [organiser, manager], [GUARDIAN]: [organiser, guardian] }
        const tried = call()
        if ((may[role] ?? [organiser]).includes(sender)) await tried
        else {
          await expect(tried)
            .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
            .withArgs(sender.address, role)
        }
      }
    }
  })

  it('asks for a role in every call that changes something, but for those that are for everybody', async () => {
    const { book, calls } = await guarded()
    const changing: string[] = []
    book.interface.forEachFunction(({ name, constant }) => constant || changing.push(name))
    const forEverybody = [
      ...['redeem', 'redeemFor', 'redeemBatch', 'release', 'close', 'multicall'],
      ...['initialize', 'acceptDefaultAdminTransfer', 'renounceRole'], // each refused by rules of its own
    ]
    const asking = calls(book).map(({ name }) => name)
    expect(new Set([...asking, ...forEverybody])).to.deep.equal(new Set(changing))
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

  describe('a guardian', () => {
    it('may stop a campaign, though not let it go on, and tells', async () => {
      const { book, guardian } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.connect(guardian).pause(1)).to.emit(book, 'CampaignPaused').withArgs(1)
      expect(await book.pausedAt(1)).to.equal(await time.latest())
      await expect(book.connect(guardian).resume(1))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(guardian.address, ADMIN)
      await expect(book.resume(1)).to.emit(book, 'CampaignResumed')
    })

    it('may nothing more once the admin unmade it', async () => {
      const { book, guardian, oracle } = await networkHelpers.loadFixture(plannedCampaign)
      await book.revokeRole(GUARDIAN, guardian)
      for (const call of [
        () => book.connect(guardian).pause(1),
        () => book.connect(guardian).removeWitness(oracle),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(guardian.address, GUARDIAN)
      }
    })
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

    it('sets no delay for that, which somebody could mistype', async () => {
      const { book, stranger } = await networkHelpers.loadFixture(emptyBook)
      for (const sender of [book, book.connect(stranger)]) {
        for (const delay of [0, DAY, 2 ** 48 - 1]) {
          await expect(sender.changeDefaultAdminDelay(delay))
            .to.be.revertedWithCustomError(book, 'AdminDelayIsFixed')
            .withArgs()
        }
      }
      expect(await book.defaultAdminDelay()).to.equal(0)
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
