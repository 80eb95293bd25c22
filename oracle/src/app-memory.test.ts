import { presenceAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { expectProblem, expectRefusal } from './expectations.ts'
import { onDatabases } from './rehearsal-databases.ts'
import {
  browserAt,
  claimOf,
  freshCoupon,
  insidePosition,
  messHall,
  NOW,
  openTerms,
  outsidePosition,
  rehearse,
  SECONDS,
  signedByHolder,
  stranger,
} from './rehearsal.ts'
import type { Store } from './store.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

const farAway = { ...insidePosition, longitude: 13.3777, latitude: 52.5163 }
const laterBy = (milliseconds: number) => ({ takenAt: insidePosition.takenAt + milliseconds })
const longTerms = { ...openTerms, closesAt: BigInt(SECONDS + 100_000) }

/** What became of a claim: granted, or the code. */
async function outcomeOf(response: Response): Promise<string> {
  const answer = presenceAnswerSchema.parse(await response.json())
  return answer.granted ? 'granted' : answer.code
}

describe('oracle: where a holder was last seen', () => {
  onDatabases({
    tests: (open) => {
      let store: Store
      let rehearsal: Rehearsal

      before(async function () {
        this.timeout(60_000)
        store = await open()
        rehearsal = await rehearse({ store, remembers: true })
        await rehearsal.post({ path: '/v1/geofences', body: messHall })
      })
      beforeEach(async () => {
        rehearsal.reset()
        rehearsal.says.terms = longTerms
        await store.forgetSightings(NOW + 10 * 3_600_000)
      })

      const claimAt = async (position: typeof insidePosition, by = rehearsal) =>
        by.present(await by.readyClaim({ position }))

      it('is a cell of 0.1°, and part of what the next claim is decided by', async () => {
        const first = presenceAnswerSchema.parse(await (await claimAt(insidePosition)).json())
        expect(first.opening.evidence).not.to.have.property('earlier')
        const next = { ...insidePosition, ...laterBy(500) }
        const second = presenceAnswerSchema.parse(await (await claimAt(next)).json())
        expect(second.granted).to.equal(true)
        expect(second.opening.evidence.earlier).to.deep.equal({
          longitudeCell: 759,
          latitudeCell: 269,
          takenAt: insidePosition.takenAt,
        })
      })

      it('gives away who is in two places at once, and who shows a fix twice, also after a restart', async () => {
        expect(await outcomeOf(await claimAt(insidePosition))).to.equal('granted')
        const restarted = await rehearse({ store, remembers: true })
        await expectRefusal({
          response: await claimAt({ ...farAway, ...laterBy(500) }, restarted),
          code: 'TRAVEL_IMPOSSIBLE',
        })
        await expectRefusal({
          response: await claimAt(insidePosition, restarted),
          code: 'REPLAYED',
        })
        const next = { ...insidePosition, ...laterBy(600) }
        expect(await outcomeOf(await claimAt(next, restarted))).to.equal('granted')
      })

      it('counts from a no about the place as from a yes, and not from a fix that gave itself away', async () => {
        await expectRefusal({ response: await claimAt(farAway), code: 'OUTSIDE_GEOFENCE' })
        const home = { ...insidePosition, ...laterBy(300) }
        await expectRefusal({ response: await claimAt(home), code: 'TRAVEL_IMPOSSIBLE' })
        const near = { ...farAway, ...laterBy(400) }
        await expectRefusal({ response: await claimAt(near), code: 'OUTSIDE_GEOFENCE' })
      })

      it('is forgotten after an hour', async () => {
        expect(await outcomeOf(await claimAt(insidePosition))).to.equal('granted')
        rehearsal.clock.now = NOW + 3_599_000
        const almost = { ...farAway, takenAt: rehearsal.clock.now - 1_000 }
        const seen = presenceAnswerSchema.parse(await (await claimAt(almost)).json())
        expect(seen.opening.evidence).to.have.property('earlier')

        await store.forgetSightings(rehearsal.clock.now + 3_600_000)
        const after = { ...farAway, takenAt: rehearsal.clock.now - 500 }
        const unseen = presenceAnswerSchema.parse(await (await claimAt(after)).json())
        expect(unseen.opening.evidence).not.to.have.property('earlier')
      })

      it('lets one of two claims at once from two places believe that it was the first', async () => {
        for (let round = 0; round < 5; round += 1) {
          await store.forgetSightings(NOW + 10 * 3_600_000)
          const outcomes = await Promise.all(
            [insidePosition, { ...farAway, ...laterBy(200) }].map(async (position) =>
              outcomeOf(await claimAt(position)),
            ),
          )
          const caught = outcomes.filter((one) => /^(REPLAYED|TRAVEL_IMPOSSIBLE)$/.test(one))
          expect(caught, outcomes.join(' and ')).to.have.length(1)
        }
      })
    },
  })
})

describe('oracle: several on one PostgreSQL', () => {
  onDatabases({
    isShared: true,
    tests: (open) => {
      let one: Rehearsal
      let other: Rehearsal

      before(async function () {
        this.timeout(60_000)
        one = await rehearse({ store: await open() })
        other = await rehearse({ store: await open() })
        await one.post({ path: '/v1/geofences', body: messHall })
      })

      it('take a challenge that another gave, once', async () => {
        const body = await one.readyClaim()
        expect(await outcomeOf(await other.present(body))).to.equal('granted')
        for (const oracle of [one, other]) {
          const response = await oracle.present(body)
          await expectProblem({ response, status: 409, code: 'CHALLENGE_USED' })
        }
      })

      it('grant one of two claims at once, whichever they ask', async () => {
        for (let round = 0; round < 20; round += 1) {
          const body = await one.readyClaim()
          const asked = [one, other, other, one].map((oracle) => oracle.present(body))
          const statuses = (await Promise.all(asked)).map(({ status }) => status)
          expect(statuses.sort()).to.deep.equal([200, 409, 409, 409])
        }
      })

      it('use a challenge up with a no as with a yes', async () => {
        const body = await one.readyClaim({ position: outsidePosition })
        await expectRefusal({ response: await one.present(body), code: 'OUTSIDE_GEOFENCE' })
        const response = await other.present(body)
        await expectProblem({ response, status: 409, code: 'CHALLENGE_USED' })
      })

      it('refuse another holder’s challenge', async () => {
        const body = await one.readyClaim()
        const theirs = { ...body, holder: stranger.address }
        const { challenge, positions } = body
        const claim = claimOf({ coupon: theirs, challenge, positions })
        const authorisation = await signedByHolder({ claim, by: stranger })
        const response = await other.present({ ...theirs, authorisation })
        await expectProblem({ response, status: 403, code: 'CHALLENGE_FOR_ANOTHER' })
      })

      it('count the claims for a coupon, and those of a holder, together', async () => {
        const coupon = freshCoupon()
        const ask = async (oracle: Rehearsal, of = coupon) => {
          const challenge = await oracle.challengeFor(of)
          const claimed = browserAt(outsidePosition)
          const claim = claimOf({ coupon: of, challenge, positions: claimed.positions })
          const authorisation = await signedByHolder({ claim })
          return oracle.present({ ...of, proof: [], challenge, ...claimed, authorisation })
        }
        for (let claims = 0; claims < 30; claims += 1) {
          expect((await ask(claims % 2 ? one : other)).status).to.equal(422)
        }
        for (const oracle of [one, other]) {
          oracle.clock.now += 60_000 // or it would give no more challenges
          const response = await ask(oracle)
          await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
        }

        const strict = await Promise.all(
          [1, 2].map(async () => rehearse({ store: await open(), mostClaimsPerHolderAndHour: 35 })),
        )
        for (let claims = 0; claims < 35; claims += 1) {
          const response = await ask(strict[claims % 2]!, freshCoupon())
          if (response.status === 422) continue
          await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
          return // the claims of the tests above count too: they are of the same holder
        }
        expect.fail('nobody counted')
      })
    },
  })
})
