import { hashEvidence, RULESET } from '@coupon-secure/protocol/evidence'
import { hashClaim, hashPresence } from '@coupon-secure/protocol/presence'
import { FIRST_STANDBY_SHARD } from '@coupon-secure/protocol/coupon'
import { grantSchema } from '@coupon-secure/protocol/wire'
import { type Position, submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { witnessOf } from '@coupon-secure/protocol/witness'
import { expect } from 'chai'
import { concat, recoverAddress, zeroHash, type Hex } from 'viem'
import { expectRefusal } from './expectations.ts'
import {
  book,
  CHAIN_ID,
  claimOf,
  geofenceHash,
  holder,
  insidePosition,
  messHall,
  NOW,
  openCourt,
  openSession,
  openTerms,
  outsidePosition,
  rehearse,
  SECONDS,
  signer,
} from './rehearsal.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

describe('oracle: presence', () => {
  let rehearsal: Rehearsal

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
    await rehearsal.post({ path: '/v1/geofences', body: openCourt })
  })
  beforeEach(() => rehearsal.reset())

  describe('POST /v1/presence', () => {
    describe('given everything is right', () => {
      it('grants a statement that the contract will take', async () => {
        const body = await rehearsal.readyClaim()
        const response = await rehearsal.present(body)
        expect(response.status).to.equal(200)
        const answer = grantSchema.parse(await response.json())
        const { presence, site, statement, opening } = answer
        const { challenge } = body
        const { source, fixes } = submissionFrom(body)
        const evidence = { source, fixes }
        expect(opening).to.deep.equal({ ruleset: RULESET, challenge, evidence })
        expect(presence).to.deep.equal({
          campaignId: 1n,
          serial: BigInt(body.serial),
          holder: holder.address,
          site: 1,
          geofenceHash,
          observedAt: BigInt(SECONDS),
          validUntil: BigInt(SECONDS + 300),
          evidenceHash: hashEvidence({ evidence, challenge, ruleset: RULESET }),
        })
        expect(site).to.equal(1)
        const { observedAt, validUntil, evidenceHash } = presence
        const { r, vs, ...rest } = statement
        expect(rest).to.deep.equal({ geofenceHash, observedAt, validUntil, evidenceHash })
        const hash = hashPresence({ chainId: CHAIN_ID, book, presence })
        expect(await recoverAddress({ hash, signature: expanded(concat([r, vs])) })).to.equal(
          signer.address,
        )
        expect(await witnessOf({ ...presence, chainId: CHAIN_ID, book, statement })).to.equal(
          signer.address,
        )
      })

      it('grants it to a session key that the holder’s wallet allowed once', async () => {
        const { sign } = await openSession()
        for (let meal = 1; meal <= 2; meal++) {
          const body = await rehearsal.readyClaim()
          const { challenge, positions } = body
          const authorisation = await sign(claimOf({ coupon: body, challenge, positions }))
          expect((await rehearsal.present({ ...body, authorisation })).status).to.equal(200)
        }
      })

      it('grants it to a contract that calls the signature its own', async () => {
        const body = await rehearsal.readyClaim()
        const { challenge, positions } = body
        const claim = claimOf({ coupon: body, challenge, positions })
        const authorisation = { kind: 'holder', signature: `0x${'c0'.repeat(130)}` }
        rehearsal.says.approved = hashClaim({ chainId: CHAIN_ID, book, claim })
        expect((await rehearsal.present({ ...body, authorisation })).status).to.equal(200)
      })
    })

    describe('given the campaign or the coupon does not allow it', () => {
      const refusals: [code: string, change: Partial<Rehearsal['says']>][] = [
        ['CAMPAIGN_UNKNOWN', { terms: undefined }],
        ['CAMPAIGN_PAUSED', { isPaused: true }],
        ['LOCATION_NOT_REQUIRED', { terms: { ...openTerms, requiredWitnesses: 2 } }],
        ['WINDOW_NOT_OPEN', { terms: { ...openTerms, opensAt: BigInt(SECONDS + 1) } }],
        ['WINDOW_CLOSED', { terms: { ...openTerms, closesAt: BigInt(SECONDS) } }],
        ['COUPON_UNKNOWN', { status: 'not-issued' }],
        ['COUPON_REDEEMED', { status: 'redeemed' }],
        ['COUPON_REVOKED', { status: 'revoked' }],
        ['GEOFENCE_UNKNOWN', { terms: { ...openTerms, geofenceHash: `0x${'44'.repeat(32)}` } }],
        ['GEOFENCE_UNKNOWN', { terms: { ...openTerms, geofenceHash: zeroHash } }],
      ]
      for (const [code, change] of refusals) {
        it(`refuses with ${code}`, async () => {
          Object.assign(rehearsal.says, change)
          await expectRefusal({
            response: await rehearsal.present(await rehearsal.readyClaim()),
            code,
          })
        })
      }

      it('says that it is paused before it says anything of time and coupon, as the chain does', async () => {
        const terms = { ...openTerms, closesAt: BigInt(SECONDS) }
        Object.assign(rehearsal.says, { isPaused: true, terms, status: 'redeemed' })
        const response = await rehearsal.present(await rehearsal.readyClaim())
        await expectRefusal({ response, code: 'CAMPAIGN_PAUSED' })
      })

      it('grants in the first and the last second of the window', async () => {
        for (const terms of [
          { ...openTerms, opensAt: BigInt(SECONDS) },
          { ...openTerms, closesAt: BigInt(SECONDS + 1) },
        ]) {
          rehearsal.says.terms = terms
          expect((await rehearsal.present(await rehearsal.readyClaim())).status).to.equal(200)
        }
      })
    })

    describe('given coupons are held until a time', () => {
      const held = ({
        until,
        left,
        counted = 1n,
      }: {
        until: number
        left: bigint
        counted?: bigint
      }) =>
        Object.assign(rehearsal.says, {
          terms: { ...openTerms, heldUntil: BigInt(until) },
          leftovers: { leftForAll: left, shardsCounted: counted },
        })
      const askFor = async (shard: bigint) =>
        rehearsal.present(await rehearsal.readyClaim({ shard }))

      it('refuses standby to the last second with STANDBY_NOT_YET, and grants it in the next', async () => {
        held({ until: SECONDS + 1, left: 5n })
        const response = await askFor(FIRST_STANDBY_SHARD)
        await expectRefusal({ response, code: 'STANDBY_NOT_YET' })
        held({ until: SECONDS, left: 5n })
        expect((await askFor(FIRST_STANDBY_SHARD)).status).to.equal(200)
      })

      it('refuses standby, and whoever comes late, with NOTHING_LEFT once nothing is', async () => {
        held({ until: SECONDS, left: 0n, counted: 100n })
        for (const shard of [FIRST_STANDBY_SHARD, 0n]) {
          await expectRefusal({ response: await askFor(shard), code: 'NOTHING_LEFT' })
        }
        held({ until: SECONDS, left: 1n, counted: 100n })
        expect((await askFor(0n)).status).to.equal(200)
      })

      it('grants what is still held: before the time, and in a shard that nobody has counted', async () => {
        held({ until: SECONDS + 1, left: 0n, counted: 100n })
        expect((await askFor(0n)).status).to.equal(200)
        held({ until: SECONDS, left: 0n, counted: 1_000n })
        expect((await askFor(1_000n)).status).to.equal(200)
      })
    })

    describe('given a position that is not a yes', () => {
      const refusals: [code: string, change: Partial<Position>][] = [
        ['OUTSIDE_GEOFENCE', outsidePosition],
        ['OUTSIDE_GEOFENCE', { longitude: insidePosition.latitude, latitude: 75.9241357 }],
        ['TOO_CLOSE_TO_EDGE', { longitude: 75.923, accuracyMetres: 50 }],
        ['LOCATION_IMPLAUSIBLE', { longitude: 0, latitude: 0 }],
        ['ACCURACY_POOR', { accuracyMetres: 5_000 }],
        ['FIX_STALE', { takenAt: SECONDS * 1000 - 60_001 }],
        ['FIX_FROM_FUTURE', { takenAt: NOW + 10_000 }],
      ]
      for (const [code, change] of refusals) {
        it(`refuses ${JSON.stringify(change)} with ${code} and no distance`, async () => {
          const body = await rehearsal.readyClaim({ position: { ...insidePosition, ...change } })
          const refusal = await expectRefusal({ response: await rehearsal.present(body), code })
          expect(refusal.message).not.to.match(/\d/)
        })
      }

      it('takes a fix of exactly a minute', async () => {
        const position = { ...insidePosition, takenAt: SECONDS * 1000 - 60_000 }
        expect((await rehearsal.present(await rehearsal.readyClaim({ position }))).status).to.equal(
          200,
        )
      })
    })
  })
})

/** ERC-2098 back to r, s, v. */
function expanded(compact: Hex): Hex {
  const vs = BigInt(`0x${compact.slice(66)}`)
  const s = vs & ((1n << 255n) - 1n)
  return `0x${compact.slice(2, 66)}${s.toString(16).padStart(64, '0')}${vs >> 255n ? '1c' : '1b'}`
}
