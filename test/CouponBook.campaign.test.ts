import { expect } from 'chai'
import { id, toBeHex, ZeroHash } from 'ethers'
import { network } from 'hardhat'

import {
  chain,
  COUNTER,
  DAY,
  emptyBook,
  gas,
  HOUR,
  LOCATION,
  MINUTE,
  openCampaign,
  plannedCampaign,
  redeem,
  visit,
  YEAR_2100,
} from './book-fixture.ts'

const { networkHelpers } = await network.create(chain)
const { time } = networkHelpers
const LARGEST_SUPPLY = 2n ** 32n - 1n

type World = Awaited<ReturnType<typeof emptyBook>>
type Change = Partial<World['terms']>
type Rule = {
  name: string
  change: (world: World) => Change
  error: string
  facts: (world: World, change: Required<Change>) => unknown[]
}

// Each rule of the terms, broken by the smallest step; the other side of each edge is in `sound`.
const rules: Rule[] = [
  {
    name: 'opensAt lies after the year 2100 begins',
    change: () => ({ opensAt: YEAR_2100 + 1, closesAt: YEAR_2100 + HOUR }),
    error: 'TimeNotInSeconds',
    facts: () => [YEAR_2100 + 1, YEAR_2100],
  },
  {
    name: 'opensAt is given in milliseconds',
    change: ({ opensAt }) => ({ opensAt: opensAt * 1000 }),
    error: 'TimeNotInSeconds',
    facts: ({ opensAt }) => [opensAt * 1000, YEAR_2100],
  },
  {
    name: 'closesAt lies after the year 2100 begins',
    change: () => ({ opensAt: YEAR_2100 - HOUR, closesAt: YEAR_2100 + 1 }),
    error: 'TimeNotInSeconds',
    facts: () => [YEAR_2100 + 1, YEAR_2100],
  },
  {
    name: 'closesAt is given in milliseconds',
    change: ({ closesAt }) => ({ closesAt: closesAt * 1000 }),
    error: 'TimeNotInSeconds',
    facts: ({ closesAt }) => [closesAt * 1000, YEAR_2100],
  },
  {
    name: 'the window is a second shorter than five minutes',
    change: ({ opensAt }) => ({ closesAt: opensAt + 5 * MINUTE - 1 }),
    error: 'WindowTooShort',
    facts: ({ opensAt }, { closesAt }) => [opensAt, closesAt, 5 * MINUTE],
  },
  {
    name: 'the window ends before it begins',
    change: ({ opensAt }) => ({ closesAt: opensAt - 1 }),
    error: 'WindowTooShort',
    facts: ({ opensAt }) => [opensAt, opensAt - 1, 5 * MINUTE],
  },
  {
    name: 'the window is a second longer than a year',
    change: ({ opensAt }) => ({ closesAt: opensAt + 365 * DAY + 1 }),
    error: 'WindowTooLong',
    facts: ({ opensAt }, { closesAt }) => [opensAt, closesAt, 365 * DAY],
  },
  {
    name: 'heldUntil lies a second before opensAt',
    change: ({ opensAt }) => ({ heldUntil: opensAt - 1 }),
    error: 'HeldUntilOutsideWindow',
    facts: ({ opensAt, closesAt }) => [opensAt - 1, opensAt, closesAt],
  },
  {
    name: 'heldUntil is closesAt',
    change: ({ closesAt }) => ({ heldUntil: closesAt }),
    error: 'HeldUntilOutsideWindow',
    facts: ({ opensAt, closesAt }) => [closesAt, opensAt, closesAt],
  },
  {
    name: 'the grace is a second longer than thirty days',
    change: () => ({ grace: 30 * DAY + 1 }),
    error: 'GraceTooLong',
    facts: () => [30 * DAY + 1, 30 * DAY],
  },
  {
    name: 'the supply is none',
    change: () => ({ supply: 0 }),
    error: 'SupplyOutOfRange',
    facts: () => [0, LARGEST_SUPPLY],
  },
  {
    name: 'the supply is one more than a campaign can hold',
    change: () => ({ supply: 2 ** 32 }),
    error: 'SupplyOutOfRange',
    facts: () => [2 ** 32, LARGEST_SUPPLY],
  },
  {
    name: 'LOCATION is required without a geofence',
    change: () => ({ geofenceHash: ZeroHash }),
    error: 'GeofenceMissing',
    facts: () => [ZeroHash, 3],
  },
  {
    name: 'LOCATION is required, among others, without sites',
    change: () => ({ sites: 0, requiredWitnesses: LOCATION | COUNTER }),
    error: 'GeofenceMissing',
    facts: ({ terms }) => [terms.geofenceHash, 0],
  },
]

const sound: { name: string; change: (world: World) => Change }[] = [
  {
    name: 'a window of five minutes',
    change: ({ opensAt }) => ({ closesAt: opensAt + 5 * MINUTE }),
  },
  { name: 'a window of a year', change: ({ opensAt }) => ({ closesAt: opensAt + 365 * DAY }) },
  {
    name: 'a window that ends as the year 2100 begins',
    change: () => ({ opensAt: YEAR_2100 - HOUR, closesAt: YEAR_2100 }),
  },
  { name: 'heldUntil at opensAt', change: ({ opensAt }) => ({ heldUntil: opensAt }) },
  {
    name: 'heldUntil a second before closesAt',
    change: ({ closesAt }) => ({ heldUntil: closesAt - 1 }),
  },
  { name: 'no grace', change: () => ({ grace: 0 }) },
  { name: 'a grace of thirty days', change: () => ({ grace: 30 * DAY }) },
  { name: 'a supply of one', change: () => ({ supply: 1 }) },
  { name: 'the largest supply', change: () => ({ supply: Number(LARGEST_SUPPLY) }) },
  {
    name: 'no witnesses, geofence or sites',
    change: () => ({ requiredWitnesses: 0, geofenceHash: ZeroHash, sites: 0 }),
  },
  {
    name: 'COUNTER alone without geofence or sites',
    change: () => ({ requiredWitnesses: COUNTER, geofenceHash: ZeroHash, sites: 0 }),
  },
  {
    name: 'a geofence whose hash is zero but for its last bit',
    change: () => ({ geofenceHash: toBeHex(1, 32) }),
  },
  { name: 'the most sites', change: () => ({ sites: 2 ** 16 - 1 }) },
  { name: 'classes yet without a name', change: () => ({ requiredWitnesses: 255 }) },
]

describe('CouponBook, campaigns', () => {
  describe('createCampaign', () => {
    it('reverts when the sender is not a manager, though it be a guardian', async () => {
      const { book, guardian, terms } = await networkHelpers.loadFixture(emptyBook)
      await expect(book.connect(guardian).createCampaign('Lunch', terms, ''))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(guardian.address, await book.MANAGER_ROLE())
    })

    for (const { name, change, error, facts } of rules) {
      it(`reverts with ${error} when ${name}`, async () => {
        const world = await networkHelpers.loadFixture(emptyBook)
        const terms = { ...world.terms, ...change(world) }
        await expect(world.book.createCampaign('Lunch', terms, ''))
          .to.be.revertedWithCustomError(world.book, error)
          .withArgs(...facts(world, terms))
      })
    }

    it('reverts with WindowHasPassed when the window has just ended', async () => {
      const { book, terms, opensAt, closesAt } = await networkHelpers.loadFixture(emptyBook)
      await time.setNextBlockTimestamp(closesAt)
      await expect(book.createCampaign('Lunch', { ...terms, opensAt }, '', gas))
        .to.be.revertedWithCustomError(book, 'WindowHasPassed')
        .withArgs(closesAt, closesAt)
      await time.setNextBlockTimestamp(closesAt + 1)
      await expect(book.createCampaign('Lunch', { ...terms, opensAt }, '', gas))
        .to.be.revertedWithCustomError(book, 'WindowHasPassed')
        .withArgs(closesAt, closesAt + 1)
    })

    it('takes a window that has begun, in its last second too', async () => {
      const { book, terms, closesAt } = await networkHelpers.loadFixture(emptyBook)
      await time.setNextBlockTimestamp(closesAt - 1)
      await expect(book.createCampaign('Lunch', terms, '', gas)).to.emit(book, 'CampaignCreated')
    })

    for (const { name, change } of sound) {
      it(`takes ${name}`, async () => {
        const world = await networkHelpers.loadFixture(emptyBook)
        const terms = { ...world.terms, ...change(world) }
        await world.book.createCampaign('Lunch', terms, '')
        expect(await world.book.campaign(1)).to.deep.equal(inWords(terms))
      })
    }

    it('numbers campaigns from 1, keeps their terms and tells', async () => {
      const { book, manager, terms } = await networkHelpers.loadFixture(emptyBook)
      const dinner = {
        ...terms,
        heldUntil: terms.opensAt + HOUR,
        supply: 7,
        geofenceHash: id('hall 2'),
      }
      expect(await book.campaignCount()).to.equal(0)
      expect(await book.connect(manager).createCampaign.staticCall('Lunch', terms, '')).to.equal(1)
      await expect(book.connect(manager).createCampaign('Lunch, Saturday', terms, 'ipfs://menu'))
        .to.emit(book, 'CampaignCreated')
        .withArgs(1, 'Lunch, Saturday', inWords(terms), 'ipfs://menu')
      await expect(book.connect(manager).createCampaign('', dinner, ''))
        .to.emit(book, 'CampaignCreated')
        .withArgs(2, '', inWords(dinner), '')
      expect(await book.campaignCount()).to.equal(2)
      expect(await book.campaign(1)).to.deep.equal(inWords(terms))
      expect(await book.campaign(2)).to.deep.equal(inWords(dinner))
    })
  })

  describe('changeTerms', () => {
    it('reverts when the sender is not a manager', async () => {
      const { book, alice, terms } = await networkHelpers.loadFixture(plannedCampaign)
      await expect(book.connect(alice).changeTerms(1, terms))
        .to.be.revertedWithCustomError(book, 'AccessControlUnauthorizedAccount')
        .withArgs(alice.address, await book.MANAGER_ROLE())
    })

    it('reverts when there is no such campaign', async () => {
      const { book, terms } = await networkHelpers.loadFixture(plannedCampaign)
      for (const unknown of [0, 2, 2n ** 256n - 1n]) {
        await expect(book.changeTerms(unknown, terms))
          .to.be.revertedWithCustomError(book, 'UnknownCampaign')
          .withArgs(unknown)
      }
    })

    for (const { name, change, error, facts } of rules) {
      it(`reverts with ${error} when ${name}`, async () => {
        const world = await networkHelpers.loadFixture(plannedCampaign)
        const terms = { ...world.terms, ...change(world) }
        await expect(world.book.changeTerms(1, terms))
          .to.be.revertedWithCustomError(world.book, error)
          .withArgs(...facts(world, terms))
      })
    }

    describe('given the campaign has not opened', () => {
      it('replaces all terms, in the last second too, and tells', async () => {
        const { book, terms, opensAt } = await networkHelpers.loadFixture(plannedCampaign)
        const changed = {
          opensAt: opensAt - HOUR,
          closesAt: opensAt + HOUR,
          heldUntil: opensAt,
          grace: 0,
          supply: 5,
          sites: 9,
          requiredWitnesses: COUNTER,
          geofenceHash: id('elsewhere'),
        }
        await expect(book.changeTerms(1, changed))
          .to.emit(book, 'TermsChanged')
          .withArgs(1, inWords(changed))
        expect(await book.campaign(1)).to.deep.equal(inWords(changed))

        await time.setNextBlockTimestamp(opensAt - HOUR - 1)
        await book.changeTerms(1, terms, gas)
        expect(await book.campaign(1)).to.deep.equal(inWords(terms))
      })

      it('reverts with WindowHasPassed when the new window has ended', async () => {
        const { book, terms, now, opensAt } = await networkHelpers.loadFixture(plannedCampaign)
        const passed = { ...terms, opensAt: now - HOUR, closesAt: opensAt - 2 }
        await time.setNextBlockTimestamp(opensAt - 2)
        await expect(book.changeTerms(1, passed, gas))
          .to.be.revertedWithCustomError(book, 'WindowHasPassed')
          .withArgs(opensAt - 2, opensAt - 2)
        await time.setNextBlockTimestamp(opensAt - 1)
        await expect(book.changeTerms(1, passed, gas))
          .to.be.revertedWithCustomError(book, 'WindowHasPassed')
          .withArgs(opensAt - 2, opensAt - 1)
      })

      it('reverts with SupplyBelowIssued when more coupons stand than the new supply', async () => {
        const { book, terms } = await networkHelpers.loadFixture(plannedCampaign)
        await expect(book.changeTerms(1, { ...terms, supply: 4 }))
          .to.be.revertedWithCustomError(book, 'SupplyBelowIssued')
          .withArgs(4, 5)
      })

      it('counts what was revoked as not standing', async () => {
        const { book, terms, root } = await networkHelpers.loadFixture(plannedCampaign)
        await book.revoke(1, root, [0, 4], '')
        await expect(book.changeTerms(1, { ...terms, supply: 2 }))
          .to.be.revertedWithCustomError(book, 'SupplyBelowIssued')
          .withArgs(2, 3)
        await book.changeTerms(1, { ...terms, supply: 3 })
        expect(await book.supplyLeft(1)).to.equal(0)
      })
    })

    describe('given standby coupons were issued', () => {
      it('reverts with NoStandby when the coupons would be held to the end, and else changes', async () => {
        const { book, terms, opensAt, alice } = await networkHelpers.loadFixture(plannedCampaign)
        const held = { ...terms, heldUntil: opensAt + HOUR }
        await book.changeTerms(1, held)
        await book.issueStandby(1, [alice])
        await expect(book.changeTerms(1, terms))
          .to.be.revertedWithCustomError(book, 'NoStandby')
          .withArgs(1)
        const later = { ...held, heldUntil: opensAt + HOUR + 1 }
        await book.changeTerms(1, later)
        expect(await book.campaign(1)).to.deep.equal(inWords(later))
      })
    })

    describe('given the campaign has opened', () => {
      const frozen: { name: string; change: (terms: World['terms']) => Change }[] = [
        { name: 'opensAt', change: ({ opensAt }) => ({ opensAt: opensAt + 1 }) },
        { name: 'an earlier opensAt', change: ({ opensAt }) => ({ opensAt: opensAt - 1 }) },
        { name: 'an earlier closesAt', change: ({ closesAt }) => ({ closesAt: closesAt - 1 }) },
        { name: 'heldUntil', change: ({ opensAt }) => ({ heldUntil: opensAt + HOUR }) },
        { name: 'a shorter grace', change: ({ grace }) => ({ grace: grace - 1 }) },
        { name: 'a larger supply', change: ({ supply }) => ({ supply: supply + 1 }) },
        { name: 'a smaller supply', change: ({ supply }) => ({ supply: supply - 1 }) },
        { name: 'sites', change: ({ sites }) => ({ sites: sites + 1 }) },
        {
          name: 'the witnesses it requires',
          change: () => ({ requiredWitnesses: LOCATION | COUNTER }),
        },
        { name: 'the geofence', change: () => ({ geofenceHash: id('elsewhere') }) },
        {
          name: 'the last bit of the geofence',
          change: ({ geofenceHash }) => ({ geofenceHash: toBeHex(BigInt(geofenceHash) ^ 1n, 32) }),
        },
      ]
      for (const { name, change } of frozen) {
        it(`reverts with TermsFrozen when ${name} would change, from the first second on`, async () => {
          const { book, terms, opensAt } = await networkHelpers.loadFixture(plannedCampaign)
          await time.setNextBlockTimestamp(opensAt)
          await expect(book.changeTerms(1, { ...terms, ...change(terms) }, gas))
            .to.be.revertedWithCustomError(book, 'TermsFrozen')
            .withArgs(opensAt, opensAt)
        })
      }

      it('takes a later closesAt, a longer grace, or the same terms, and tells', async () => {
        const { book, terms } = await networkHelpers.loadFixture(openCampaign)
        const longer = { ...terms, closesAt: terms.closesAt + 1 }
        const gentler = { ...longer, grace: longer.grace + 1 }
        for (const changed of [terms, longer, gentler]) {
          await expect(book.changeTerms(1, changed))
            .to.emit(book, 'TermsChanged')
            .withArgs(1, inWords(changed))
          expect(await book.campaign(1)).to.deep.equal(inWords(changed))
        }
      })

      it('lets holders redeem in the time that was added', async () => {
        const world = await networkHelpers.loadFixture(openCampaign)
        const { book, alice, terms, closesAt } = world
        await book.changeTerms(1, { ...terms, closesAt: closesAt + HOUR })
        await time.setNextBlockTimestamp(closesAt + MINUTE)
        const late = await visit(world, { presence: { observedAt: closesAt } })
        await expect(redeem({ book, as: alice, visit: late })).to.emit(book, 'CouponRedeemed')
      })
    })

    describe('given the campaign has closed', () => {
      it('may still grow within the grace', async () => {
        const { book, terms, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
        await time.setNextBlockTimestamp(closesAt + terms.grace - 1)
        await expect(book.changeTerms(1, { ...terms, closesAt: closesAt + 2 * DAY }, gas)).to.emit(
          book,
          'TermsChanged',
        )
      })

      it('reverts with CampaignIsOver when the grace is over', async () => {
        const { book, terms, closesAt } = await networkHelpers.loadFixture(plannedCampaign)
        const endedAt = closesAt + terms.grace
        await time.setNextBlockTimestamp(endedAt)
        await expect(book.changeTerms(1, { ...terms, closesAt: closesAt + 2 * DAY }, gas))
          .to.be.revertedWithCustomError(book, 'CampaignIsOver')
          .withArgs(endedAt, endedAt)
      })
    })
  })
})

/** Terms as the contract gives them back. */
function inWords(terms: World['terms']) {
  return Object.values(terms).map((value) => (typeof value === 'number' ? BigInt(value) : value))
}
