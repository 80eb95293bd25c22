import { expect } from 'chai'
import { concat, toBeHex, ZeroAddress, ZeroHash, zeroPadValue } from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

import {
  chain,
  DAY,
  emptyBook,
  gas,
  HOUR,
  openCampaign,
  plannedCampaign,
  visit,
} from './book-fixture.ts'
import { packedProof, proofOf } from './shard-reference.ts'

const { ethers, networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const ADMIN = ZeroHash
const plenty = { gasLimit: 16_000_000 } as const
const [UNUSED, REDEEMED] = [1n, 2n]

/** Three campaigns, not yet open. */
async function threeCampaigns(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  for (const name of ['Breakfast', 'Lunch', 'Dinner']) {
    await world.book.createCampaign(name, world.terms, '')
  }
  return world
}

describe('CouponBook, multicall', () => {
  it('makes three meals of three days, and issues them all, in one transaction', async () => {
    const { book, manager, alice, bob, terms, opensAt } =
      await networkHelpers.loadFixture(emptyBook)
    const holders = [alice.address, bob.address]
    const meals = [0, 1, 2].flatMap((day) =>
      ['Breakfast', 'Lunch', 'Dinner'].map((meal, i) => {
        const start = opensAt + day * DAY + i * 5 * HOUR
        return {
          name: `${meal}, day ${day + 1}`,
          terms: { ...terms, opensAt: start, closesAt: start + 2 * HOUR },
        }
      }),
    )
    const calls = meals.flatMap(({ name, terms }, i) => [
      book.interface.encodeFunctionData('createCampaign', [name, terms, '']),
      book.interface.encodeFunctionData('issue', [i + 1, holders]),
    ])

    const answers = await book.connect(manager).multicall.staticCall(calls, plenty)
    const sent = await book.connect(manager).multicall(calls, plenty)
    expect((await sent.wait())!.status).to.equal(1)
    expect(await book.campaignCount()).to.equal(9)
    for (const [i, { name, terms }] of meals.entries()) {
      const campaignId = i + 1
      expect(answers[2 * i]).to.equal(toBeHex(campaignId, 32))
      expect(answers[2 * i + 1]).to.equal(toBeHex(0, 32)) // the first shard
      const { opensAt, closesAt } = await book.campaign(campaignId)
      expect([opensAt, closesAt]).to.deep.equal([BigInt(terms.opensAt), BigInt(terms.closesAt)])
      expect(await book.supplyLeft(campaignId)).to.equal(998)
      const [made] = await book.queryFilter(book.filters.CampaignCreated(campaignId))
      expect([made!.transactionHash, made!.args.name]).to.deep.equal([sent.hash, name])
      const [issued] = await book.queryFilter(book.filters.Issued(campaignId))
      expect(issued!.transactionHash).to.equal(sent.hash)
      const shard = { index: 0n, holders }
      const proof = packedProof(proofOf({ shard, seat: 1 }))
      expect(await book.statusOf(campaignId, 1, bob, proof)).to.equal(UNUSED)
    }
  })

  it('does nothing where nothing is asked', async () => {
    const { book, stranger } = await networkHelpers.loadFixture(emptyBook)
    expect(await book.connect(stranger).multicall.staticCall([])).to.deep.equal([])
    await expect(book.connect(stranger).multicall([])).not.to.revert(ethers)
  })

  it('answers questions, each as if it were asked alone', async () => {
    const { book, address, terms, root } = await networkHelpers.loadFixture(plannedCampaign)
    const { interface: abi } = book
    const answers = await book.multicall.staticCall([
      abi.encodeFunctionData('name'),
      abi.encodeFunctionData('supplyLeft', [1]),
      abi.encodeFunctionData('ledger', [1, [root]]),
      abi.encodeFunctionData('eip712Domain'),
    ])
    expect(abi.decodeFunctionResult('name', answers[0]!)[0]).to.equal('LNMhacks')
    expect(abi.decodeFunctionResult('supplyLeft', answers[1]!)[0]).to.equal(terms.supply - 5)
    expect(abi.decodeFunctionResult('ledger', answers[2]!)[0]).to.deep.equal([5n, 0n, 0n, 5n])
    expect(abi.decodeFunctionResult('eip712Domain', answers[3]!).verifyingContract).to.equal(
      address,
    )
  })

  describe('the sender', () => {
    it('is the one who sent it: a call that is not theirs is refused as theirs', async () => {
      const { book, organiser, guardian, manager, stranger, alice, terms, root, now } =
        await networkHelpers.loadFixture(plannedCampaign)
      const [MANAGER, GUARDIAN] = [await book.MANAGER_ROLE(), await book.GUARDIAN_ROLE()]
      const { interface: abi } = book
      const entry = {
        key: stranger.address,
        classes: 1,
        site: 0,
        validFrom: 0,
        validUntil: now + DAY,
      }
      const create = abi.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const issue = abi.encodeFunctionData('issue', [1, [stranger.address]])
      const revoke = abi.encodeFunctionData('revoke', [1, root, [0], ''])
      const pause = abi.encodeFunctionData('pause', [1])
      const resume = abi.encodeFunctionData('resume', [1])
      const grant = abi.encodeFunctionData('grantRole', [MANAGER, stranger.address])
      const add = abi.encodeFunctionData('addWitness', [entry])
      const uri = abi.encodeFunctionData('setContractURI', ['https://example.org'])
      const accept = abi.encodeFunctionData('acceptDefaultAdminTransfer')

      const refusals = [
        { as: stranger, calls: [create], role: MANAGER },
        { as: alice, calls: [issue], role: MANAGER },
        { as: guardian, calls: [pause, revoke], role: MANAGER },
        { as: manager, calls: [create, pause], role: GUARDIAN },
        { as: guardian, calls: [pause, resume], role: ADMIN },
        { as: manager, calls: [issue, grant], role: ADMIN },
        { as: guardian, calls: [pause, add], role: ADMIN },
        { as: manager, calls: [issue, uri], role: ADMIN },
      ]
      for (const { as, calls, role } of refusals) {
        await expect(book.connect(as).multicall(calls))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(as.address, role)
      }
      await expect(book.connect(stranger).multicall([accept]))
        .to.be.revertedWithCustomError(book, 'AccessControlInvalidDefaultAdmin')
        .withArgs(stranger.address)
      expect(await book.pausedAt(1)).to.equal(0)
      expect(await book.shardCount(1)).to.equal(1)
      expect(await book.defaultAdmin()).to.equal(organiser.address)
    })

    it('is not forged by bytes after a call, after the calls, or between them', async () => {
      const { book, address, organiser, stranger, terms } =
        await networkHelpers.loadFixture(emptyBook)
      const [MANAGER, { interface: abi }] = [await book.MANAGER_ROLE(), book]
      const create = abi.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const grant = abi.encodeFunctionData('grantRole', [MANAGER, stranger.address])
      const disguises = [
        organiser.address,
        zeroPadValue(organiser.address, 32),
        concat([zeroPadValue(organiser.address, 32), toBeHex(20, 32)]),
        concat([organiser.address, address]),
      ]
      for (const disguise of disguises) {
        for (const { call, role } of [
          { call: create, role: MANAGER },
          { call: grant, role: ADMIN },
        ]) {
          const plain = abi.encodeFunctionData('multicall', [[call]])
          const dressed = abi.encodeFunctionData('multicall', [[concat([call, disguise])]])
          const nested = abi.encodeFunctionData('multicall', [[concat([plain, disguise])]])
          for (const data of [
            concat([plain, disguise]),
            dressed,
            concat([dressed, disguise]),
            nested,
            concat([nested, disguise]),
          ]) {
            await expect(stranger.sendTransaction({ to: address, data, ...gas }))
              .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
              .withArgs(stranger.address, role)
          }
        }
      }
    })

    it('stays the same where such bytes name somebody else', async () => {
      const { book, address, organiser, stranger, alice } =
        await networkHelpers.loadFixture(emptyBook)
      const [MANAGER, { interface: abi }] = [await book.MANAGER_ROLE(), book]
      const grant = abi.encodeFunctionData('grantRole', [MANAGER, alice.address])
      const dressed = abi.encodeFunctionData('multicall', [[concat([grant, stranger.address])]])
      const data = concat([dressed, stranger.address])
      await expect(organiser.sendTransaction({ to: address, data }))
        .to.emit(book, 'RoleGranted')
        .withArgs(MANAGER, alice.address, organiser.address)
    })

    it('is the wallet where a wallet sends it, not whoever moved the wallet', async () => {
      const { book, address, organiser, stranger, terms } =
        await networkHelpers.loadFixture(emptyBook)
      const MANAGER = await book.MANAGER_ROLE()
      const wallet = await ethers.deployContract('HonestWallet', [stranger])
      const create = book.interface.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const data = book.interface.encodeFunctionData('multicall', [[create, create]])
      await expect(wallet.connect(stranger).send(address, data))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(await wallet.getAddress(), MANAGER)
      await book.connect(organiser).grantRole(MANAGER, wallet)
      await wallet.connect(stranger).send(address, data)
      expect(await book.campaignCount()).to.equal(2)
      expect(await book.hasRole(MANAGER, stranger)).to.equal(false)
    })
  })

  describe('when one call fails', () => {
    it('reverts all of them, with its own error', async () => {
      const { book, manager, alice, terms } = await networkHelpers.loadFixture(emptyBook)
      const { interface: abi } = book
      const create = abi.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const issueTo = (holders: string[]) => abi.encodeFunctionData('issue', [1, holders])
      const bad = [
        { call: issueTo([alice.address, ZeroAddress]), error: 'HolderInvalid', facts: [1] },
        { call: issueTo([]), error: 'EmptyList', facts: [] },
        { call: abi.encodeFunctionData('ledger', [2, []]), error: 'UnknownCampaign', facts: [2] },
        { call: '0x12345678', error: 'UnknownFunction', facts: ['0x12345678'] },
        { call: '0x1234', error: 'UnknownFunction', facts: ['0x12340000'] },
        { call: '0x', error: 'UnknownFunction', facts: ['0x00000000'] },
      ]
      for (const { call, error, facts } of bad) {
        for (const calls of [
          [create, call],
          [create, call, issueTo([alice.address])],
          [create, issueTo([alice.address]), call],
        ]) {
          await expect(book.connect(manager).multicall(calls))
            .to.be.revertedWithCustomError(book, error)
            .withArgs(...facts)
        }
      }
      expect(await book.campaignCount()).to.equal(0)
    })
  })

  describe('given a multicall inside a multicall', () => {
    it('does them all, for the same sender', async () => {
      const { book, manager, alice, terms } = await networkHelpers.loadFixture(emptyBook)
      const { interface: abi } = book
      const create = abi.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const issue = abi.encodeFunctionData('issue', [1, [alice.address]])
      const wrap = (...calls: string[]) => abi.encodeFunctionData('multicall', [calls])
      await book.connect(manager).multicall([create, wrap(issue, wrap(issue)), wrap(), create])
      expect(await book.campaignCount()).to.equal(2)
      expect(await book.shardCount(1)).to.equal(2)
    })

    it('refuses what is not the sender’s, and reverts the outermost, too', async () => {
      const { book, stranger, guardian, terms } = await networkHelpers.loadFixture(plannedCampaign)
      const { interface: abi } = book
      const create = abi.encodeFunctionData('createCampaign', ['Lunch', terms, ''])
      const pause = abi.encodeFunctionData('pause', [1])
      const wrap = (...calls: string[]) => abi.encodeFunctionData('multicall', [calls])
      for (const { as, calls } of [
        { as: stranger, calls: [wrap(wrap(create))] },
        { as: guardian, calls: [pause, wrap(create)] },
      ]) {
        await expect(book.connect(as).multicall(calls))
          .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
          .withArgs(as.address, await book.MANAGER_ROLE())
      }
      expect(await book.pausedAt(1)).to.equal(0)
    })
  })

  it('takes no money', async () => {
    const { book, address, organiser } = await networkHelpers.loadFixture(threeCampaigns)
    const pause = book.interface.encodeFunctionData('pause', [1])
    for (const calls of [[], [pause], [pause, pause]]) {
      const data = book.interface.encodeFunctionData('multicall', [calls])
      await expect(
        organiser.sendTransaction({ to: address, data, value: 1, ...gas }),
      ).to.be.revertedWith('Ether sent to non-payable function')
    }
    expect(await ethers.provider.getBalance(address)).to.equal(0)
    expect(await book.pausedAt(1)).to.equal(0)
  })

  it('sets no book up again, and not the implementation', async () => {
    const { book, implementation, organiser, stranger } =
      await networkHelpers.loadFixture(emptyBook)
    const initialize = book.interface.encodeFunctionData('initialize', [stranger.address, []])
    const nested = book.interface.encodeFunctionData('multicall', [[initialize]])
    for (const contract of [book, implementation]) {
      for (const as of [stranger, organiser]) {
        for (const call of [initialize, nested]) {
          await expect(contract.connect(as).multicall([call])).to.be.revertedWithCustomError(
            contract,
            'InvalidInitialization',
          )
        }
      }
      expect(await contract.hasRole(ADMIN, stranger)).to.equal(false)
    }
  })

  describe('when a guardian pauses several campaigns', () => {
    it('pauses them in one transaction', async () => {
      const { book, guardian } = await networkHelpers.loadFixture(threeCampaigns)
      const calls = [1, 2, 3].map((id) => book.interface.encodeFunctionData('pause', [id]))
      const sent = book.connect(guardian).multicall(calls)
      for (const id of [1, 2, 3]) {
        await expect(sent).to.emit(book, 'CampaignPaused').withArgs(id)
        expect(await book.pausedAt(id)).to.equal(await time.latest())
      }
    })

    it('pauses none where one cannot be', async () => {
      const { book, guardian } = await networkHelpers.loadFixture(threeCampaigns)
      const pause = (id: number) => book.interface.encodeFunctionData('pause', [id])
      await expect(book.connect(guardian).multicall([1, 2, 4].map(pause)))
        .to.be.revertedWithCustomError(book, 'UnknownCampaign')
        .withArgs(4)
      const at = (await time.latest()) + HOUR
      await time.setNextBlockTimestamp(at)
      await expect(book.connect(guardian).multicall([1, 2, 1].map(pause), gas))
        .to.be.revertedWithCustomError(book, 'CampaignIsPaused')
        .withArgs(1, at)
      for (const id of [1, 2, 3]) expect(await book.pausedAt(id)).to.equal(0)
    })
  })

  describe('when a holder redeems', () => {
    it('uses two coupons of theirs in one transaction', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, root } = world
      const calls = await Promise.all(
        [0, 3].map(async (seat) => {
          const { coupon, site, statements, proof } = await visit(world, { seat })
          const { campaignId, serial } = coupon
          return book.interface.encodeFunctionData('redeem', [
            campaignId,
            serial,
            statements,
            site,
            packedProof(proof),
          ])
        }),
      )
      const sent = book.connect(alice).multicall(calls, gas)
      for (const serial of [0, 3]) {
        await expect(sent).to.emit(book, 'CouponRedeemed').withArgs(1, serial, alice.address, 1)
      }
      expect(await book.ledger(1, [root])).to.deep.equal([5n, 2n, 0n, 3n])
    })

    it('uses no coupon twice, and none of another', async () => {
      const world = await networkHelpers.loadFixture(openCampaign)
      const { book, alice, bob } = world
      const { coupon, site, statements, proof } = await visit(world)
      const call = book.interface.encodeFunctionData('redeem', [
        coupon.campaignId,
        coupon.serial,
        statements,
        site,
        packedProof(proof),
      ])
      await expect(book.connect(alice).multicall([call, call], gas))
        .to.be.revertedWithCustomError(book, 'CouponAlreadyRedeemed')
        .withArgs(1, 0)
      expect(await book.statusOf(1, 0, alice, packedProof(proof))).to.equal(UNUSED)

      // As bob's it is a statement for another holder: nobody known signed that.
      await expect(
        book.connect(bob).multicall([concat([call, alice.address])], gas),
      ).to.be.revertedWithCustomError(book, 'NotAWitness')
      await book.connect(alice).multicall([call], gas)
      expect(await book.statusOf(1, 0, alice, packedProof(proof))).to.equal(REDEEMED)
    })
  })
})
