import { packBatch } from '@coupon-secure/protocol/batch'
import { expect } from 'chai'
import {
  concat,
  type ContractTransactionReceipt,
  dataLength,
  dataSlice,
  id,
  recoverAddress,
  Signature,
  type Signer,
  toBeHex,
  type TypedDataDomain,
  TypedDataEncoder,
  Wallet,
  ZeroAddress,
  ZeroHash,
} from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'
import { isHex, type Hex } from 'viem'

import {
  chain,
  COUNTER,
  DAY,
  gas,
  HOUR,
  LOCATION,
  MINUTE,
  plannedCampaign,
  redeem,
  visit,
  type Visit,
  type World,
} from './book-fixture.ts'
import { packedProof, rootOf, SEATS_PER_SHARD, type Shard, ZERO_NODE } from './shard-reference.ts'
import { domainOf, permit, type Presence, redeemTypes, signerOf } from './typed-data.ts'

const { ethers, networkHelpers } = await network.create({
  override: { ...chain.override, allowBlocksWithSameTimestamp: true },
})
const { time } = networkHelpers
const STANDBY = 2n ** 31n // the number of the first standby shard
const LONGEST_BATCH = 117_000
const ITEM_HEAD = 74
const MOST_GAS = 2n ** 24n // EIP-7825: what one transaction may use
const HIGHEST_WORD = toBeHex(2n ** 256n - 1n, 32)
const HIGHEST_S = toBeHex(2n ** 255n - 1n, 32) // what the 64 bytes have room for, the parity being 0
const plenty = { gasLimit: MOST_GAS } as const

/** One redemption as a batch holds it; its nodes may be fewer than its proof has. */
type Item = { visit: Visit; deadline: number; signature: string; nodes: string[] }

/** What the book told of one item. */
type Told =
  | { serial: bigint; holder: string; redeemedAt: number }
  | { serial: bigint; holder: string; why: string }

/** Shards of 16, 255, 1 and 7 people beside that of the fixture; the counter that serves them is a witness. */
async function plannedService(connection: NetworkConnection) {
  const world = await plannedCampaign(connection)
  const { book, terms, stranger, now } = world
  await book.changeTerms(1, { ...terms, requiredWitnesses: COUNTER })
  const counter = { key: stranger, classes: COUNTER, site: 0, validFrom: 0 }
  await book.addWitness({ ...counter, validUntil: now + 90 * DAY })

  const people = Array.from({ length: SEATS_PER_SHARD }, (_, i) => new Wallet(id(`person ${i}`)))
  const shards: Shard[] = [world.shard]
  for (const size of [16, SEATS_PER_SHARD, 1, 7]) {
    const holders = people.slice(0, size).map(({ address }) => address)
    shards.push({ index: BigInt(shards.length), holders })
    await book.issue(1, holders, plenty)
  }
  const known: Signer[] = [world.alice, world.bob, world.carol, world.dave, ...people]
  const keys = new Map(
    await Promise.all(known.map(async (key) => [await key.getAddress(), key] as const)),
  )
  return {
    ...world,
    terms: { ...terms, requiredWitnesses: COUNTER },
    counter: stranger,
    people,
    shards,
    keys,
  }
}

type Service = Awaited<ReturnType<typeof plannedService>>

/** A service with these terms, open for ten minutes. */
async function openService(terms: Partial<World['terms']> = {}): Promise<Service> {
  const world = await networkHelpers.loadFixture(plannedService)
  const changed = { ...world.terms, ...terms }
  await world.book.changeTerms(1, changed)
  // Not part of the fixture: the chain's clock, which runs on through all tests, starts here anew.
  await time.increaseTo(world.observedAt)
  return { ...world, terms: changed }
}

describe('CouponBook, redeemBatch', () => {
  it('uses the coupons of all whose permission a counter sends, and tells of each', async () => {
    const world = await openService()
    const { book, counter, shards } = world
    const items = await itemsOf(world, { shard: shards[0]!, seats: [0, 1, 2] })
    const sent = send(world, { items })
    for (const { visit } of items) {
      await expect(sent)
        .to.emit(book, 'CouponRedeemed')
        .withArgs(1, visit.coupon.serial, visit.holder, 1)
    }
    await expect(sent).not.to.emit(book, 'RedemptionRefused')
    expect((await (await sent).wait())?.from).to.equal(counter.address)
    for (const { visit } of items) {
      expect(
        await book.statusOf(1, visit.coupon.serial, visit.holder, packedProof(visit.proof)),
      ).to.equal(2)
    }
    const roots = shards.map(rootOf)
    expect(await book.ledger(1, roots)).to.deep.equal([284n, 3n, 0n, 281n])
  })

  it('returns how many it used, and tells of each item in its order', async () => {
    const world = await openService()
    const { shards } = world
    const items = await itemsOf(world, { shard: shards[1]!, seats: [7, 3, 12, 3, 9] })
    items[2] = await itemOf(world, { shard: shards[1]!, seat: 12, signer: world.alice })
    expect(await countOf(world, items)).to.equal(3n)
    const told = await tellOf(send(world, { items }))
    expect(told.map(({ serial }) => Number(serial & 0xffn))).to.deep.equal([7, 3, 12, 3, 9])
    expect(told.map((one) => 'why' in one)).to.deep.equal([false, false, true, true, false])
  })

  it('returns 0 when it used none', async () => {
    const world = await openService()
    const { shards } = world
    const items = await itemsOf(world, { shard: shards[1]!, seats: [0, 1] })
    await send(world, { items })
    expect(await countOf(world, items)).to.equal(0n)
  })

  it('may be sent by anybody who has statements', async () => {
    const world = await openService()
    const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1], by: [world.desk] })
    const told = await tellOf(send(world, { as: world.carol, items }))
    expect(told.map((one) => 'why' in one)).to.deep.equal([false, false])
  })

  it('works through multicall for several sites, and its sender vouches there too', async () => {
    const world = await openService()
    const { book, counter, shards } = world
    const data = await Promise.all(
      [1, 2, 3].map(async (site) => {
        const items = await itemsOf(world, { shard: shards[1]!, seats: [site, site + 4], site })
        return book.interface.encodeFunctionData('redeemBatch', [1, site, packed(items), []])
      }),
    )
    const told = await tellOf(book.connect(counter).multicall(data, plenty))
    expect(told.map((one) => 'redeemedAt' in one && one.redeemedAt)).to.deep.equal([
      1, 1, 2, 2, 3, 3,
    ])
  })

  describe('given something is wrong with the whole', () => {
    for (const campaignId of [0n, 2n]) {
      it(`reverts when the campaign is ${campaignId}`, async () => {
        const world = await openService()
        const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1] })
        await expect(send(world, { campaignId, items }))
          .to.be.revertedWithCustomError(world.book, 'UnknownCampaign')
          .withArgs(campaignId)
      })
    }

    it('reverts when the campaign is paused, and goes on when it does', async () => {
      const world = await openService()
      const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1] })
      await world.book.pause(1)
      const since = await time.latest()
      await expect(send(world, { items }))
        .to.be.revertedWithCustomError(world.book, 'CampaignIsPaused')
        .withArgs(1, since)
      await world.book.resume(1)
      await expect(send(world, { items })).to.emit(world.book, 'CouponRedeemed')
    })

    it('reverts a second before opensAt, and not at opensAt', async () => {
      const world = await networkHelpers.loadFixture(plannedService)
      const { book, opensAt } = world
      const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1] })
      await time.setNextBlockTimestamp(opensAt - 1)
      await expect(send(world, { items }))
        .to.be.revertedWithCustomError(book, 'CampaignNotOpen')
        .withArgs(opensAt, opensAt - 1)
      await time.setNextBlockTimestamp(opensAt)
      await expect(send(world, { items })).to.emit(book, 'CouponRedeemed')
    })

    it('reverts when the grace is over, and not a second before', async () => {
      const world = await openService()
      const { book, closesAt } = world
      const endsAt = closesAt + DAY
      const presence = { observedAt: closesAt - 1, validUntil: endsAt + DAY }
      const options = { by: [world.desk], presence, deadline: endsAt + DAY }
      const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1], ...options })
      await time.setNextBlockTimestamp(endsAt - 1)
      await expect(send(world, { items: items.slice(0, 1) })).to.emit(book, 'CouponRedeemed')
      await time.setNextBlockTimestamp(endsAt)
      await expect(send(world, { items: items.slice(1) }))
        .to.be.revertedWithCustomError(book, 'CampaignIsOver')
        .withArgs(endsAt, endsAt)
    })

    for (const site of [0, 4, 65_535]) {
      it(`reverts when a campaign of three sites is asked for site ${site}`, async () => {
        const world = await openService()
        const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0, 1], site })
        await expect(send(world, { site, items }))
          .to.be.revertedWithCustomError(world.book, 'UnknownSite')
          .withArgs(site, 3)
      })
    }

    it('takes site 0, and nothing else, where a campaign has no sites', async () => {
      const world = await openService({
        requiredWitnesses: 0,
        sites: 0,
        geofenceHash: ZeroHash,
      })
      const items = await itemsOf(world, { shard: world.shards[1]!, seats: [0], site: 0 })
      await expect(send(world, { site: 1, items }))
        .to.be.revertedWithCustomError(world.book, 'UnknownSite')
        .withArgs(1, 0)
      await expect(send(world, { site: 0, items }))
        .to.emit(world.book, 'CouponRedeemed')
        .withArgs(1, 256, items[0]!.visit.holder, 0)
    })

    it('reverts when there are no items, even in a campaign that there is not', async () => {
      const world = await openService()
      for (const campaignId of [1n, 2n]) {
        await expect(send(world, { campaignId, items: [] }))
          .to.be.revertedWithCustomError(world.book, 'EmptyList')
          .withArgs()
      }
    })

    it('reverts when it is 117,001 bytes long', async () => {
      const world = await openService()
      const bytes = `0x${'00'.repeat(LONGEST_BATCH + 1)}`
      await expect(send(world, { bytes }))
        .to.be.revertedWithCustomError(world.book, 'ListTooLong')
        .withArgs(LONGEST_BATCH + 1, LONGEST_BATCH)
    })

    it('uses 500 coupons in exactly 117,000 bytes, with the gas that one transaction may have', async function () {
      this.timeout(300_000) // five hundred holders sign
      const world = await openService()
      const { book, people, shards } = world
      const holders = people.map(({ address }) => address)
      await book.issue(1, holders, plenty)
      const full = shards[2]!
      const another: Shard = { index: BigInt(shards.length), holders }
      const items = [
        ...(await itemsOf(world, { shard: full, seats: range(255) })),
        ...(await itemsOf(world, { shard: another, seats: range(245) })),
      ]
      expect(dataLength(packed(items))).to.equal(LONGEST_BATCH)

      const receipt = await (await send(world, { items, ...plenty })).wait()
      expect(receipt!.gasUsed).to.be.lessThan(MOST_GAS)
      expect(toldBy(world, receipt!).filter((one) => 'redeemedAt' in one)).to.have.length(500)
    })

    it('reverts when it is cut at any byte, unless nothing but whole items are left', async () => {
      const world = await openService()
      const { book, counter, shards, desk } = world
      const items = await itemsOf(world, { shard: shards[1]!, seats: [2, 9], by: [desk] })
      const whole = packed(items)
      const statements = items.flatMap(({ visit }) => visit.statements)
      const length = ITEM_HEAD + 4 * 20
      expect(dataLength(whole)).to.equal(2 * length)
      for (let cut = 1; cut < 2 * length; cut++) {
        const call = book
          .connect(counter)
          .redeemBatch.staticCall(1, 1, dataSlice(whole, 0, cut), statements)
        const [name, ...args]: [string, ...number[]] =
          cut === length
            ? ['StatementsDoNotFit', 2, 1]
            : ['BatchCutShort', cut, neededFor({ cut, length })]
        await expect(call, `cut to ${cut}`)
          .to.be.revertedWithCustomError(book, name)
          .withArgs(...args)
      }
      expect(
        await book.redeemBatch.staticCall(
          1,
          1,
          dataSlice(whole, 0, length),
          statements.slice(0, 1),
        ),
      ).to.equal(1)
    })

    for (const nodeCount of range(7).map((i) => i + 9)) {
      it(`reverts when an item says that it has ${nodeCount} nodes, though they are there`, async () => {
        const world = await openService()
        const { book, shards } = world
        const [good, bad] = await itemsOf(world, { shard: shards[1]!, seats: [0, 1] })
        const nodes = Array.from({ length: nodeCount }, () => ZERO_NODE)
        for (const items of [[{ ...bad!, nodes }], [good!, { ...bad!, nodes }]]) {
          await expect(send(world, { items }))
            .to.be.revertedWithCustomError(book, 'ProofTooLong')
            .withArgs(nodeCount, 8)
        }
        const [used] = await book.seatsOf(1, 1, rootOf(shards[1]!))
        expect(used & 0xffffn).to.equal(0n)
      })
    }

    for (const { given, named } of [
      { given: 0, named: [1] },
      { given: 1, named: [0] },
      { given: 1, named: [0, 0] },
      { given: 3, named: [1, 1] },
      { given: 2, named: [1, 1, 1] },
      { given: 2, named: [15] },
      { given: 16, named: [15] },
    ]) {
      it(`reverts when items name ${named.join(' and ')} statements, and ${given} are given`, async () => {
        const world = await openService()
        const { book, shards, desk } = world
        const items = await Promise.all(
          named.map((count, seat) => {
            const by = Array.from({ length: count }, () => desk)
            return itemOf(world, { shard: shards[1]!, seat, by })
          }),
        )
        const statement = (await itemOf(world, { shard: shards[1]!, seat: 0, by: [desk] })).visit
          .statements[0]!
        const statements = Array.from({ length: given }, () => statement)
        // The first that has none left is told of, with how many were asked for by then.
        const sums = named.map((_, i) => named.slice(0, i + 1).reduce((a, b) => a + b, 0))
        const asked = sums.find((sum) => sum > given) ?? sums.at(-1)!
        await expect(send(world, { items, statements }))
          .to.be.revertedWithCustomError(book, 'StatementsDoNotFit')
          .withArgs(given, asked)
        const [used] = await book.seatsOf(1, 1, rootOf(shards[1]!))
        expect(used & 0xffffn).to.equal(0n)
      })
    }
  })

  describe('given something is wrong with one item', () => {
    type Wrong = {
      name: string
      when: string
      given?: Partial<World['terms']>
      made: (world: Service) => Promise<Item>
      at?: (world: Service) => number
      as?: (world: Service) => Signer
      /** What the batch says where the single call says something else. */
      instead?: (world: Service, item: Item) => [string, ...unknown[]]
    }
    const here = { seat: 5 } as const
    const at = (world: Service) => world.observedAt + 2 * MINUTE
    const seemingly = (world: Service, { visit: { coupon }, ...item }: Item) =>
      ['NotIssued', 1n, coupon.serial, seemingSigner(world, { visit: { coupon }, ...item })] as [
        string,
        ...unknown[],
      ]
    const cases: Wrong[] = [
      {
        name: 'RedeemExpired',
        when: 'its deadline was a second ago',
        made: (world) => itemOf(world, { ...one(world), deadline: at(world) - 1 }),
      },
      {
        name: 'NotAWitness',
        when: 'a key that nobody knows signed its statement',
        made: (world) => itemOf(world, { ...one(world), by: [world.carol] }),
      },
      {
        name: 'NotAWitness',
        when: 'its statement is for another site',
        made: (world) => itemOf(world, { ...one(world), by: [world.desk], presence: { site: 2 } }),
      },
      {
        name: 'NotAWitness',
        when: 'its second statement is worth nothing, though the first and the sender vouch',
        made: (world) => itemOf(world, { ...one(world), by: [world.desk, world.carol] }),
      },
      {
        name: 'WitnessNotValid',
        when: 'its witness had not been added by then',
        made: (world) => {
          const presence = { observedAt: world.now - 1, validUntil: world.closesAt }
          return itemOf(world, { ...one(world), by: [world.desk], presence })
        },
      },
      {
        name: 'WitnessNotAtSite',
        when: 'its witness vouches at another site',
        made: (world) => itemOf(world, { ...one(world), by: [world.deskAtTwo] }),
      },
      {
        name: 'StatementForOtherGeofence',
        when: 'its statement is about another place',
        made: (world) => {
          const presence = { geofenceHash: id('the other hall') }
          return itemOf(world, { ...one(world), by: [world.desk], presence })
        },
      },
      {
        name: 'ObservedOutsideWindow',
        when: 'its holder was seen a second before opensAt',
        made: (world) => {
          const presence = { observedAt: world.opensAt - 1, validUntil: world.closesAt }
          return itemOf(world, { ...one(world), by: [world.desk], presence })
        },
      },
      {
        name: 'ObservedInFuture',
        when: 'its holder was seen in 61 seconds',
        made: (world) => {
          const presence = { observedAt: at(world) + 61 }
          return itemOf(world, { ...one(world), by: [world.desk], presence })
        },
      },
      {
        name: 'StatementExpired',
        when: 'its statement ends now',
        made: (world) => {
          const presence = { validUntil: at(world) }
          return itemOf(world, { ...one(world), by: [world.desk], presence })
        },
      },
      {
        name: 'StatementTooLong',
        when: 'its location statement lives a second longer than ten minutes',
        made: (world) => {
          const presence = { validUntil: world.observedAt + 601 }
          return itemOf(world, { ...one(world), by: [world.oracle], presence })
        },
      },
      {
        name: 'PresenceMissing',
        when: 'it has no statement, and its sender is nobody',
        as: (world) => world.carol,
        made: (world) => itemOf(world, one(world)),
      },
      {
        name: 'PresenceMissing',
        when: 'it has a statement of the other kind, and its sender is nobody',
        as: (world) => world.carol,
        made: (world) => itemOf(world, { ...one(world), by: [world.oracle] }),
      },
      {
        name: 'PresenceMissing',
        when: 'its sender covers one kind of two',
        given: { requiredWitnesses: LOCATION | COUNTER },
        made: (world) => itemOf(world, one(world)),
      },
      {
        name: 'NotIssued',
        when: 'its coupon is of a shard that is not there',
        made: (world) => {
          const shard = { ...world.shards[1]!, index: 99n }
          return itemOf(world, { shard, ...here })
        },
      },
      {
        name: 'NotIssued',
        when: 'its proof is cut short',
        made: async (world) => {
          const item = await itemOf(world, one(world))
          const proof = item.visit.proof.slice(0, -1)
          return { ...item, visit: { ...item.visit, proof }, nodes: proof }
        },
      },
      {
        name: 'NotIssued',
        when: 'its proof is of another seat',
        made: async (world) => {
          const item = await itemOf(world, one(world))
          const other = await itemOf(world, { ...one(world), seat: 6 })
          const { proof } = other.visit
          return { ...item, visit: { ...item.visit, proof }, nodes: proof }
        },
      },
      {
        name: 'CouponAlreadyRedeemed',
        when: 'its coupon was used a block ago',
        made: async (world) => {
          const item = await itemOf(world, one(world))
          await send(world, { items: [item] })
          return item
        },
      },
      {
        name: 'CouponIsRevoked',
        when: 'its coupon was revoked',
        made: async (world) => {
          const { shard, seat } = one(world)
          const serial = (shard.index << 8n) | BigInt(seat)
          await world.book.revoke(1, rootOf(shard), [serial], 'gave it back')
          return itemOf(world, one(world))
        },
      },
      {
        name: 'CampaignHasClosed',
        when: 'no witness is required and the window has closed',
        given: { requiredWitnesses: 0 },
        at: (world) => world.closesAt,
        made: (world) => itemOf(world, one(world)),
      },
      ...[
        { what: 'another key', options: (world: Service) => ({ signer: world.carol }) },
        {
          what: "the next seat's holder",
          options: (world: Service) => ({ signer: world.people[6]! }),
        },
        { what: 'its holder for another deadline', options: () => ({ signed: { deadline: 1 } }) },
        { what: 'its holder for another site', options: () => ({ signed: { site: 2 } }) },
        { what: 'its holder for another coupon', options: () => ({ signed: { serial: 1n } }) },
        {
          what: 'its holder for another campaign',
          options: () => ({ signed: { campaignId: 2n } }),
        },
        {
          what: 'its holder for another book',
          options: (world: Service) => ({ domain: domainOf({ book: world.carol.address }) }),
        },
        {
          what: 'its holder for another chain',
          options: (world: Service) => ({ domain: domainOf({ book: world.address, chainId: 1n }) }),
        },
      ].map(({ what, options }) => ({
        name: 'HolderSignatureInvalid',
        when: `it was signed by ${what}`,
        made: (world: Service) => itemOf(world, { ...one(world), ...options(world) }),
        instead: seemingly,
      })),
      ...[
        { what: 'is no point of the curve', break: () => concat([HIGHEST_WORD, ZeroHash]) },
        { what: 'is all zero', break: () => concat([ZeroHash, ZeroHash]) },
        { what: 'is all ones', break: () => concat([HIGHEST_WORD, HIGHEST_WORD]) },
        {
          what: 'has the higher s',
          break: (good: string) => concat([dataSlice(good, 0, 32), HIGHEST_S]),
        },
      ].map(({ what, break: broken }) => ({
        name: 'HolderSignatureInvalid',
        when: `its signature ${what}`,
        made: async (world: Service) => {
          const item = await itemOf(world, one(world))
          return { ...item, signature: broken(item.signature) }
        },
        instead: (_: Service, { visit }: Item) =>
          ['NotIssued', 1n, visit.coupon.serial, ZeroAddress] as [string, ...unknown[]],
      })),
      {
        name: 'HolderSignatureInvalid',
        when: 'another key signed it and it has a statement, which is for its holder then and not for that key',
        made: (world) => itemOf(world, { ...one(world), signer: world.carol, by: [world.desk] }),
        instead: (world, item) => {
          const presence = { ...item.visit.coupon, site: 1, holder: world.carol.address }
          const [statement] = item.visit.statements
          return ['NotAWitness', signerOf({ ...world, presence, statement: statement! })]
        },
      },
    ]

    for (const { name, when, given, made, instead, ...scene } of cases) {
      it(`skips it with ${instead === undefined ? name : 'the error of whoever seems to have signed'} when ${when}`, async () => {
        const world = await openService(given)
        const bad = await made(world)
        const { desk, oracle, shards } = world
        const isBoth = given?.requiredWitnesses === (LOCATION | COUNTER)
        const by = isBoth ? [desk, oracle] : [desk]
        // Those beside it have statements of their own, so that they need no sender.
        const [before, after] = await itemsOf(world, { shard: shards[1]!, seats: [2, 9], by })
        const items = [before!, bad, after!]
        const as = scene.as?.(world) ?? world.counter
        const now = (scene.at ?? at)(world)
        const singly = await oneByOne(world, { as, items, at: now })
        expect(errorOf(world, singly[1])[0]).to.equal(name)

        await time.setNextBlockTimestamp(now)
        const told = await tellOf(send(world, { as, items }))
        const whys = told.map((one) => ('why' in one ? one.why : undefined))
        if (instead === undefined) expect(whys).to.deep.equal(singly)
        else expect(errorOf(world, whys[1])).to.deep.equal(instead(world, bad))
        // Nothing stops the rest, but for what is wrong with the rest too.
        const isOverForAll = name === 'CampaignHasClosed'
        expect([whys[0], whys[2]].map((why) => why !== undefined)).to.deep.equal([
          isOverForAll,
          isOverForAll,
        ])
        const { coupon } = bad.visit
        expect(told[1]).to.include({
          serial: coupon.serial,
          holder: seemingSigner(world, bad),
        })
      })
    }

    it('names the earliest of several reasons, as the single call does', async () => {
      const world = await openService()
      const { carol, desk } = world
      const now = at(world)
      const nobody = { as: carol, at: now }
      const shard = { ...world.shards[1]!, index: 99n }
      const items = [
        await itemOf(world, { shard, seat: 0, by: [carol], deadline: now - 1 }), // expired
        await itemOf(world, { shard, seat: 0, by: [carol] }), // no witness
        await itemOf(world, { shard, seat: 0 }), // nobody vouches
        await itemOf(world, { shard, seat: 0, by: [desk] }), // not issued
      ]
      const singly = await oneByOne(world, { ...nobody, items })
      await time.setNextBlockTimestamp(now)
      const told = await tellOf(send(world, { as: carol, items }))
      expect(told.map((one) => 'why' in one && one.why)).to.deep.equal(singly)
      expect(singly.map((why) => errorOf(world, why)[0])).to.deep.equal([
        'RedeemExpired',
        'NotAWitness',
        'PresenceMissing',
        'NotIssued',
      ])
    })

    it('takes the permission at its deadline', async () => {
      const world = await openService()
      const items = [await itemOf(world, { ...one(world), deadline: at(world) })]
      await time.setNextBlockTimestamp(at(world))
      await expect(send(world, { items })).to.emit(world.book, 'CouponRedeemed')
    })

    it('says NotIssued for the owner where a smart wallet holds the coupon, whatever it would sign', async () => {
      const world = await openService()
      const { book, alice } = world
      for (const wallet of [
        await ethers.deployContract('HonestWallet', [alice]),
        await ethers.deployContract('AwkwardWallet', [0]), // says yes to all
      ]) {
        const holder = await wallet.getAddress()
        const firstShard = await book.shardCount(1)
        await book.issue(1, [holder])
        const shard: Shard = { index: firstShard, holders: [holder] }
        const item = await itemOf(world, { shard, seat: 0, signer: alice })
        // Alone it passes, with the 65 bytes that wallets ask for.
        const alone = { ...item, signature: Signature.from(item.signature).serialized }
        const singly = oneByOne(world, { as: world.counter, items: [alone], at: at(world) })
        expect(await singly).to.deep.equal([undefined])
        const serial = firstShard << 8n
        const owner = ['NotIssued', 1n, serial, alice.address]
        expect(await outcomesOf(world, { items: [item] })).to.deep.equal([owner])
        expect(await book.statusOf(1, serial, holder, '0x')).to.equal(1)
      }
    })

    function one(world: Service) {
      return { shard: world.shards[1]!, ...here }
    }
  })

  describe('given the same coupon comes again', () => {
    it('counts once in one batch, whoever stands between', async () => {
      const world = await openService()
      const { book, shards } = world
      const [a, b] = await itemsOf(world, { shard: shards[1]!, seats: [3, 4] })
      for (const items of [
        [a!, a!],
        [a!, b!, a!, b!, a!],
        [b!, a!, a!],
      ]) {
        const snapshot = await networkHelpers.takeSnapshot()
        const told = await tellOf(send(world, { items }))
        const firsts = items.map((item, i) => items.indexOf(item) === i)
        expect(told.map((one) => 'redeemedAt' in one)).to.deep.equal(firsts)
        for (const [i, one] of told.entries()) {
          if (!('why' in one)) continue
          const { serial } = items[i]!.visit.coupon
          expect(errorOf(world, one.why)).to.deep.equal(['CouponAlreadyRedeemed', 1n, serial])
        }
        expect((await book.ledger(1, shards.map(rootOf)))[1]).to.equal(new Set(items).size)
        await snapshot.restore()
      }
    })

    it('counts once, though its holder signed twice', async () => {
      const world = await openService()
      const shard = world.shards[1]!
      const items = await Promise.all(
        [0, 1, 2].map((later) =>
          itemOf(world, { shard, seat: 3, deadline: world.closesAt + later }),
        ),
      )
      const told = await tellOf(send(world, { items }))
      expect(told.map((one) => 'redeemedAt' in one)).to.deep.equal([true, false, false])
    })

    it('counts once in two batches of one block, and in a batch and a single call', async () => {
      const world = await openService()
      const { book, counter, people, desk, dave, shards } = world
      const [a, b, c] = await itemsOf(world, { shard: shards[1]!, seats: [3, 4, 5], by: [desk] })
      const [single] = await itemsOf(world, { shard: shards[0]!, seats: [4], by: [desk] })
      expect(single!.visit.holder).to.equal(dave.address)
      await networkHelpers.setBalance(people[3]!.address, 10n ** 18n)
      await ethers.provider.send('evm_setAutomine', [false])
      try {
        const sent = [
          await send(world, { as: counter, items: [a!, b!], ...gas }),
          await redeem({ book, as: dave, visit: single!.visit }),
          await send(world, { as: world.carol, items: [b!, c!, a!, single!], ...gas }),
        ]
        await networkHelpers.mine()
        const receipts = await Promise.all(sent.map((one) => one.wait()))
        expect(new Set(receipts.map((receipt) => receipt!.blockNumber)).size).to.equal(1)
        const told = receipts
          .toSorted((x, y) => x!.index - y!.index)
          .flatMap((receipt) => toldBy(world, receipt!))
        const used = told.filter((one) => 'redeemedAt' in one).map(({ serial }) => serial)
        expect(used).to.have.members([4n, 259n, 260n, 261n])
        expect(told.filter((one) => 'why' in one)).to.have.length(3)
        for (const one of told) {
          if ('why' in one) {
            const expected = ['CouponAlreadyRedeemed', 1n, one.serial]
            expect(errorOf(world, one.why)).to.deep.equal(expected)
          }
        }
      } finally {
        await ethers.provider.send('evm_setAutomine', [true])
      }
    })
  })

  describe('given items share proof nodes', () => {
    it('uses every two coupons of a shard of 16, in either order, by no other number of nodes than theirs', async () => {
      const world = await openService()
      const { shards } = world
      const items = await itemsOf(world, { shard: shards[1]!, seats: range(16) })
      for (const first of items) {
        for (const second of items) {
          if (first === second) continue
          const [, sharing] = shared([first, second])
          expect(await countOf(world, [first, sharing!])).to.equal(2n)
          for (const count of range(first.nodes.length)) {
            if (count === sharing!.nodes.length) continue
            const other = { ...second, nodes: second.nodes.slice(0, count) }
            expect(await countOf(world, [first, other])).to.equal(1n)
          }
        }
      }
    })

    it('uses any coupons of a shard of seven, in their order', async () => {
      const world = await openService()
      const items = await itemsOf(world, { shard: world.shards[4]!, seats: range(7) })
      for (const chosen of range(128).slice(1)) {
        const some = items.filter((_, seat) => (chosen >> seat) & 1)
        expect(await countOf(world, shared(some))).to.equal(BigInt(some.length))
      }
    })

    for (const size of [1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 33, 65, 129]) {
      it(`uses all coupons of a shard of ${size}`, async () => {
        const world = await openService()
        const { book, people, shards } = world
        const holders = people.slice(0, size).map(({ address }) => address)
        await book.issue(1, holders, plenty)
        const shard: Shard = { index: BigInt(shards.length), holders }
        const items = await itemsOf(world, { shard, seats: range(size) })
        const told = await tellOf(send(world, { items: shared(items), ...plenty }))
        expect(told.filter((one) => 'redeemedAt' in one)).to.have.length(size)
        const [used] = await book.seatsOf(1, shard.index, rootOf(shard))
        expect(used).to.equal(2n ** 256n - 1n)
      })
    }

    it('uses 20 coupons at random of a full shard, packed as the protocol packs them', async () => {
      const world = await openService()
      const { book, shards } = world
      const seats = atRandom({ count: 20, below: SEATS_PER_SHARD })
      const items = await itemsOf(world, { shard: shards[2]!, seats })
      const bytes = packBatch({ items: items.map(batchItemOf) }).items
      const sorted = items.toSorted((a, b) => Number(a.visit.coupon.serial - b.visit.coupon.serial))
      expect(bytes).to.equal(packed(shared(sorted)))
      expect(dataLength(bytes)).to.be.lessThan(dataLength(packed(items)))

      const told = await tellOf(send(world, { bytes, ...plenty }))
      expect(told.filter((one) => 'redeemedAt' in one)).to.have.length(20)
      const [used] = await book.seatsOf(1, 2, rootOf(shards[2]!))
      for (const seat of range(SEATS_PER_SHARD)) {
        expect((used >> BigInt(seat)) & 1n).to.equal(seats.includes(seat) ? 1n : 0n)
      }
    })

    it('uses coupons of several shards mixed, packed as the protocol packs them, with statements or none', async () => {
      const world = await openService()
      const { shards, desk } = world
      const seats = atRandom({ count: 40, below: 250 })
      const items = await Promise.all(
        seats.map((seat, i) => {
          const shard = shards[i % shards.length]!
          const by = i % 3 === 0 ? [desk] : []
          return itemOf(world, { shard, seat: seat % shard.holders.length, by })
        }),
      )
      const different = new Map(items.map((item) => [item.visit.coupon.serial, item]))
      const { items: bytes, serials } = packBatch({
        items: [...different.values()].map(batchItemOf),
      })
      const statements = serials.flatMap((serial) => different.get(serial)!.visit.statements)
      const told = await tellOf(send(world, { bytes, statements, ...plenty }))
      expect(told.filter((one) => 'redeemedAt' in one).map(({ serial }) => serial)).to.deep.equal(
        serials,
      )
    })

    it('uses coupons in any order when nothing is shared, and in turns between shards', async () => {
      const world = await openService()
      const { shards } = world
      const items = [
        ...(await itemsOf(world, { shard: shards[1]!, seats: [9, 2] })),
        ...(await itemsOf(world, { shard: shards[3]!, seats: [0] })),
        ...(await itemsOf(world, { shard: shards[1]!, seats: [3] })),
        ...(await itemsOf(world, { shard: shards[2]!, seats: [254, 0] })),
        ...(await itemsOf(world, { shard: shards[0]!, seats: [4] })),
        ...(await itemsOf(world, { shard: shards[1]!, seats: [15, 8] })),
      ]
      expect(await countOf(world, items)).to.equal(9n)
    })

    it('refuses what leans on a shard before last, whose way is forgotten', async () => {
      const world = await openService()
      const { shards } = world
      const [a, b] = shared(await itemsOf(world, { shard: shards[1]!, seats: [2, 3] }))
      const [other] = await itemsOf(world, { shard: shards[2]!, seats: [9] })
      const told = await tellOf(send(world, { items: [a!, other!, b!] }))
      expect(told.map((one) => 'why' in one)).to.deep.equal([false, false, true])
    })

    it('refuses what leans backwards over a third, and takes it with its full proof', async () => {
      const world = await openService()
      const { shards } = world
      const [a, b, c] = await itemsOf(world, { shard: shards[1]!, seats: [0, 2, 1] })
      const leaning = shared([a!, b!, c!])
      expect(leaning.map(({ nodes }) => nodes.length)).to.deep.equal([4, 1, 1])
      const told = await tellOf(send(world, { items: [...leaning, c!] }))
      expect(told.map((one) => 'why' in one)).to.deep.equal([false, false, true, false])
    })

    describe('given one way is false', () => {
      it('refuses what leans on it, and no more; the next full proof mends it', async () => {
        const world = await openService()
        const { shards, carol } = world
        const seats = [0, 1, 2, 3, 4, 5, 6]
        const items = shared(await itemsOf(world, { shard: shards[1]!, seats }))
        const full = await itemsOf(world, { shard: shards[1]!, seats })
        const foreign = await itemOf(world, { shard: shards[1]!, seat: 1, signer: carol })
        const others = await itemsOf(world, { shard: shards[2]!, seats: [9] })
        const told = await tellOf(
          send(world, {
            items: [
              items[0]!,
              { ...foreign, nodes: [] }, // leads nowhere
              items[2]!, // leans on it
              items[3]!, // leans on that
              ...others, // has nothing to do with it
              full[4]!, // mends it
              items[5]!,
              items[6]!,
              full[1]!, // is good by itself, as is who leant on it
              full[2]!,
              items[3]!,
            ],
          }),
        )
        expect(told.map((one) => 'why' in one)).to.deep.equal([
          false,
          true,
          true,
          true,
          false,
          false,
          false,
          false,
          false,
          false,
          false,
        ])
        for (const one of told) {
          if ('why' in one) {
            const expected = ['NotIssued', 1n, one.serial, one.holder]
            expect(errorOf(world, one.why)).to.deep.equal(expected)
          }
        }
      })

      it('refuses what leans on a full proof that a stranger signed', async () => {
        const world = await openService()
        const { shards, carol } = world
        const [a, b, c] = shared(await itemsOf(world, { shard: shards[1]!, seats: [0, 1, 2] }))
        const foreign = await itemOf(world, { shard: shards[1]!, seat: 1, signer: carol })
        const told = await tellOf(send(world, { items: [a!, foreign, c!, b!] }))
        expect(told.map((one) => 'why' in one)).to.deep.equal([false, true, true, true])
      })

      it('takes what leans on one that is refused for another reason', async () => {
        const world = await openService()
        const { shards, book, carol } = world
        const shard = shards[1]!
        const items = shared(await itemsOf(world, { shard, seats: [0, 1, 2, 3, 4, 5, 6, 7] }))
        await book.revoke(1, rootOf(shard), [256 + 2], 'gave it back')
        await send(world, { items: [(await itemsOf(world, { shard, seats: [4] }))[0]!] })
        const late = await itemOf(world, { shard, seat: 0, deadline: 1 })
        const unseen = await itemOf(world, { shard, seat: 6, by: [carol] })
        items[0] = { ...late, nodes: items[0]!.nodes }
        items[6] = { ...unseen, nodes: items[6]!.nodes }
        const told = await tellOf(send(world, { items }))
        expect(
          told.map((one) => ('why' in one ? errorOf(world, one.why)[0] : 'used')),
        ).to.deep.equal([
          'RedeemExpired',
          'used',
          'CouponIsRevoked',
          'used',
          'CouponAlreadyRedeemed',
          'used',
          'NotAWitness',
          'used',
        ])
      })

      it("shows nobody another's coupon, whatever is left out of the proof", async () => {
        const world = await openService()
        const { shards, carol } = world
        const shard = shards[1]!
        const honest = await itemOf(world, { shard, seat: 0 })
        for (const seat of range(16)) {
          const stolen = await itemOf(world, { shard, seat, signer: carol })
          for (const count of range(9)) {
            const nodes = [...stolen.nodes, ...honest.nodes].slice(0, count)
            const all = [
              honest,
              { ...stolen, nodes },
              { ...stolen, nodes: honest.nodes.slice(0, count) },
            ]
            expect(await countOf(world, all)).to.equal(1n)
          }
        }
      })
    })
  })

  describe('given the sender is a witness', () => {
    it('needs no statement a second before closesAt, and needs one at closesAt', async () => {
      const world = await openService()
      const { closesAt, desk, shards } = world
      const deadline = closesAt + DAY
      const presence = { observedAt: closesAt - 1, validUntil: closesAt + DAY }
      const [early, late] = await itemsOf(world, { shard: shards[1]!, seats: [0, 1], deadline })
      const seen = await itemOf(world, {
        shard: shards[1]!,
        seat: 2,
        deadline,
        by: [desk],
        presence,
      })
      await time.setNextBlockTimestamp(closesAt - 1)
      expect(await outcomesOf(world, { items: [early!] })).to.deep.equal(['used'])
      await time.setNextBlockTimestamp(closesAt)
      expect(await outcomesOf(world, { items: [late!, seen] })).to.deep.equal([
        ['PresenceMissing', BigInt(COUNTER), 0n],
        'used',
      ])
    })

    it('does not vouch at another site than its own', async () => {
      const world = await openService()
      const { deskAtTwo, shards, desk } = world
      const as = await sender(deskAtTwo)
      const [a] = await itemsOf(world, { shard: shards[1]!, seats: [0] })
      const [b] = await itemsOf(world, { shard: shards[1]!, seats: [1], by: [desk] })
      expect(await outcomesOf(world, { as, items: [a!, b!] })).to.deep.equal([
        ['PresenceMissing', BigInt(COUNTER), 0n],
        'used',
      ])
      const [there] = await itemsOf(world, { shard: shards[1]!, seats: [0], site: 2 })
      expect(await outcomesOf(world, { as, site: 2, items: [there!] })).to.deep.equal(['used'])
    })

    it('does not vouch from the second on in which its own time is over', async () => {
      const world = await openService()
      const { book, counter, shards, observedAt } = world
      const validUntil = observedAt + 2 * MINUTE
      const entry = { key: counter, classes: COUNTER, site: 0, validFrom: 0, validUntil }
      await book.addWitness(entry)
      const [a, b] = await itemsOf(world, { shard: shards[1]!, seats: [0, 1] })
      await time.setNextBlockTimestamp(validUntil - 1)
      expect(await outcomesOf(world, { items: [a!] })).to.deep.equal(['used'])
      await time.setNextBlockTimestamp(validUntil)
      expect(await outcomesOf(world, { items: [b!] })).to.deep.equal([
        ['PresenceMissing', BigInt(COUNTER), 0n],
      ])
    })

    it('does not vouch before its own time, nor once it is removed', async () => {
      const world = await openService()
      const { book, counter, shards, observedAt, now } = world
      const validFrom = observedAt + 2 * MINUTE
      const entry = {
        key: counter,
        classes: COUNTER,
        site: 0,
        validFrom,
        validUntil: now + 9 * DAY,
      }
      await book.addWitness(entry)
      const [a, b] = await itemsOf(world, { shard: shards[1]!, seats: [0, 1] })
      const missing = ['PresenceMissing', BigInt(COUNTER), 0n]
      await time.setNextBlockTimestamp(validFrom - 1)
      expect(await outcomesOf(world, { items: [a!] })).to.deep.equal([missing])
      await time.setNextBlockTimestamp(validFrom)
      expect(await outcomesOf(world, { items: [a!] })).to.deep.equal(['used'])
      await book.removeWitness(counter)
      expect(await outcomesOf(world, { items: [b!] })).to.deep.equal([missing])
    })

    it('covers one kind where two are required, and the statement the other', async () => {
      const world = await openService({ requiredWitnesses: LOCATION | COUNTER })
      const { oracle, desk, shards } = world
      const shard = shards[1]!
      const items = await Promise.all(
        [[oracle], [], [desk], [oracle, desk]].map((by, seat) =>
          itemOf(world, { shard, seat, by }),
        ),
      )
      expect(await outcomesOf(world, { items })).to.deep.equal([
        'used',
        ['PresenceMissing', 3n, BigInt(COUNTER)],
        ['PresenceMissing', 3n, BigInt(COUNTER)],
        'used',
      ])
      expect(await outcomesOf(world, { as: world.carol, items })).to.deep.equal([
        ['PresenceMissing', 3n, BigInt(LOCATION)],
        ['PresenceMissing', 3n, 0n],
        ['PresenceMissing', 3n, BigInt(COUNTER)],
        ['CouponAlreadyRedeemed', 1n, 259n],
      ])
    })
  })

  describe('given items have statements', () => {
    it('takes one for each, two for each, fifteen, or some with and some without', async () => {
      const world = await openService()
      const { oracle, desk, shards, counter } = world
      for (const counts of [
        [1, 1, 1, 1],
        [2, 2, 2, 2],
        [15, 1, 15],
        [0, 2, 0, 1, 0],
        [1, 0, 0, 3],
      ]) {
        const snapshot = await networkHelpers.takeSnapshot()
        const items = await Promise.all(
          counts.map((count, seat) => {
            const by = range(count).map((i) => (i % 2 === 0 ? desk : oracle))
            return itemOf(world, { shard: shards[1]!, seat, by })
          }),
        )
        const used = counts.map(() => 'used')
        expect(await outcomesOf(world, { as: counter, items })).to.deep.equal(used)
        await snapshot.restore()
      }
    })

    it('takes both kinds where both are required, from anybody', async () => {
      const world = await openService({ requiredWitnesses: LOCATION | COUNTER })
      const { oracle, desk, shards, carol } = world
      const by = [oracle, desk]
      const items = await itemsOf(world, { shard: shards[1]!, seats: range(6), by })
      const used = items.map(() => 'used')
      expect(await outcomesOf(world, { as: carol, items: shared(items) })).to.deep.equal(used)
    })

    it('keeps them in step past an item that is refused before they are looked at', async () => {
      const world = await openService()
      const { oracle, desk, shards, observedAt } = world
      const by = [desk, oracle]
      const [before, after] = await itemsOf(world, { shard: shards[1]!, seats: [0, 2], by })
      const late = await itemOf(world, { shard: shards[1]!, seat: 1, by, deadline: observedAt })
      const now = observedAt + MINUTE
      await time.setNextBlockTimestamp(now)
      expect(
        await outcomesOf(world, { as: world.carol, items: [before!, late, after!] }),
      ).to.deep.equal(['used', ['RedeemExpired', BigInt(observedAt), BigInt(now)], 'used'])
      // Its own are counted all the same: no fewer, and no more, may come with the batch.
      const bare = { ...after!, visit: { ...after!.visit, statements: [] } }
      const wrong: { items: Item[]; given: number }[] = [
        { items: [late], given: 1 },
        { items: [late], given: 3 },
        { items: [late, bare], given: 1 },
      ]
      for (const { items, given } of wrong) {
        const statements = [...late.visit.statements, ...late.visit.statements].slice(0, given)
        await expect(send(world, { items, statements }))
          .to.be.revertedWithCustomError(world.book, 'StatementsDoNotFit')
          .withArgs(given, 2)
      }
    })

    it("refuses both of two items with each other's statements", async () => {
      const world = await openService()
      const { desk, shards } = world
      const items = await itemsOf(world, { shard: shards[1]!, seats: [0, 1], by: [desk] })
      const statements = items.flatMap(({ visit }) => visit.statements).toReversed()
      const told = await tellOf(send(world, { items, statements }))
      for (const [i, one] of told.entries()) {
        const { coupon, holder } = items[i]!.visit
        const presence = { ...coupon, holder, site: 1 }
        const seeming = signerOf({ ...world, presence, statement: statements[i]! })
        expect(errorOf(world, 'why' in one ? one.why : undefined)).to.deep.equal([
          'NotAWitness',
          seeming,
        ])
      }
    })

    it('needs none, and minds a false one, where no witness is required', async () => {
      const world = await openService({ requiredWitnesses: 0 })
      const { carol, shards, desk } = world
      const [bare] = await itemsOf(world, { shard: shards[1]!, seats: [0] })
      const [seen] = await itemsOf(world, { shard: shards[1]!, seats: [1], by: [desk] })
      const [unseen] = await itemsOf(world, { shard: shards[1]!, seats: [2], by: [carol] })
      expect(await outcomesOf(world, { as: carol, items: [bare!, seen!, unseen!] })).to.deep.equal([
        'used',
        'used',
        ['NotAWitness', carol.address],
      ])
    })
  })

  describe('given standby waits', () => {
    /** Five coupons, all of the supply, held for an hour of two; four people on standby. */
    async function heldService() {
      const world = await networkHelpers.loadFixture(plannedService)
      const { book, opensAt, terms, shard, people } = world
      const heldUntil = opensAt + HOUR
      await book.createCampaign('Dinner', { ...terms, heldUntil, supply: 5 }, '')
      await book.issue(2, shard.holders)
      const standby: Shard = {
        index: STANDBY,
        holders: people.slice(0, 4).map((one) => one.address),
      }
      await book.issueStandby(2, standby.holders)
      const service: Service = { ...world, campaignId: 2n, observedAt: opensAt + MINUTE }
      const waiting = await itemsOf(service, { shard: standby, seats: range(4) })
      const held = await itemsOf(service, { shard, seats: range(5) })
      return { ...service, heldUntil, standby, waiting, held }
    }
    const nothingLeft = (seat: number) => ['NothingLeft', 2n, (STANDBY << 8n) + BigInt(seat)]

    it('skips standby a second before heldUntil, and not who holds', async () => {
      const world = await heldService()
      const { heldUntil, waiting, held } = world
      await time.setNextBlockTimestamp(heldUntil - 1)
      const items = [held[0]!, waiting[0]!, held[1]!]
      expect(await outcomesOf(world, { items })).to.deep.equal([
        'used',
        ['StandbyNotYet', BigInt(heldUntil), BigInt(heldUntil - 1)],
        'used',
      ])
    })

    it('skips standby at heldUntil as long as nothing is counted', async () => {
      const world = await heldService()
      const { heldUntil, waiting, held } = world
      await time.setNextBlockTimestamp(heldUntil)
      expect(await outcomesOf(world, { items: [...held, ...shared(waiting)] })).to.deep.equal([
        ...held.map(() => 'used'),
        ...waiting.map((_, seat) => nothingLeft(seat)),
      ])
    })

    it('gives what is left to whoever comes first in the batch, and skips the rest', async () => {
      const world = await heldService()
      const { book, root, heldUntil, waiting, held } = world
      await time.setNextBlockTimestamp(heldUntil - 1)
      await send(world, { items: [held[0]!, held[1]!] })
      await time.increaseTo(heldUntil)
      await book.release(2, [root]) // three are left, for three who held and four who wait
      expect((await book.countersOf(2)).leftForAll).to.equal(3)
      const items = [waiting[0]!, held[2]!, held[0]!, waiting[1]!, waiting[2]!, held[3]!]
      const snapshot = await networkHelpers.takeSnapshot()
      expect(await outcomesOf(world, { items })).to.deep.equal([
        'used',
        'used',
        ['CouponAlreadyRedeemed', 2n, 0n],
        'used',
        nothingLeft(2),
        ['NothingLeft', 2n, 3n],
      ])
      expect((await book.countersOf(2)).leftForAll).to.equal(0)
      expect(await book.ledger(2, [])).to.deep.equal([9n, 5n, 0n, 4n])
      await snapshot.restore()

      const singly = await oneByOne(world, { as: world.counter, items, at: heldUntil + MINUTE })
      await time.setNextBlockTimestamp(heldUntil + MINUTE)
      const told = await tellOf(send(world, { items }))
      expect(told.map((one) => ('why' in one ? one.why : undefined))).to.deep.equal(singly)
    })
  })

  describe('given the gas runs short', () => {
    it('uses all coupons or none, whatever the limit, and never skips one for it', async () => {
      const world = await openService()
      const { book, shards, desk } = world
      const shard = shards[1]!
      const items = shared([
        ...(await itemsOf(world, { shard, seats: [2] })),
        ...(await itemsOf(world, { shard, seats: [5], by: [desk] })),
        ...(await itemsOf(world, { shard, seats: [6] })),
        ...(await itemsOf(world, { shard, seats: [7, 11, 12] })),
      ])
      let [dearestNone, cheapestAll] = [0, Infinity]
      const attempt = async (gasLimit: number) => {
        const snapshot = await networkHelpers.takeSnapshot()
        const told = await tellOf(send(world, { items, gasLimit })).catch(() => undefined)
        const [used] = await book.seatsOf(1, 1, rootOf(shard))
        if (told === undefined) {
          expect(used & 0xffffn, `${gasLimit} gas`).to.equal(0n)
          dearestNone = Math.max(dearestNone, gasLimit)
        } else {
          expect(
            told.filter((one) => 'redeemedAt' in one),
            `${gasLimit} gas`,
          ).to.have.length(6)
          expect(used & 0xffffn, `${gasLimit} gas`).to.equal(0b0001_1000_1110_0100n)
          cheapestAll = Math.min(cheapestAll, gasLimit)
        }
        await snapshot.restore()
      }
      for (let gasLimit = 50_000; gasLimit <= 500_000; gasLimit += 2_500) await attempt(gasLimit)
      expect(dearestNone).to.be.lessThan(cheapestAll)
      // Around the edge, where each operation in turn is the first that cannot be paid for.
      for (let less = 0; less < 2_500; less += 11) await attempt(cheapestAll - less)
      expect(dearestNone).to.be.within(100_000, cheapestAll)
    })
  })

  it('tells of each item what the single calls would, one after another, in any mixture', async () => {
    const world = await openService()
    const { book, shards, desk, oracle, carol, counter, observedAt, now } = world
    await book.revoke(1, rootOf(shards[4]!), [4 * 256 + 2], 'gave it back')
    const names = new Set<string>()
    for (const turn of range(12)) {
      const dice = (name: string, sides: number) =>
        Number(BigInt(id(`${turn}, ${name}`)) % BigInt(sides))
      const at = observedAt + 2 * MINUTE
      const items = await Promise.all(
        range(10).map(async (i) => {
          const shard = shards[[0, 1, 3, 4][dice(`shard ${i}`, 4)]!]!
          const seat = dice(`seat ${i}`, Math.min(shard.holders.length, 4))
          const voices: Signer[][] = [[], [], [desk], [oracle], [oracle, desk], [carol]]
          const by = voices[dice(`by ${i}`, voices.length)]!
          const deadline = dice(`deadline ${i}`, 6) === 0 ? at - 1 : at
          const dates = [
            {},
            {},
            {},
            { observedAt: at + 61 },
            { validUntil: at },
            { observedAt: now - 1 },
          ]
          const presence = dates[dice(`dates ${i}`, dates.length)]!
          const signer = dice(`signer ${i}`, 8) === 0 ? { signer: carol } : {}
          return itemOf(world, { shard, seat, by, deadline, presence, ...signer })
        }),
      )
      const as = turn % 3 === 0 ? carol : counter
      const singly = await oneByOne(world, { as, items, at })
      const snapshot = await networkHelpers.takeSnapshot()
      await time.setNextBlockTimestamp(at)
      const told = await tellOf(send(world, { as, items, ...plenty }))
      await snapshot.restore()
      for (const [i, one] of told.entries()) {
        const alone = errorOf(world, singly[i])
        const together = errorOf(world, 'why' in one ? one.why : undefined)
        names.add(alone[0])
        if (alone[0] !== 'HolderSignatureInvalid') {
          expect(together).to.deep.equal(alone)
          continue
        }
        expect(one.holder).to.equal(seemingSigner(world, items[i]!))
        expect(together[0]).to.be.oneOf(['NotIssued', 'NotAWitness', 'PresenceMissing'])
      }
    }
    expect([...names]).to.include.members([
      'none',
      'CouponAlreadyRedeemed',
      'CouponIsRevoked',
      'HolderSignatureInvalid',
      'NotAWitness',
      'ObservedInFuture',
      'PresenceMissing',
      'RedeemExpired',
      'StatementExpired',
      'WitnessNotValid',
    ])
  })
})

/** One redemption of the seat's holder at site 1, signed by its holder's key, to whom nobody vouches, unless said otherwise. */
async function itemOf(
  world: Service,
  options: {
    shard: Shard
    seat: number
    site?: number
    by?: Signer[]
    presence?: Partial<Presence>
    signer?: Signer
    domain?: TypedDataDomain
    deadline?: number
    /** What the holder signs instead of what the batch says. */
    signed?: Partial<{ campaignId: bigint; serial: bigint; site: number; deadline: number }>
  },
): Promise<Item> {
  const { shard, seat, site = 1, by = [], presence, deadline = world.closesAt } = options
  const { domain = world.domain } = options
  const theirs = await visit(world, { shard, seat, site, by, presence })
  const holder = options.signer ?? world.keys.get(theirs.holder)!
  const redeem = { ...theirs.coupon, site, deadline, ...options.signed }
  const signature = await permit({ holder, domain, redeem })
  return { visit: theirs, deadline, signature, nodes: theirs.proof }
}

async function itemsOf(
  world: Service,
  { seats, ...options }: { seats: number[] } & Omit<Parameters<typeof itemOf>[1], 'seat'>,
): Promise<Item[]> {
  return Promise.all(seats.map((seat) => itemOf(world, { seat, ...options })))
}

/** The items side by side, as docs/protocol.md#batch has them, in this very order. */
function packed(items: Item[]): string {
  return concat(
    items.flatMap(({ visit: { coupon, statements }, deadline, signature, nodes }) => [
      toBeHex(coupon.serial, 5),
      toBeHex(deadline, 4),
      toBeHex((statements.length << 4) | nodes.length, 1),
      signature,
      ...nodes,
    ]),
  )
}

/** The same items without the nodes above the level at which each meets the way of the one before. */
function shared(items: Item[]): Item[] {
  return items.map((item, i) => {
    const before = items[i - 1]
    const serial = item.visit.coupon.serial
    if (before === undefined || before.visit.coupon.serial >> 8n !== serial >> 8n) return item
    const meeting = Math.floor(Math.log2(Number(before.visit.coupon.serial ^ serial)))
    return { ...item, nodes: item.visit.proof.slice(0, meeting) }
  })
}

/** As the protocol's own packer wants it. */
function batchItemOf({ visit: { coupon, proof, statements }, deadline, signature }: Item) {
  return {
    serial: coupon.serial,
    proof: proof.map(hexOf),
    deadline: BigInt(deadline),
    signature: hexOf(signature),
    statements: statements.map(({ observedAt, validUntil, ...words }) => ({
      r: hexOf(words.r),
      vs: hexOf(words.vs),
      geofenceHash: hexOf(words.geofenceHash),
      observedAt: BigInt(observedAt),
      validUntil: BigInt(validUntil),
      evidenceHash: hexOf(words.evidenceHash),
    })),
  }
}

function hexOf(text: string): Hex {
  if (!isHex(text)) throw new Error(`${text} is no hex.`)
  return text
}

function send(
  world: Service,
  options: {
    as?: Signer
    campaignId?: bigint
    site?: number
    items?: Item[]
    bytes?: string
    statements?: Visit['statements']
    gasLimit?: number | bigint
  },
) {
  const { as = world.counter, campaignId = world.campaignId, site = 1, items = [] } = options
  const { bytes = packed(items), gasLimit = MOST_GAS } = options
  const statements = options.statements ?? items.flatMap(({ visit }) => visit.statements)
  return world.book.connect(as).redeemBatch(campaignId, site, bytes, statements, { gasLimit })
}

/** How many coupons the counter would use. */
function countOf({ book, counter }: Service, items: Item[]): Promise<bigint> {
  const statements = items.flatMap(({ visit }) => visit.statements)
  return book.connect(counter).redeemBatch.staticCall(1, 1, packed(items), statements)
}

/** What a transaction told of each item, in the order of its events. */
async function tellOf(sent: ReturnType<typeof send>): Promise<Told[]> {
  const receipt = await (await sent).wait()
  return toldBy({ book: await ethers.getContractAt('CouponBook', receipt!.to!) }, receipt!)
}

function toldBy({ book }: Pick<World, 'book'>, receipt: ContractTransactionReceipt): Told[] {
  return receipt.logs.map((log) => {
    const event = book.interface.parseLog(log)!
    const { serial, holder, site, why } = event.args.toObject()
    if (event.name === 'CouponRedeemed') return { serial, holder, redeemedAt: Number(site) }
    if (event.name === 'RedemptionRefused') return { serial, holder, why }
    throw new Error(`A batch emits no ${event.name}.`)
  })
}

/** Of each item, that it was used, or the error's name and arguments. */
async function outcomesOf(world: Service, options: Parameters<typeof send>[1]) {
  const told = await tellOf(send(world, options))
  return told.map((one) => ('why' in one ? errorOf(world, one.why) : 'used'))
}

function errorOf({ book }: Pick<World, 'book'>, why: string | undefined): [string, ...unknown[]] {
  if (why === undefined) return ['none']
  const error = book.interface.parseError(why)
  if (error === null) throw new Error(`No error of the book is ${why}.`)
  return [error.name, ...error.args.toArray()]
}

/** What `redeemFor` throws for each of these items, sent alone, one after another at this second; undefined for who passes. */
async function oneByOne(
  world: Service,
  { as, items, at }: { as: Signer; items: Item[]; at: number },
): Promise<(string | undefined)[]> {
  const snapshot = await networkHelpers.takeSnapshot()
  const thrown: (string | undefined)[] = []
  for (const { visit, deadline, signature } of items) {
    const { coupon, site, statements, proof, holder } = visit
    await time.setNextBlockTimestamp(at)
    try {
      await world.book
        .connect(as)
        .redeemFor(
          coupon.campaignId,
          coupon.serial,
          statements,
          site,
          packedProof(proof),
          holder,
          deadline,
          signature,
          gas,
        )
      thrown.push(undefined)
    } catch (error) {
      if (typeof error !== 'object' || error === null || !('data' in error)) throw error
      thrown.push(String(error.data))
    }
  }
  await snapshot.restore()
  return thrown
}

/** Whose key seems to have signed the item's `Redeem` for site 1; zero where nobody's can have. */
function seemingSigner(
  { domain }: Pick<World, 'domain'>,
  {
    visit,
    deadline,
    signature,
  }: { visit: Pick<Visit, 'coupon'>; deadline: number; signature: string },
): string {
  const digest = TypedDataEncoder.hash(domain, redeemTypes, { ...visit.coupon, site: 1, deadline })
  if (dataSlice(signature, 32) === HIGHEST_S) return ZeroAddress // which ethers would take
  try {
    return recoverAddress(digest, signature)
  } catch {
    return ZeroAddress
  }
}

/** An account that can send for this key. */
async function sender({ address }: Wallet): Promise<Signer> {
  await networkHelpers.setBalance(address, 10n ** 18n)
  return ethers.getImpersonatedSigner(address)
}

/** How many bytes are needed where a batch of two items of this length is cut within one of them. */
function neededFor({ cut, length }: { cut: number; length: number }): number {
  const start = cut < length ? 0 : length
  // Before the counts are there, they read as none.
  return start + (cut - start < 10 ? ITEM_HEAD : length)
}

/** Numbers that look random, are always the same, and differ. */
function atRandom({ count, below }: { count: number; below: number }): number[] {
  const numbers = range(20 * count).map((i) => Number(BigInt(id(`number ${i}`)) % BigInt(below)))
  return [...new Set(numbers)].slice(0, count)
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
