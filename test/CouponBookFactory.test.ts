import { expect } from 'chai'
import { id, Interface, ZeroAddress } from 'ethers'
import { network } from 'hardhat'

import { chain, DAY, emptyBook, LOCATION } from './book-fixture.ts'

const { ethers, networkHelpers } = await network.create(chain)

describe('CouponBookFactory', () => {
  describe('constructor', () => {
    it('refuses an implementation without code', async () => {
      const factory = await ethers.getContractFactory('CouponBookFactory')
      await expect(factory.deploy(ZeroAddress))
        .to.be.revertedWithCustomError(factory, 'ImplementationWithoutCode')
        .withArgs(ZeroAddress)
    })

    it('names its implementation', async () => {
      const { factory, implementation } = await networkHelpers.loadFixture(emptyBook)
      expect(await factory.IMPLEMENTATION()).to.equal(await implementation.getAddress())
    })
  })

  describe('createBook', () => {
    it('puts the book where predictBook says, initialised, and tells', async () => {
      const { factory, implementation, alice, oracle, now } =
        await networkHelpers.loadFixture(emptyBook)
      const witnesses = [
        { key: oracle.address, classes: LOCATION, site: 3, validFrom: 0, validUntil: now + DAY },
      ]
      const predicted = await factory.predictBook(alice.address, 'Camp', witnesses, id('1'))
      expect(await factory.isBook(predicted)).to.equal(false)
      expect(
        await factory.connect(alice).createBook.staticCall('Camp', witnesses, id('1')),
      ).to.equal(predicted)

      const time = (await networkHelpers.time.latest()) + 1
      const book = await ethers.getContractAt('CouponBook', predicted)
      const admin = await implementation.DEFAULT_ADMIN_ROLE()
      const manager = await implementation.MANAGER_ROLE()
      await expect(factory.connect(alice).createBook('Camp', witnesses, id('1')))
        .to.emit(factory, 'BookCreated')
        .withArgs(predicted, alice.address, 'Camp')
        .to.emit(book, 'RoleGranted')
        .withArgs(admin, alice.address, await factory.getAddress())
        .to.emit(book, 'RoleGranted')
        .withArgs(manager, alice.address, await factory.getAddress())
        .to.emit(book, 'WitnessAdded')
        .withArgs(oracle.address, LOCATION, 3, time, now + DAY)

      expect(await factory.isBook(predicted)).to.equal(true)
      expect(await book.defaultAdmin()).to.equal(alice.address)
      expect(await book.owner()).to.equal(alice.address)
      expect(await book.hasRole(manager, alice.address)).to.equal(true)
      expect(await book.hasRole(admin, await factory.getAddress())).to.equal(false)
      expect(await book.hasRole(manager, await factory.getAddress())).to.equal(false)
      expect(await book.campaignCount()).to.equal(0)
    })

    it('is an ERC-1167 clone of the implementation', async () => {
      const { address, implementation } = await networkHelpers.loadFixture(emptyBook)
      const target = (await implementation.getAddress()).slice(2).toLowerCase()
      expect(await ethers.provider.getCode(address)).to.equal(
        `0x363d3d373d3d3d363d73${target}5af43d82803e903d91602b57fd5bf3`,
      )
    })

    describe('given the creator has a book with these parameters', () => {
      it('reverts when the salt is the same', async () => {
        const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
        await factory.connect(alice).createBook('Camp', [], id('1'))
        await expect(
          factory.connect(alice).createBook('Camp', [], id('1')),
        ).to.be.revertedWithCustomError(
          { interface: new Interface(['error FailedDeployment()']) },
          'FailedDeployment',
        )
      })

      it('makes another when name, witnesses or salt differ', async () => {
        const { factory, alice, oracle, now } = await networkHelpers.loadFixture(emptyBook)
        const witness = {
          key: oracle.address,
          classes: 1,
          site: 0,
          validFrom: 0,
          validUntil: now + DAY,
        }
        const books = await Promise.all([
          factory.predictBook(alice.address, 'Camp', [], id('1')),
          factory.predictBook(alice.address, 'Camp', [], id('2')),
          factory.predictBook(alice.address, 'Camp', [witness], id('1')),
          factory.predictBook(alice.address, 'Hack', [], id('1')),
        ])
        expect(new Set(books).size).to.equal(4)
        await factory.connect(alice).createBook('Camp', [], id('1'))
        await expect(factory.connect(alice).createBook('Camp', [], id('2')))
          .to.emit(factory, 'BookCreated')
          .withArgs(books[1], alice.address, 'Camp')
      })
    })

    it('cannot occupy the address of another creator', async () => {
      const { factory, alice, bob } = await networkHelpers.loadFixture(emptyBook)
      const hers = await factory.predictBook(alice.address, 'Camp', [], id('1'))
      await factory.connect(bob).createBook('Camp', [], id('1'))
      expect(await factory.isBook(hers)).to.equal(false)
      expect(await ethers.provider.getCode(hers)).to.equal('0x')

      await factory.connect(alice).createBook('Camp', [], id('1'))
      const book = await ethers.getContractAt('CouponBook', hers)
      expect(await book.defaultAdmin()).to.equal(alice.address)
      expect(await book.hasRole(await book.MANAGER_ROLE(), bob.address)).to.equal(false)
    })

    it('reverts with the rule that a first witness breaks', async () => {
      const { factory, book, alice, now } = await networkHelpers.loadFixture(emptyBook)
      const nobody = { key: ZeroAddress, classes: 1, site: 0, validFrom: 0, validUntil: now + DAY }
      await expect(factory.connect(alice).createBook('Camp', [nobody], id('1')))
        .to.be.revertedWithCustomError(book, 'WitnessInvalid')
        .withArgs(Object.values(nobody))
    })
  })

  describe('isBook', () => {
    it('does not know a clone that another factory made, nor an ordinary account', async () => {
      const { factory, implementation, alice } = await networkHelpers.loadFixture(emptyBook)
      const other = await ethers.deployContract('CouponBookFactory', [implementation])
      await other.connect(alice).createBook('Camp', [], id('1'))
      const book = await other.predictBook(alice.address, 'Camp', [], id('1'))
      expect(await other.isBook(book)).to.equal(true)
      expect(await factory.isBook(book)).to.equal(false)
      expect(await factory.isBook(alice.address)).to.equal(false)
      expect(await factory.isBook(implementation)).to.equal(false)
    })
  })

  describe('initialize', () => {
    it('is refused a second time, by the admin too', async () => {
      const { book, organiser, stranger } = await networkHelpers.loadFixture(emptyBook)
      for (const caller of [organiser, stranger]) {
        await expect(
          book.connect(caller).initialize(caller.address, []),
        ).to.be.revertedWithCustomError(book, 'InvalidInitialization')
      }
    })

    it('is refused on the implementation, whose admin is nobody', async () => {
      const { implementation, organiser } = await networkHelpers.loadFixture(emptyBook)
      await expect(implementation.initialize(organiser.address, [])).to.be.revertedWithCustomError(
        implementation,
        'InvalidInitialization',
      )
      expect(await implementation.defaultAdmin()).to.equal(
        '0x000000000000000000000000000000000000dEaD',
      )
      expect(
        await implementation.hasRole(await implementation.MANAGER_ROLE(), organiser.address),
      ).to.equal(false)
    })

    it('leaves no call by which a stranger gains a role, whatever the selector', async () => {
      const { book, stranger } = await networkHelpers.loadFixture(emptyBook)
      const roles = await Promise.all([
        book.DEFAULT_ADMIN_ROLE(),
        book.MANAGER_ROLE(),
        book.GUARDIAN_ROLE(),
      ])
      const words = stranger.address.slice(2).toLowerCase().padStart(64, '0').repeat(8)
      for (const { selector } of fragmentsOf(book)) {
        await stranger
          .sendTransaction({ to: book, data: selector + words, gasLimit: 1_000_000 })
          .catch(() => undefined)
      }
      for (const role of roles) expect(await book.hasRole(role, stranger.address)).to.equal(false)
      expect(await book.campaignCount()).to.equal(0)
    })
  })

  describe('eip712Domain', () => {
    it('is the one that wallets sign, for a clone and not for the implementation', async () => {
      const { book, address } = await networkHelpers.loadFixture(emptyBook)
      const { name, version, chainId, verifyingContract } = await book.eip712Domain()
      expect({ name, version, chainId, verifyingContract }).to.deep.equal({
        name: 'Coupon Secure',
        version: '1',
        chainId: 31337n,
        verifyingContract: address,
      })
    })
  })
})

function fragmentsOf(book: {
  interface: { forEachFunction: (visit: (fragment: { selector: string }) => void) => void }
}) {
  const fragments: { selector: string }[] = []
  book.interface.forEachFunction((fragment) => fragments.push(fragment))
  return fragments
}
