import { expect } from 'chai'
import { id, toBeHex, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import { chain, emptyBook, openCampaign, redeemFor, visit } from './book-fixture.ts'

const { ethers, networkHelpers } = await network.create(chain)
const ADMIN = ZeroHash
const CARD = 'data:application/json,{"name":"LNMhacks","external_link":"https://example.org"}'

type World = Awaited<ReturnType<typeof emptyBook>>

/** Another book of the same factory, of this name. */
async function bookNamed({ factory, organiser }: World, name: string) {
  await factory.connect(organiser).createBook(name, [], id('another'))
  const address = await factory.predictBook(organiser, name, [], id('another'))
  return ethers.getContractAt('CouponBook', address, organiser)
}

describe('CouponBook, what it says of itself', () => {
  describe('name', () => {
    for (const { what, name } of [
      { what: 'nothing', name: '' },
      { what: 'one letter', name: 'a' },
      { what: 'what people write', name: 'Été à Jaipur, जयपुर 🍛' },
      { what: '32 bytes', name: 'x'.repeat(32) },
      { what: '1,000 bytes', name: 'y'.repeat(1_000) },
    ]) {
      it(`is the one that the book was made with: ${what}`, async () => {
        const world = await networkHelpers.loadFixture(emptyBook)
        const other = await bookNamed(world, name)
        expect(await other.name()).to.equal(name)
        expect(await world.book.name()).to.equal('LNMhacks')
      })
    }

    it('is the one that the factory told', async () => {
      const { factory, book, address, organiser } = await networkHelpers.loadFixture(emptyBook)
      const [made] = await factory.queryFilter(factory.filters.BookCreated(address))
      expect([...made!.args]).to.deep.equal([address, organiser.address, await book.name()])
    })
  })

  describe('contractURI', () => {
    it('is empty where nobody said', async () => {
      const { book } = await networkHelpers.loadFixture(emptyBook)
      expect(await book.contractURI()).to.equal('')
    })

    it('is set by the admin alone', async () => {
      const { book, manager, guardian, stranger } = await networkHelpers.loadFixture(emptyBook)
      for (const sender of [manager, guardian, stranger]) {
        await expect(book.connect(sender).setContractURI(CARD))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(sender.address, ADMIN)
      }
      expect(await book.contractURI()).to.equal('')
    })

    it('is replaced as a whole, and told each time', async () => {
      const { book } = await networkHelpers.loadFixture(emptyBook)
      for (const uri of [CARD, 'https://example.org', `data:,${'z'.repeat(2_000)}`, 'short', '']) {
        await expect(book.setContractURI(uri)).to.emit(book, 'ContractURIUpdated').withArgs()
        expect(await book.contractURI()).to.equal(uri)
      }
    })

    it('is each book’s own', async () => {
      const world = await networkHelpers.loadFixture(emptyBook)
      const other = await bookNamed(world, 'Another')
      await world.book.setContractURI(CARD)
      expect(await other.contractURI()).to.equal('')
      expect(await world.implementation.contractURI()).to.equal('')
    })

    it('follows the book to its new admin', async () => {
      const { book, organiser, alice } = await networkHelpers.loadFixture(emptyBook)
      await book.beginDefaultAdminTransfer(alice)
      await book.connect(alice).acceptDefaultAdminTransfer()
      await expect(book.setContractURI(CARD))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(organiser.address, ADMIN)
      await book.connect(alice).setContractURI(CARD)
      expect(await book.contractURI()).to.equal(CARD)
    })
  })

  describe('supportsInterface', () => {
    it('knows the book’s own, which is all functions of ICouponBook together', async () => {
      const { book, address } = await networkHelpers.loadFixture(emptyBook)
      const own = (await ethers.getContractAt('ICouponBook', address)).interface
      const known = new Set<string>()
      book.interface.forEachFunction(({ selector }) => known.add(selector))
      let together = 0n
      own.forEachFunction(({ selector }) => {
        expect(known).to.include(selector)
        together ^= BigInt(selector)
      })
      expect(await book.supportsInterface(toBeHex(together, 4))).to.equal(true)
    })

    for (const { name, interfaceId, isSupported } of [
      { name: 'ERC-165', interfaceId: '0x01ffc9a7', isSupported: true },
      { name: 'OpenZeppelin’s AccessControl', interfaceId: '0x7965db0b', isSupported: true },
      { name: 'its rules for admins', interfaceId: '0x31498786', isSupported: true },
      { name: 'what ERC-165 says nobody supports', interfaceId: '0xffffffff', isSupported: false },
      { name: 'the id of no function', interfaceId: '0x00000000', isSupported: false },
      { name: 'ERC-721', interfaceId: '0x80ac58cd', isSupported: false },
      { name: 'ERC-1155', interfaceId: '0xd9b67a26', isSupported: false },
    ]) {
      it(`${isSupported ? 'knows' : 'does not know'} ${name}`, async () => {
        const { book } = await networkHelpers.loadFixture(emptyBook)
        expect(await book.supportsInterface(interfaceId)).to.equal(isSupported)
      })
    }

    it('answers within the 30,000 gas that ERC-165 allows', async () => {
      const { book } = await networkHelpers.loadFixture(emptyBook)
      for (const interfaceId of ['0x01ffc9a7', '0xffffffff']) {
        const whole = await book.supportsInterface.estimateGas(interfaceId)
        expect(whole - 21_000n).to.be.below(30_000n)
      }
    })
  })

  describe('eip712Domain', () => {
    it('names the fields of ERC-5267: name, version, chain and book, no salt, no extension', async () => {
      const world = await networkHelpers.loadFixture(emptyBook)
      const other = await bookNamed(world, 'Another')
      for (const book of [world.book, other]) {
        expect(await book.eip712Domain()).to.deep.equal([
          '0x0f',
          'Coupon Secure',
          '1',
          31_337n,
          await book.getAddress(),
          ZeroHash,
          [],
        ])
      }
    })

    it('is the domain that holders and witnesses sign in', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, stranger } = world
      const { name, version, chainId, verifyingContract } = await book.eip712Domain()
      const domain = { name, version, chainId, verifyingContract }
      const brought = await visit(world, { domain })
      await expect(redeemFor(world, { visit: brought, as: stranger, signer: alice, domain }))
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, 0, alice.address, 1)
    })
  })

  it('has the admin as its owner (ERC-5313)', async () => {
    const { book, organiser, alice } = await networkHelpers.loadFixture(emptyBook)
    expect(await book.owner()).to.equal(organiser.address)
    await book.beginDefaultAdminTransfer(alice)
    expect(await book.owner()).to.equal(organiser.address)
    await book.connect(alice).acceptDefaultAdminTransfer()
    expect(await book.owner()).to.equal(alice.address)
  })
})
