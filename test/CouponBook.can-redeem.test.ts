// `canRedeem` against `redeem` itself: yes exactly where the coupon is then used, else the very bytes that `redeem` throws.
import { expect } from 'chai'
import { concat, dataSlice, id, type Signer, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  COUNTER,
  DAY,
  gas,
  HOUR,
  LOCATION,
  plannedCampaign,
  redeem,
  redeemFor,
  visit,
  type Visit,
  type World,
} from './book-fixture.ts'
import { packedProof, type Shard, ZERO_NODE } from './shard-reference.ts'
import { signerOf } from './typed-data.ts'

const { ethers, networkHelpers } = await network.create({
  override: { ...chain.override, allowBlocksWithSameTimestamp: true },
})
const { time } = networkHelpers
const STANDBY = 2n ** 31n // the number of the first standby shard
const BOTH = LOCATION | COUNTER
const BOOK_INTERFACE = (await ethers.getContractFactory('CouponBook')).interface

/** Who would use which coupon how, and when: a second after the last block, where nothing is said. */
type Attempt = { as: Signer; visit: Visit; at?: number }

type Terms = Partial<World['terms']>

/** An attempt in a campaign with these terms; `made` prepares it and names the error's arguments, if one is expected. */
type Case = {
  when: string
  given?: Terms | ((world: World) => Terms)
  made: (world: World) => Promise<Attempt & { args?: unknown[] }>
}

/** The errors of the book that come of other calls, so that what is left is what `redeem` can throw. */
const errorsOfOthers = [
  'AccessControlBadConfirmation',
  'AccessControlEnforcedDefaultAdminDelay',
  'AccessControlEnforcedDefaultAdminRules',
  'AccessControlInvalidDefaultAdmin',
  'AccessControlUnauthorizedAccount',
  'AddressEmptyCode',
  'AdminCannotLeave',
  'AdminDelayIsFixed',
  'AlreadyClosed',
  'BatchCutShort',
  'CampaignNotOver',
  'CampaignNotPaused',
  'EmptyList',
  'FailedCall',
  'GeofenceMissing',
  'GraceTooLong',
  'HeldUntilOutsideWindow',
  'HolderInvalid',
  'HolderSignatureInvalid',
  'InvalidInitialization',
  'InvalidShortString',
  'ListTooLong',
  'ListsDiffer',
  'NoStandby',
  'NotInitializing',
  'ProofTooLong',
  'RedeemExpired',
  'RootsDoNotFit',
  'SafeCastOverflowedUintDowncast',
  'StatementsDoNotFit',
  'StringTooLong',
  'SupplyBelowIssued',
  'SupplyExceeded',
  'SupplyOutOfRange',
  'TermsFrozen',
  'TimeNotInSeconds',
  'UnknownFunction',
  'UnknownShard',
  'WindowHasPassed',
  'WindowTooLong',
  'WindowTooShort',
  'WitnessInvalid',
]

const refused: Record<string, Case[]> = {
  UnknownCampaign: [0n, 2n, 2n ** 256n - 1n].map((campaignId) => ({
    when: `the campaign is ${toBeHex(campaignId)}`,
    made: async (world) => {
      const hers = await visit(world)
      const coupon = { ...hers.coupon, campaignId }
      return { as: world.alice, visit: { ...hers, coupon }, args: [campaignId] }
    },
  })),

  CampaignIsPaused: [
    {
      when: 'the campaign is paused',
      made: async (world) => {
        await world.book.pause(1)
        const args = [1n, BigInt(await time.latest())]
        return { as: world.alice, visit: await visit(world), args }
      },
    },
    {
      when: 'it is paused, and over',
      made: async (world) => {
        await world.book.pause(1)
        const args = [1n, BigInt(await time.latest())]
        const at = world.closesAt + 2 * DAY
        return { as: world.alice, visit: await visit(world), at, args }
      },
    },
  ],

  CampaignNotOpen: [
    {
      when: 'it is a second before opensAt',
      given: opensLater,
      made: async (world) => {
        const { opensAt } = world.terms
        const args = [opensAt, opensAt - 1].map(BigInt)
        return { as: world.alice, visit: await visit(world), at: opensAt - 1, args }
      },
    },
  ],

  CampaignIsOver: [0, 1, 30 * DAY].map((after) => ({
    when: `it is ${after} seconds after the grace`,
    made: async (world) => {
      const endsAt = world.closesAt + world.terms.grace
      const args = [endsAt, endsAt + after].map(BigInt)
      return { as: world.alice, visit: await visit(world), at: endsAt + after, args }
    },
  })),

  UnknownSite: [
    ...[0, 4, 65_535].map((site) => ({
      when: `the site is ${site} of three`,
      made: async (world: World) => {
        const args = [BigInt(site), 3n]
        return { as: world.alice, visit: await visit(world, { site }), args }
      },
    })),
    {
      when: 'a site is named where the campaign has none',
      given: { requiredWitnesses: 0, sites: 0, geofenceHash: ZeroHash },
      made: async (world) => {
        return { as: world.alice, visit: await visit(world, { by: [] }), args: [1n, 0n] }
      },
    },
  ],

  NotAWitness: [
    {
      when: 'a key that nobody knows signed',
      made: async (world) => {
        const { stranger, alice } = world
        return {
          as: alice,
          visit: await visit(world, { by: [stranger] }),
          args: [stranger.address],
        }
      },
    },
    {
      when: 'the witness was removed',
      made: async (world) => {
        const hers = await visit(world)
        await world.book.removeWitness(world.oracle)
        return { as: world.alice, visit: hers, args: [world.oracle.address] }
      },
    },
    {
      when: 'the signature is no point of the curve',
      made: async (world) => {
        const hers = await visit(world)
        const broken = { ...hers.statements[0]!, r: toBeHex(2n ** 256n - 1n, 32) }
        const attempt = { as: world.alice, visit: { ...hers, statements: [broken] } }
        return { ...attempt, args: [ZeroAddress] }
      },
    },
    {
      when: 'the signature has the higher s',
      made: async (world) => {
        const hers = await visit(world)
        const high = { ...hers.statements[0]!, vs: `0x7${'f'.repeat(63)}` }
        const attempt = { as: world.alice, visit: { ...hers, statements: [high] } }
        return { ...attempt, args: [ZeroAddress] }
      },
    },
    ...(
      [
        { what: 'campaign', presence: { campaignId: 2n } },
        { what: 'coupon', presence: { serial: 3n } },
        { what: 'holder', presence: { holder: id('somebody').slice(0, 42) } },
        { what: 'site', presence: { site: 2 } },
      ] as const
    ).map(({ what, presence }) => ({
      when: `the statement is for another ${what}`,
      made: async (world: World) => {
        const hers = await visit(world, { presence })
        const [statement] = hers.statements
        const asked = { ...hers.coupon, holder: world.alice.address, site: 1 }
        const seeming = signerOf({ ...world, presence: asked, statement: statement! })
        return { as: world.alice, visit: hers, args: [seeming] }
      },
    })),
    {
      when: 'a good statement stands before it',
      made: async (world) => {
        const hers = await visit(world, { by: [world.oracle, world.stranger] })
        return { as: world.alice, visit: hers, args: [world.stranger.address] }
      },
    },
    {
      when: 'no witness is required',
      given: { requiredWitnesses: 0 },
      made: async (world) => {
        const hers = await visit(world, { by: [world.stranger] })
        return { as: world.alice, visit: hers, args: [world.stranger.address] }
      },
    },
  ],

  WitnessNotValid: [
    {
      when: 'the witness was added after what it says it observed',
      made: async (world) => {
        const validUntil = world.now + 9 * DAY
        await addWitness(world, { key: world.stranger, classes: LOCATION, validUntil })
        const addedAt = await time.latest()
        const presence = { observedAt: addedAt - 1 }
        const hers = await visit(world, { by: [world.stranger], presence })
        const args = [world.stranger.address, BigInt(addedAt), BigInt(validUntil)]
        return { as: world.alice, visit: hers, args }
      },
    },
    {
      when: "the witness's own time is over",
      made: async (world) => {
        const validUntil = world.observedAt + 120
        await addWitness(world, { key: world.stranger, classes: LOCATION, validUntil })
        const addedAt = await time.latest()
        const presence = { observedAt: addedAt }
        const hers = await visit(world, { by: [world.stranger], presence })
        const args = [world.stranger.address, BigInt(addedAt), BigInt(validUntil)]
        return { as: world.alice, visit: hers, at: validUntil, args }
      },
    },
  ],

  WitnessNotAtSite: [
    {
      when: 'the witness may vouch for another site only',
      given: { requiredWitnesses: COUNTER },
      made: async (world) => {
        const hers = await visit(world, { by: [world.deskAtTwo] })
        return { as: world.alice, visit: hers, args: [world.deskAtTwo.address, 2n, 1n] }
      },
    },
  ],

  StatementForOtherGeofence: [
    {
      when: 'the statement is about another place',
      made: async (world) => {
        const geofenceHash = id('the other hall')
        const hers = await visit(world, { presence: { geofenceHash } })
        const args = [geofenceHash, dataSlice(world.terms.geofenceHash, 0, 12)]
        return { as: world.alice, visit: hers, args }
      },
    },
  ],

  ObservedOutsideWindow: [
    {
      when: 'the holder was seen a second before opensAt',
      made: async (world) => {
        const { opensAt, closesAt } = world
        const hers = await visit(world, { presence: { observedAt: opensAt - 1 } })
        const args = [opensAt - 1, opensAt, closesAt].map(BigInt)
        return { as: world.alice, visit: hers, args }
      },
    },
    {
      when: 'the holder was seen at closesAt',
      made: async (world) => {
        const { opensAt, closesAt } = world
        const hers = await visit(world, { presence: { observedAt: closesAt } })
        const args = [closesAt, opensAt, closesAt].map(BigInt)
        return { as: world.alice, visit: hers, at: closesAt, args }
      },
    },
  ],

  ObservedInFuture: [
    {
      when: 'the holder was seen in 61 seconds',
      made: async (world) => {
        const at = world.observedAt + 60
        const hers = await visit(world, { presence: { observedAt: at + 61 } })
        return { as: world.alice, visit: hers, at, args: [at + 61, at].map(BigInt) }
      },
    },
  ],

  StatementExpired: [
    {
      when: 'the statement ends now',
      made: async (world) => {
        const at = world.observedAt + 60
        const hers = await visit(world, { presence: { validUntil: at } })
        return { as: world.alice, visit: hers, at, args: [at, at].map(BigInt) }
      },
    },
  ],

  StatementTooLong: [
    {
      when: 'a location statement lives a second longer than ten minutes',
      made: async (world) => {
        const { observedAt } = world
        const validUntil = observedAt + 601
        const hers = await visit(world, { presence: { validUntil } })
        return { as: world.alice, visit: hers, args: [observedAt, validUntil, 600].map(BigInt) }
      },
    },
  ],

  PresenceMissing: [
    ...(
      [
        { required: LOCATION, by: [], covered: 0 },
        { required: LOCATION, by: ['desk'], covered: COUNTER },
        { required: BOTH, by: ['oracle'], covered: LOCATION },
        { required: BOTH, by: ['desk'], covered: COUNTER },
        { required: 255, by: ['desk', 'oracle'], covered: BOTH },
      ] as const
    ).map(({ required, by, covered }) => ({
      when: `${required} is required and ${by.join(' and ') || 'nobody'} vouches`,
      given: { requiredWitnesses: required },
      made: async (world: World) => {
        const hers = await visit(world, { by: by.map((name) => world[name]) })
        return { as: world.alice, visit: hers, args: [required, covered].map(BigInt) }
      },
    })),
    {
      when: 'the holder is a witness, but the window has closed',
      given: { requiredWitnesses: COUNTER },
      made: async (world) => {
        await addWitness(world, { key: world.alice, classes: COUNTER })
        const hers = await visit(world, { by: [] })
        return { as: world.alice, visit: hers, at: world.closesAt, args: [BigInt(COUNTER), 0n] }
      },
    },
    {
      when: 'the holder is a witness of another site',
      given: { requiredWitnesses: COUNTER },
      made: async (world) => {
        await addWitness(world, { key: world.alice, classes: COUNTER, site: 2 })
        const hers = await visit(world, { by: [] })
        return { as: world.alice, visit: hers, args: [BigInt(COUNTER), 0n] }
      },
    },
    {
      when: 'the holder is a witness whose own time is over',
      given: { requiredWitnesses: COUNTER },
      made: async (world) => {
        const validUntil = world.observedAt + 120
        await addWitness(world, { key: world.alice, classes: COUNTER, validUntil })
        const hers = await visit(world, { by: [] })
        return { as: world.alice, visit: hers, at: validUntil, args: [BigInt(COUNTER), 0n] }
      },
    },
    {
      when: 'the holder is a witness from a second later on',
      given: { requiredWitnesses: COUNTER },
      made: async (world) => {
        const validFrom = world.observedAt + 120
        await addWitness(world, { key: world.alice, classes: COUNTER, validFrom })
        const hers = await visit(world, { by: [] })
        return { as: world.alice, visit: hers, at: validFrom - 1, args: [BigInt(COUNTER), 0n] }
      },
    },
    {
      when: 'the holder is a witness of another kind',
      given: { requiredWitnesses: BOTH },
      made: async (world) => {
        await addWitness(world, { key: world.alice, classes: COUNTER })
        const hers = await visit(world, { by: [] })
        return { as: world.alice, visit: hers, args: [BigInt(BOTH), BigInt(COUNTER)] }
      },
    },
  ],

  CampaignHasClosed: [0, 1, DAY - 1].map((after) => ({
    when: `no witness is required, ${after} seconds after closesAt`,
    given: { requiredWitnesses: 0 },
    made: async (world) => {
      const at = world.closesAt + after
      const args = [world.closesAt, at].map(BigInt)
      return { as: world.alice, visit: await visit(world, { by: [] }), at, args }
    },
  })),

  NotIssued: [
    {
      when: "the coupon is another's",
      made: async (world) => {
        const holder = world.bob.address
        const his = await visit(world, { presence: { holder } })
        return { as: world.bob, visit: his, args: [1n, 0n, holder] }
      },
    },
    ...[
      { what: 'cut short', change: (proof: string[]) => proof.slice(0, -1) },
      { what: 'longer by one', change: (proof: string[]) => [...proof, ZERO_NODE] },
      { what: 'nine nodes long', change: () => Array.from({ length: 9 }, () => ZeroHash) },
      { what: 'empty', change: () => [] },
    ].map(({ what, change }) => ({
      when: `the proof is ${what}`,
      made: async (world: World) => {
        const hers = await visit(world)
        const attempt = { as: world.alice, visit: { ...hers, proof: change(hers.proof) } }
        return { ...attempt, args: [1n, 0n, world.alice.address] }
      },
    })),
    ...[1n, 256n, STANDBY << 8n, 2n ** 256n - 1n].map((serial) => ({
      when: `the serial is ${toBeHex(serial)}`,
      made: async (world: World) => {
        const hers = await visit(world, { presence: { serial } })
        const coupon = { ...hers.coupon, serial }
        const attempt = { as: world.alice, visit: { ...hers, coupon } }
        return { ...attempt, args: [1n, serial, world.alice.address] }
      },
    })),
  ],

  CouponAlreadyRedeemed: [
    {
      when: 'the coupon was used a block ago',
      made: async (world) => {
        const hers = await visit(world)
        await redeem({ ...world, as: world.alice, visit: hers })
        return { as: world.alice, visit: hers, args: [1n, 0n] }
      },
    },
  ],

  CouponIsRevoked: [
    {
      when: 'the coupon was revoked',
      made: async (world) => {
        await world.book.revoke(1, world.root, [0], 'gave it back')
        return { as: world.alice, visit: await visit(world), args: [1n, 0n] }
      },
    },
  ],

  StandbyNotYet: [
    {
      when: 'it is a second before heldUntil',
      given: heldForAnHour,
      made: async (world) => {
        const { heldUntil } = world.terms
        const his = await standbyVisit(world, { at: heldUntil - 1 })
        const args = [heldUntil, heldUntil - 1].map(BigInt)
        return { as: world.bob, visit: his, at: heldUntil - 1, args }
      },
    },
  ],

  NothingLeft: [
    {
      when: 'all coupons are still held',
      given: heldForAnHour,
      made: async (world) => {
        const { heldUntil } = world.terms
        const his = await standbyVisit(world, { at: heldUntil })
        return { as: world.bob, visit: his, at: heldUntil, args: [1n, STANDBY << 8n] }
      },
    },
    {
      when: 'a late holder comes to a counted shard after standby had it all',
      given: heldForAnHour,
      made: async (world) => {
        const { heldUntil } = world.terms
        await reallotAllBut(world, { kept: 1 })
        const his = await standbyVisit(world, { at: heldUntil })
        const hers = await visit(world, { presence: { observedAt: heldUntil } })
        await time.increaseTo(heldUntil)
        await world.book.release(1, [world.root])
        // Hers alone is left in what was counted, and he comes first.
        await redeem({ ...world, as: world.bob, visit: his })
        return { as: world.alice, visit: hers, args: [1n, 0n] }
      },
    },
  ],
}

const redeemable: Case[] = [
  {
    when: 'the oracle vouches',
    made: async (world) => ({ as: world.alice, visit: await visit(world) }),
  },
  {
    when: 'no witness is required, a second before closesAt',
    given: { requiredWitnesses: 0 },
    made: async (world) => {
      const hers = await visit(world, { by: [] })
      return { as: world.alice, visit: hers, at: world.closesAt - 1 }
    },
  },
  {
    when: 'no witness is required, at opensAt',
    given: (world) => ({ ...opensLater(world), requiredWitnesses: 0 }),
    made: async (world) => {
      const hers = await visit(world, { by: [] })
      return { as: world.alice, visit: hers, at: world.terms.opensAt }
    },
  },
  {
    when: 'the campaign has no sites, and none is named',
    given: { requiredWitnesses: 0, sites: 0, geofenceHash: ZeroHash },
    made: async (world) => {
      return { as: world.alice, visit: await visit(world, { site: 0, by: [] }) }
    },
  },
  {
    when: 'the campaign has no sites, and a counter is required',
    given: { requiredWitnesses: COUNTER, sites: 0, geofenceHash: ZeroHash },
    made: async (world) => {
      const presence = { geofenceHash: ZeroHash }
      return { as: world.alice, visit: await visit(world, { site: 0, by: [world.desk], presence }) }
    },
  },
  {
    when: 'the statement is about a place whose hash begins alike',
    made: async (world) => {
      const geofenceHash = concat([dataSlice(world.terms.geofenceHash, 0, 12), new Uint8Array(20)])
      return { as: world.alice, visit: await visit(world, { presence: { geofenceHash } }) }
    },
  },
  {
    when: 'the holder was seen in 60 seconds, and the statement lives ten minutes',
    made: async (world) => {
      const at = world.observedAt + 60
      const presence = { observedAt: at + 60, validUntil: at + 660 }
      return { as: world.alice, visit: await visit(world, { presence }), at }
    },
  },
  {
    when: 'the statement ends a second later',
    made: async (world) => {
      const at = world.observedAt + 60
      return {
        as: world.alice,
        visit: await visit(world, { presence: { validUntil: at + 1 } }),
        at,
      }
    },
  },
  {
    when: 'a counter saw the holder inside the window, in the last second of the grace',
    given: { requiredWitnesses: COUNTER },
    made: async (world) => {
      const { closesAt, desk } = world
      const presence = { observedAt: closesAt - 1, validUntil: closesAt + 2 * DAY }
      const hers = await visit(world, { by: [desk], presence })
      return { as: world.alice, visit: hers, at: closesAt + DAY - 1 }
    },
  },
  {
    when: 'the holder is a counter too, a second before closesAt',
    given: { requiredWitnesses: COUNTER },
    made: async (world) => {
      await addWitness(world, { key: world.alice, classes: COUNTER })
      const hers = await visit(world, { by: [] })
      return { as: world.alice, visit: hers, at: world.closesAt - 1 }
    },
  },
  {
    when: 'the holder is a counter too, and the oracle vouches',
    given: { requiredWitnesses: BOTH },
    made: async (world) => {
      await addWitness(world, { key: world.alice, classes: COUNTER, site: 1 })
      return { as: world.alice, visit: await visit(world) }
    },
  },
  {
    when: 'the campaign was paused, and goes on',
    made: async (world) => {
      await world.book.pause(1)
      await world.book.resume(1)
      return { as: world.alice, visit: await visit(world) }
    },
  },
  {
    when: 'standby comes at heldUntil, and one was never issued',
    given: (world) => ({ ...heldForAnHour(world), supply: 6 }),
    made: async (world) => {
      const { heldUntil } = world.terms
      const his = await standbyVisit(world, { at: heldUntil })
      return { as: world.bob, visit: his, at: heldUntil }
    },
  },
  {
    when: 'the holder comes at heldUntil, and nothing was counted',
    given: heldForAnHour,
    made: async (world) => {
      const { heldUntil } = world.terms
      const hers = await visit(world, { presence: { observedAt: heldUntil } })
      return { as: world.alice, visit: hers, at: heldUntil }
    },
  },
  {
    when: 'the holder comes late to a counted shard, and something is left',
    given: heldForAnHour,
    made: async (world) => {
      const { heldUntil } = world.terms
      const hers = await visit(world, { presence: { observedAt: heldUntil } })
      await time.increaseTo(heldUntil)
      await world.book.release(1, [world.root])
      return { as: world.alice, visit: hers }
    },
  },
]

describe('CouponBook, canRedeem', () => {
  it('is asked here about every error that redeem can throw', () => {
    const errors: string[] = []
    BOOK_INTERFACE.forEachError(({ name }) => errors.push(name))
    expect([...Object.keys(refused), ...errorsOfOthers]).to.have.members(errors)
  })

  for (const [name, cases] of Object.entries(refused)) {
    describe(`is no, for ${name}`, () => {
      for (const { when, given, made } of cases) {
        it(`when ${when}`, async () => {
          const world = await campaignWith(given)
          const { args, ...attempt } = await made(world)
          const thrown = await agreed(world, attempt)
          expect(thrown?.name).to.equal(name)
          expect(thrown?.args).to.deep.equal(args)
        })
      }
    })
  }

  describe('is yes', () => {
    for (const { when, given, made } of redeemable) {
      it(`when ${when}`, async () => {
        const world = await campaignWith(given)
        expect(await agreed(world, await made(world))).to.equal(undefined)
      })
    }
  })

  it("speaks of the holder's own call: whoever sends for them may vouch, and is not asked about here", async () => {
    const world = await campaignWith({ requiredWitnesses: COUNTER })
    const { book, alice, stranger } = world
    await addWitness(world, { key: stranger, classes: COUNTER })
    const hers = await visit(world, { by: [] })
    expect((await agreed(world, { as: alice, visit: hers }))?.name).to.equal('PresenceMissing')
    await expect(redeemFor(world, { visit: hers, as: stranger, signer: alice })).to.emit(
      book,
      'CouponRedeemed',
    )
  })

  it('agrees in every mixture of times, sites, statements, coupons and what is required', async () => {
    const world = await networkHelpers.loadFixture(mixedCampaigns)
    const { book, alice, heldUntil, opensAt, closesAt } = world
    const voices = [[], ['oracle'], ['desk'], ['deskAtTwo'], ['oracle', 'desk']] as const
    const mixtures = [1n, 2n, 3n, 4n].flatMap((campaignId) =>
      [0, 1, 2].flatMap((site) =>
        voices.flatMap((by) => world.coupons.map((coupon) => ({ campaignId, site, by, coupon }))),
      ),
    )
    const edges = [opensAt, heldUntil, closesAt, closesAt + DAY].flatMap((edge) => [edge - 1, edge])
    const seen = new Map<string, number>()

    for (const [turn, at] of edges.entries()) {
      await time.increaseTo(at)
      if (at === heldUntil - 1) await useInAll(world, { at })
      const observedAt = Math.min(Math.max(at, opensAt), closesAt - 1)
      const presence = { holder: alice.address, observedAt, validUntil: observedAt + 600 }

      // At each time a seventh of them, so that all have their turn.
      for (const mixture of mixtures.filter((_, i) => i % 7 === turn % 7)) {
        const { campaignId, site, coupon } = mixture
        const by = mixture.by.map((name) => world[name])
        const hers = await visit({ ...world, campaignId }, { ...coupon, site, by, presence })
        const [isRedeemable, why] = await book.canRedeem(...callOf(hers), alice)
        const call = book.connect(alice).redeem.staticCall(...callOf(hers), gas)
        const thrown = await revertDataOf(call)
        expect(why).to.equal(thrown ?? '0x')
        expect(isRedeemable).to.equal(thrown === undefined)
        const name = thrown === undefined ? 'none' : book.interface.parseError(thrown)!.name
        seen.set(name, (seen.get(name) ?? 0) + 1)
      }
    }
    expect(seen.get('none')).to.be.greaterThan(10)
    expect([...seen.keys()]).to.have.members([
      'none',
      'CampaignNotOpen',
      'CampaignIsOver',
      'UnknownSite',
      'WitnessNotAtSite',
      'StatementExpired',
      'PresenceMissing',
      'CampaignHasClosed',
      'NotIssued',
      'CouponAlreadyRedeemed',
      'CouponIsRevoked',
      'StandbyNotYet',
      'NothingLeft',
    ])
  })
})

/** Asks `canRedeem` in the very block in which `redeem` is then sent. Returns the error that both name, if they do. */
async function agreed(world: World, { as, visit, at }: Attempt) {
  const { book } = world
  await time.setNextBlockTimestamp(at ?? (await time.latest()) + 1)
  const holder = await as.getAddress()
  const pending = { blockTag: 'pending' } as const
  const [isRedeemable, why] = await book.canRedeem(...callOf(visit), holder, pending)

  const sent = redeem({ book, as, visit })
  if (isRedeemable) {
    await expect(sent)
      .to.emit(book, 'CouponRedeemed')
      .withArgs(visit.coupon.campaignId, visit.coupon.serial, holder, visit.site)
    expect(why).to.equal('0x')
    return undefined
  }
  expect(await revertDataOf(sent)).to.equal(why)
  const error = book.interface.parseError(why)
  expect(error, why).not.to.equal(null)
  return { name: error!.name, args: error!.args.toArray() }
}

function callOf({ coupon, site, statements, proof }: Visit) {
  return [coupon.campaignId, coupon.serial, statements, site, packedProof(proof)] as const
}

/** What a call or a transaction reverts with; undefined where it does not. */
async function revertDataOf(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent
    return undefined
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'data' in error) return String(error.data)
    throw error
  }
}

/** The planned campaign with other terms, at the time when its holders are seen. */
async function campaignWith(given: Case['given'] = {}): Promise<World> {
  const world = await networkHelpers.loadFixture(plannedCampaign)
  const terms = { ...world.terms, ...(typeof given === 'function' ? given(world) : given) }
  await world.book.changeTerms(1, terms)
  await time.increaseTo(world.observedAt)
  return { ...world, terms }
}

/** Still closed when the others are open. */
function opensLater({ opensAt }: World): Terms {
  return { opensAt: opensAt + HOUR }
}

/** Held until the middle of the window; all of the supply is issued. */
function heldForAnHour({ opensAt }: World): Terms {
  return { heldUntil: opensAt + HOUR, supply: 5 }
}

async function addWitness(
  { book, now }: World,
  witness: {
    key: Signer
    classes: number
    site?: number
    validFrom?: number
    validUntil?: number
  },
) {
  await book.addWitness({ site: 0, validFrom: 0, validUntil: now + 9 * DAY, ...witness })
}

/** Bob's standby coupon, seen at this time. */
async function standbyVisit(world: World, { at }: { at: number }) {
  await world.book.issueStandby(1, [world.bob])
  const shard: Shard = { index: STANDBY, holders: [world.bob.address] }
  return visit(world, { shard, presence: { observedAt: at } })
}

/** Gives all coupons of the shard but the first to another, in a shard that is not counted. */
async function reallotAllBut({ book, root, carol }: World, { kept }: { kept: number }) {
  const serials = [0, 1, 2, 3, 4].slice(kept)
  const holders = serials.map(() => carol.address)
  await book.reallot(1, root, serials, holders, 'nobody came')
}

/** Four campaigns that require nothing, LOCATION, COUNTER and both; each with coupons of alice's in every state. */
async function mixedCampaigns(connection: Parameters<typeof plannedCampaign>[0]) {
  const world = await plannedCampaign(connection)
  const { book, alice, terms, opensAt, shard, root } = world
  const heldUntil = opensAt + HOUR
  const [second, standby] = [1n, STANDBY].map((index) => ({ index, holders: [alice.address] }))
  await book.changeTerms(1, { ...terms, heldUntil, supply: 5, requiredWitnesses: 0 })
  for (const requiredWitnesses of [LOCATION, COUNTER, BOTH]) {
    await book.createCampaign('Lunch', { ...terms, heldUntil, supply: 6, requiredWitnesses }, '')
  }
  for (const campaignId of [2, 3, 4]) await book.issue(campaignId, shard.holders)
  for (const campaignId of [1, 2, 3, 4]) {
    await book.revoke(campaignId, root, [3], 'gave it back')
    await book.issue(campaignId, second!.holders)
    await book.issueStandby(campaignId, standby!.holders)
  }
  const coupons = [
    { shard, seat: 0 },
    { shard, seat: 1 }, // another's
    { shard, seat: 3 },
    { shard: second!, seat: 0 }, // used as soon as it can be
    { shard: standby!, seat: 0 },
  ]
  return { ...world, heldUntil, coupons, toUse: coupons[3]! }
}

/** Uses the coupon that is there to be used, in each of the four campaigns. */
async function useInAll(world: Awaited<ReturnType<typeof mixedCampaigns>>, { at }: { at: number }) {
  const by = [world.oracle, world.desk]
  for (const campaignId of [1n, 2n, 3n, 4n]) {
    const options = { ...world.toUse, by, presence: { observedAt: at - 1 } }
    const hers = await visit({ ...world, campaignId }, options)
    await time.setNextBlockTimestamp(at)
    await redeem({ ...world, as: world.alice, visit: hers })
  }
}
