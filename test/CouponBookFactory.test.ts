import { expect } from 'chai'
import {
  AbiCoder,
  concat,
  type FunctionFragment,
  hexlify,
  id,
  keccak256,
  type ParamType,
  toBeHex,
  toUtf8Bytes,
  ZeroAddress,
  ZeroHash,
} from 'ethers'
import { network } from 'hardhat'

import { chain, DAY, emptyBook, LOCATION } from './book-fixture.ts'
import type { CouponBook } from '../types/ethers-contracts/CouponBook.js'

const { ethers, networkHelpers } = await network.create(chain)

// A contract has 24,576 bytes at most (EIP-170), of which the clone itself takes 45.
const LONGEST_NAME = 24_576 - 45
// Where OpenZeppelin keeps how often a contract was initialised (ERC-7201).
const INITIALIZED_SLOT =
  BigInt(keccak256(toBeHex(BigInt(id('openzeppelin.storage.Initializable')) - 1n, 32))) & ~0xffn

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

    it('is an ERC-1167 clone of the implementation, with its name behind the code', async () => {
      const { address, implementation } = await networkHelpers.loadFixture(emptyBook)
      const target = (await implementation.getAddress()).slice(2).toLowerCase()
      const name = hexlify(toUtf8Bytes('LNMhacks')).slice(2)
      expect(await ethers.provider.getCode(address)).to.equal(
        `0x363d3d373d3d3d363d73${target}5af43d82803e903d91602b57fd5bf3${name}`,
      )
    })

    describe('given the creator has a book with these parameters', () => {
      it('reverts when the salt is the same', async () => {
        const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
        await factory.connect(alice).createBook('Camp', [], id('1'))
        await expect(
          factory.connect(alice).createBook('Camp', [], id('1')),
        ).to.be.revertedWithCustomError(factory, 'FailedDeployment')
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

      it('makes another when the name alone differs, be it by a byte that is zero', async () => {
        const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
        const addresses = new Set<string>()
        const names = ['', '\0', 'Camp', 'camp', 'Camp ', 'Camp\0', 'Camp'.repeat(16)]
        for (const name of names) {
          const address = await factory.predictBook(alice.address, name, [], id('1'))
          await expect(factory.connect(alice).createBook(name, [], id('1')))
            .to.emit(factory, 'BookCreated')
            .withArgs(address, alice.address, name)
          const book = await ethers.getContractAt('CouponBook', address)
          expect(await book.name()).to.equal(name)
          expect(await book.defaultAdmin()).to.equal(alice.address)
          expect(await factory.isBook(address)).to.equal(true)
          addresses.add(address)
        }
        expect(addresses.size).to.equal(names.length)
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
    it('is refused a second time, by the admin too, alone or in a multicall', async () => {
      const { book, organiser, stranger } = await networkHelpers.loadFixture(emptyBook)
      for (const caller of [organiser, stranger]) {
        const again = book.interface.encodeFunctionData('initialize', [caller.address, []])
        for (const call of [
          () => book.connect(caller).initialize(caller.address, []),
          () => book.connect(caller).multicall([again]),
        ]) {
          await expect(call())
            .to.be.revertedWithCustomError(book, 'InvalidInitialization')
            .withArgs()
        }
      }
    })

    it('is refused on the implementation, whose admin is nobody', async () => {
      const { implementation, organiser } = await networkHelpers.loadFixture(emptyBook)
      const first = implementation.interface.encodeFunctionData('initialize', [
        organiser.address,
        [],
      ])
      for (const call of [
        () => implementation.initialize(organiser.address, []),
        () => implementation.multicall([first]),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(implementation, 'InvalidInitialization')
          .withArgs()
      }
      expect(await implementation.defaultAdmin()).to.equal(
        '0x000000000000000000000000000000000000dEaD',
      )
      expect(
        await implementation.hasRole(await implementation.MANAGER_ROLE(), organiser.address),
      ).to.equal(false)
      expect(await ethers.provider.getStorage(implementation, INITIALIZED_SLOT)).to.equal(
        toBeHex(2n ** 64n - 1n, 32),
      )
    })

    for (const place of ['a book', 'the implementation'] as const) {
      for (const sender of ['stranger', 'organiser'] as const) {
        it(`leaves the ${sender} no call that sets up ${place} anew, whatever the selector`, async () => {
          const world = await networkHelpers.loadFixture(emptyBook)
          const { factory, implementation, [sender]: caller } = world
          const book = place === 'a book' ? world.book : implementation
          const initialized = await ethers.provider.getStorage(book, INITIALIZED_SLOT)
          const before = await networkHelpers.time.latestBlock()

          const outcomes = new Map<string, string>()
          for (const { name, selector, inputs } of fragmentsOf(book)) {
            const again = book.interface.encodeFunctionData('initialize', [caller.address, []])
            const words = caller.address.slice(2).toLowerCase().padStart(64, '0').repeat(8)
            const fitting = AbiCoder.defaultAbiCoder().encode(
              inputs,
              inputs.map((input) => sampleOf({ input, address: caller.address, bytes: again })),
            )
            const send = (data: string) =>
              caller.sendTransaction({ to: book, data, gasLimit: 1_000_000 }).then(() => '', String)
            outcomes.set(name, await send(concat([selector, fitting])))
            await send(selector + words)
            expect(await ethers.provider.getStorage(book, INITIALIZED_SLOT), name).to.equal(
              initialized,
            )
          }

          const events = await book.queryFilter(book.filters.Initialized(), before + 1)
          expect(events).to.deep.equal([])
          // The calls that would set it up came to be judged, and so did the others: nothing was cut short.
          for (const [name, error] of [
            ['initialize', 'InvalidInitialization'],
            ['multicall', 'InvalidInitialization'],
            ['redeem', 'UnknownCampaign'],
          ] as const) {
            const { selector } = book.interface.getError(error)!
            expect(outcomes.get(name)).to.match(new RegExp(`${error}|${selector}`))
          }
          const mine = sender === 'organiser' && place === 'a book'
          const [admin, manager, guardian] = await rolesIn(book, caller.address)
          expect([admin, manager || guardian]).to.deep.equal([mine, mine])
          expect(await factory.isBook(implementation)).to.equal(false)
        })
      }
    }
  })

  describe('name', () => {
    const names = [
      { what: 'no byte', name: '' },
      { what: 'one byte', name: 'L' },
      { what: '31 bytes', name: 'L'.repeat(31) },
      { what: '32 bytes', name: 'L'.repeat(32) },
      { what: '33 bytes', name: 'L'.repeat(33) },
      { what: 'a zero byte at either end', name: '\0Camp\0' },
      { what: 'letters of many scripts', name: 'हैकथॉन «Ночь» 夜を 🍛👩‍💻 n\u0303' },
    ]
    for (const { what, name } of names) {
      it(`is what the book was made with: ${what}`, async () => {
        const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
        const address = await factory.predictBook(alice.address, name, [], id('1'))
        await expect(factory.connect(alice).createBook(name, [], id('1')))
          .to.emit(factory, 'BookCreated')
          .withArgs(address, alice.address, name)
        const book = await ethers.getContractAt('CouponBook', address)
        expect(await book.name()).to.equal(name)
      })
    }

    it('may be as long as a contract may be, less its own code', async () => {
      const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
      const longest = 'L'.repeat(LONGEST_NAME)
      const address = await factory.predictBook(alice.address, longest, [], id('1'))
      await factory.connect(alice).createBook(longest, [], id('1'))
      const book = await ethers.getContractAt('CouponBook', address)
      expect(await book.name()).to.equal(longest)
      expect(await ethers.provider.getCode(address)).to.have.length(2 + 2 * 24_576)
    })

    it('reverts when it is a byte longer', async () => {
      const { factory, alice } = await networkHelpers.loadFixture(emptyBook)
      const tooLong = 'L'.repeat(LONGEST_NAME + 1)
      for (const call of [
        () => factory.predictBook(alice.address, tooLong, [], id('1')),
        () => factory.connect(alice).createBook(tooLong, [], id('1')),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(factory, 'CloneArgumentsTooLong')
          .withArgs()
      }
    })
  })

  describe('eip712Domain', () => {
    it('is the one that wallets sign, each with its own address: a clone, and the implementation', async () => {
      const { book, implementation } = await networkHelpers.loadFixture(emptyBook)
      for (const one of [book, implementation]) {
        const { name, version, chainId, verifyingContract } = await one.eip712Domain()
        expect({ name, version, chainId, verifyingContract }).to.deep.equal({
          name: 'Coupon Secure',
          version: '1',
          chainId: 31337n,
          verifyingContract: await one.getAddress(),
        })
      }
    })
  })
})

type Described = {
  interface: { forEachFunction: (visit: (fragment: FunctionFragment) => void) => void }
}

function fragmentsOf(book: Described): FunctionFragment[] {
  const fragments: FunctionFragment[] = []
  book.interface.forEachFunction((fragment) => fragments.push(fragment))
  return fragments
}

/** Whether the account is admin, manager, guardian. */
async function rolesIn(book: CouponBook, account: string): Promise<boolean[]> {
  const roles = [ZeroHash, id('MANAGER_ROLE'), id('GUARDIAN_ROLE')]
  return Promise.all(roles.map((role) => book.hasRole(role, account)))
}

type Sample = string | number | Sample[]

/** A value that the parameter takes: the address wherever one fits, and the bytes wherever bytes do. */
function sampleOf({
  input,
  address,
  bytes,
}: {
  input: ParamType
  address: string
  bytes: string
}): Sample {
  if (input.arrayChildren) return [sampleOf({ input: input.arrayChildren, address, bytes })]
  if (input.components) {
    return input.components.map((component) => sampleOf({ input: component, address, bytes }))
  }
  if (input.type === 'address') return address
  if (input.type === 'string') return ''
  if (input.type === 'bytes') return bytes
  return input.type.startsWith('bytes') ? toBeHex(0, Number(input.type.slice(5))) : 1
}
