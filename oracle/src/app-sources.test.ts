import { beaconTypes } from '@coupon-secure/protocol/beacon'
import { hashSubmission, RULESET, type ScannedBeacon } from '@coupon-secure/protocol/evidence'
import { defaultPolicy, hashGeofence } from '@coupon-secure/protocol/geofence'
import { compactOf, domainOf } from '@coupon-secure/protocol/presence'
import { grantSchema } from '@coupon-secure/protocol/wire'
import { type Position, submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { expect } from 'chai'
import { concatHex, type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { HyperTrackUnavailableError } from './errors.ts'
import { expectProblem, expectRefusal } from './expectations.ts'
import type { DeviceReading, HyperTrack } from './hypertrack.ts'
import { sharedStore } from './rehearsal-store.ts'
import {
  book,
  CHAIN_ID,
  freshCoupon,
  holder,
  insidePosition,
  messHall,
  NOW,
  openTerms,
  rehearse,
  SECONDS,
  signedByHolder,
} from './rehearsal.ts'

const counter = privateKeyToAccount(keccak256(toHex('a counter of the tests')))
const COUNTER = { classes: 2, site: 0, validFrom: 1n, validUntil: BigInt(SECONDS + 3_600) }
const turn = Math.floor(SECONDS / 15) * 15

describe('oracle: sources', () => {
  let rehearsal: Awaited<ReturnType<typeof rehearse>>
  let reading: DeviceReading | Error
  const asked: string[] = []
  const hyperTrack: HyperTrack = {
    read: (worker) => {
      asked.push(worker)
      return reading instanceof Error ? Promise.reject(reading) : Promise.resolve(reading)
    },
    hear: () => undefined,
  }

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse({ hyperTrack })
  })
  beforeEach(() => {
    rehearsal.reset()
    asked.length = 0
  })

  /** Makes the campaign's place one with this policy. */
  const policyIs = async (policy: Partial<typeof defaultPolicy>) => {
    const document = { ...messHall, policy: { ...defaultPolicy, ...policy } }
    expect((await rehearsal.post({ path: '/v1/geofences', body: document })).ok).to.equal(true)
    rehearsal.says.terms = { ...openTerms, geofenceHash: hashGeofence(document) }
  }

  const claim = async ({
    source = 'browser',
    positions = source === 'browser' ? [insidePosition] : [],
    beacon,
  }: {
    source?: 'browser' | 'hypertrack'
    positions?: Position[]
    beacon?: ScannedBeacon
  }) => {
    const coupon = freshCoupon()
    const challenge = await rehearsal.challengeFor(coupon)
    const submitted = { source, positions, ...(beacon && { beacon }) }
    const evidenceHash = hashSubmission({
      submission: submissionFrom(submitted),
      challenge,
      ruleset: RULESET,
    })
    const names = { campaignId: 1n, serial: BigInt(coupon.serial), holder: coupon.holder }
    const authorisation = await signedByHolder({ claim: { ...names, challenge, evidenceHash } })
    return { ...coupon, proof: [], challenge, ...submitted, authorisation }
  }

  describe('the counter’s beacon, where the policy asks for it', () => {
    beforeEach(async () => {
      await policyIs({ isBeaconRequired: true })
      rehearsal.says.witnesses = { [counter.address.toLowerCase()]: COUNTER }
    })

    it('lets a holder through who has just scanned it', async () => {
      for (const shownAt of [turn, turn - 15]) {
        const body = await claim({ beacon: await shown({ shownAt }) })
        const response = await rehearsal.present(body)
        const { opening } = grantSchema.parse(await response.json())
        expect(opening.evidence.beacon).to.deep.equal({ ...body.beacon, isFromCounter: true })
      }
    })

    it('is missed', async () => {
      const response = await rehearsal.present(await claim({}))
      await expectRefusal({ response, code: 'BEACON_MISSING' })
    })

    it('is stale on a photograph of the turn before last', async () => {
      const response = await rehearsal.present(
        await claim({ beacon: await shown({ shownAt: turn - 30 }) }),
      )
      await expectRefusal({ response, code: 'BEACON_STALE' })
    })

    it('is nothing from a clock that is ahead', async () => {
      const response = await rehearsal.present(
        await claim({ beacon: await shown({ shownAt: turn + 30 }) }),
      )
      await expectRefusal({ response, code: 'BEACON_FROM_FUTURE' })
    })

    const distrusted: [string, () => Promise<ScannedBeacon>, object?][] = [
      ['somebody who is no witness', () => shown({}), { classes: 0, validUntil: 0n }],
      ['a location oracle', () => shown({}), { classes: 1 }],
      ['a counter that is not yet valid', () => shown({}), { validFrom: BigInt(SECONDS + 1) }],
      ['a counter that is valid no more', () => shown({}), { validUntil: BigInt(SECONDS) }],
      ['a counter of another site', () => shown({}), { site: 2 }],
      ['the holder’s own key', () => shown({ by: holder })],
      ['another campaign', () => shown({ campaignId: 2n })],
      ['another turn than was signed', async () => ({ ...(await shown({})), shownAt: turn - 15 })],
      ['another site than was signed', async () => ({ ...(await shown({})), site: 2 })],
      ['nobody at all', async () => ({ ...(await shown({})), signature: `0x${'ff'.repeat(64)}` })],
      [
        'the other s',
        async () => ({
          ...(await shown({})),
          signature: `0x${'11'.repeat(32)}7${'f'.repeat(63)}` as Hex,
        }),
      ],
    ]
    for (const [whose, beacon, change] of distrusted) {
      it(`is not believed from ${whose}`, async () => {
        rehearsal.says.witnesses = { [counter.address.toLowerCase()]: { ...COUNTER, ...change } }
        const response = await rehearsal.present(await claim({ beacon: await beacon() }))
        const { opening } = await expectRefusal({ response, code: 'BEACON_UNTRUSTED' })
        expect(opening.evidence.beacon?.isFromCounter).to.equal(false)
      })
    }

    it('is believed from a counter of that very site', async () => {
      rehearsal.says.witnesses = { [counter.address.toLowerCase()]: { ...COUNTER, site: 1 } }
      expect((await rehearsal.present(await claim({ beacon: await shown({}) }))).status).to.equal(
        200,
      )
    })

    it('is part of what the holder signs', async () => {
      const body = await claim({ beacon: await shown({}) })
      const response = await rehearsal.present({
        ...body,
        beacon: await shown({ shownAt: turn - 15 }),
      })
      await expectProblem({ response, status: 401, code: 'SIGNATURE_INVALID' })
    })

    it('cannot be asked of a chain that is away', async () => {
      const body = await claim({ beacon: await shown({}) })
      rehearsal.says.isAway = true
      const response = await rehearsal.present(body)
      await expectProblem({ response, status: 503, code: 'CHAIN_UNAVAILABLE' })
    })
  })

  describe('a managed device, where the policy takes it', () => {
    const bind = async () => {
      const store = await sharedStore()
      const issuedAt = (bindings += 1)
      await store.bindWorker({ book, holder: holder.address, handle: 'worker-1', issuedAt })
    }
    let bindings = SECONDS

    beforeEach(async () => {
      await policyIs({ sources: ['hypertrack'] })
      reading = {
        outcome: 'located',
        fix: {
          longitudeE7: 759_241_357,
          latitudeE7: 269_362_468,
          accuracyMillimetres: 10_750,
          takenAt: NOW - 2_000,
        },
      }
      await bind()
    })

    it('vouches for its holder, read by the oracle itself', async () => {
      const response = await rehearsal.present(await claim({ source: 'hypertrack' }))
      const { opening } = grantSchema.parse(await response.json())
      const { fixes, condition } = opening.evidence
      expect({ fixes, condition }).to.deep.equal({
        fixes: reading instanceof Error || reading.outcome === 'refused' ? [] : [reading.fix],
        condition: 'ACTIVE',
      })
      expect(asked).to.deep.equal(['worker-1'])
    })

    it('is not replaced by what the holder says themselves', async () => {
      reading = { outcome: 'refused', code: 'DEVICE_LOCATION_OFF' }
      const body = await claim({ source: 'hypertrack', positions: [insidePosition] })
      const response = await rehearsal.present(body)
      await expectRefusal({ response, code: 'DEVICE_LOCATION_OFF' })
    })

    for (const code of ['DEVICE_LOCATION_MOCKED', 'DEVICE_SILENT', 'WORKER_UNKNOWN'] as const) {
      it(`is refused by the name of what is wrong: ${code}`, async () => {
        reading = { outcome: 'refused', code }
        const response = await rehearsal.present(await claim({ source: 'hypertrack' }))
        const { opening } = await expectRefusal({ response, code })
        expect(opening.evidence).to.deep.include({ fixes: [], condition: code })
      })
    }

    it('must be bound', async () => {
      const store = await sharedStore()
      const issuedAt = (bindings += 1)
      await store.bindWorker({ book, holder: holder.address, handle: undefined, issuedAt })
      const response = await rehearsal.present(await claim({ source: 'hypertrack' }))
      await expectRefusal({ response, code: 'WORKER_NOT_BOUND' })
      expect(asked).to.deep.equal([])
    })

    it('is away with its service', async () => {
      reading = new HyperTrackUnavailableError({ reason: 'the test says so' })
      const response = await rehearsal.present(await claim({ source: 'hypertrack' }))
      await expectProblem({ response, status: 503, code: 'DEVICE_SERVICE_UNAVAILABLE' })
      expect(response.headers.get('retry-after')).to.equal('30')
    })

    it('is stale, coarse or elsewhere like any other', async () => {
      const fix = { longitudeE7: 759_241_357, latitudeE7: 269_362_468, accuracyMillimetres: 10_750 }
      for (const [change, code] of [
        [{ takenAt: NOW - 61_000 }, 'FIX_STALE'],
        [{ takenAt: NOW + 9_000 }, 'FIX_FROM_FUTURE'],
        [{ accuracyMillimetres: 101_000 }, 'ACCURACY_POOR'],
        [{ latitudeE7: 269_392_468 }, 'OUTSIDE_GEOFENCE'],
      ] as const) {
        reading = { outcome: 'located', fix: { ...fix, takenAt: NOW - 2_000, ...change } }
        const response = await rehearsal.present(await claim({ source: 'hypertrack' }))
        await expectRefusal({ response, code })
      }
    })

    it('is the only source there', async () => {
      const response = await rehearsal.present(await claim({}))
      await expectRefusal({ response, code: 'SOURCE_NOT_ACCEPTED' })
    })

    it('is none where the oracle has no account', async () => {
      const without = await rehearse()
      const coupon = freshCoupon()
      const challenge = await without.challengeFor(coupon)
      const body = await claim({ source: 'hypertrack' })
      expect(challenge).not.to.equal(body.challenge)
      const response = await without.present(body)
      await expectProblem({ response, status: 422, code: 'SOURCE_NOT_OFFERED' })
    })
  })
})

/** A beacon as the counter's screen shows it. */
async function shown({
  site = 1,
  shownAt = turn,
  campaignId = 1n,
  by = counter,
}): Promise<ScannedBeacon> {
  const signature = await by.signTypedData({
    domain: domainOf({ chainId: CHAIN_ID, book }),
    types: beaconTypes,
    primaryType: 'Beacon',
    message: { campaignId, site, shownAt: BigInt(shownAt) },
  })
  const { r, vs } = compactOf(signature)
  return { site, shownAt, signature: concatHex([r, vs]) }
}
