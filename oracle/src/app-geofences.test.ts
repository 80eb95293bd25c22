import { hashGeofence } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { expectProblem } from './expectations.ts'
import {
  claimOf,
  freshCoupon,
  geofenceHash,
  messHall,
  openCourt,
  openSession,
  openTerms,
  rehearse,
  signedByHolder,
} from './rehearsal.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

describe('oracle: geofences', () => {
  let rehearsal: Rehearsal

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
    await rehearsal.post({ path: '/v1/geofences', body: openCourt })
  })
  beforeEach(() => rehearsal.reset())

  describe('POST /v1/geofences', () => {
    it('keeps a document under its hash, and the same one again', async () => {
      const document = { ...openCourt, salt: `0x${'5a'.repeat(32)}` as const }
      const first = await rehearsal.post({ path: '/v1/geofences', body: document })
      expect(first.status).to.equal(201)
      expect(await first.json()).to.deep.equal({ geofenceHash: hashGeofence(document) })
      const second = await rehearsal.post({ path: '/v1/geofences', body: document })
      expect(second.status).to.equal(200)
      expect(await second.json()).to.deep.equal({ geofenceHash: hashGeofence(document) })
    })

    it('keeps one drawing and the same begun elsewhere as one', async () => {
      const [site] = messHall.sites
      const [shell = []] = site?.rings ?? []
      const turned = [...shell.slice(2), ...shell.slice(0, 2)].toReversed()
      const sites = [{ ...site, rings: [turned] }]
      const response = await rehearsal.post({ path: '/v1/geofences', body: { ...messHall, sites } })
      expect(response.status).to.equal(200)
      expect(await response.json()).to.deep.equal({ geofenceHash })
    })
  })

  describe('GET /v1/geofences/:hash', () => {
    it('gives anybody a document that anybody may read', async () => {
      const response = await rehearsal.app.request(`/v1/geofences/${hashGeofence(openCourt)}`)
      expect(await response.json()).to.deep.equal(openCourt)
    })

    it('refuses a document for holders', async () => {
      const response = await rehearsal.app.request(`/v1/geofences/${geofenceHash}`)
      await expectProblem({ response, status: 403, code: 'READERS_ONLY' })
    })

    it('knows no other', async () => {
      for (const hash of [zeroHash, '0x12', 'passwd', `${geofenceHash}00`]) {
        const response = await rehearsal.app.request(`/v1/geofences/${hash}`)
        await expectProblem({ response, status: 404, code: 'GEOFENCE_UNKNOWN' })
      }
    })
  })

  describe('POST /v1/geofences/:hash/read', () => {
    const readyRead = async () => {
      const coupon = freshCoupon()
      const challenge = await rehearsal.challengeFor(coupon)
      const authorisation = await signedByHolder({ claim: claimOf({ coupon, challenge }) })
      return { ...coupon, proof: [], challenge, authorisation }
    }
    const read = (body: unknown, hash = geofenceHash) =>
      rehearsal.post({ path: `/v1/geofences/${hash}/read`, body })

    it('gives a holder the document, once for each challenge', async () => {
      const body = await readyRead()
      expect(await (await read(body)).json()).to.deep.equal(messHall)
      await expectProblem({ response: await read(body), status: 409, code: 'CHALLENGE_USED' })
    })

    it('gives it to a session key as well', async () => {
      const coupon = freshCoupon()
      const challenge = await rehearsal.challengeFor(coupon)
      const { sign } = await openSession()
      const authorisation = await sign(claimOf({ coupon, challenge }))
      const response = await read({ ...coupon, proof: [], challenge, authorisation })
      expect(await response.json()).to.deep.equal(messHall)
    })

    it('refuses who holds no such coupon', async () => {
      for (const status of ['not-issued', 'revoked'] as const) {
        rehearsal.says.status = status
        const response = await read(await readyRead())
        await expectProblem({ response, status: 403, code: 'NOT_A_HOLDER' })
      }
      rehearsal.says.terms = undefined
      const response = await read(await readyRead())
      await expectProblem({ response, status: 403, code: 'NOT_A_HOLDER' })
    })

    it('refuses the holder of a campaign with another place', async () => {
      rehearsal.says.terms = { ...openTerms, geofenceHash: hashGeofence(openCourt) }
      const response = await read(await readyRead())
      await expectProblem({ response, status: 409, code: 'GEOFENCE_MISMATCH' })
    })

    it('refuses a signature over another document’s hash', async () => {
      const response = await read(await readyRead(), hashGeofence(openCourt))
      await expectProblem({ response, status: 401, code: 'SIGNATURE_INVALID' })
    })

    it('says so when it does not know the document', async () => {
      rehearsal.says.terms = { ...openTerms, geofenceHash: `0x${'77'.repeat(32)}` }
      const coupon = freshCoupon()
      const challenge = await rehearsal.challengeFor(coupon)
      const claim = {
        ...claimOf({ coupon, challenge }),
        evidenceHash: rehearsal.says.terms.geofenceHash,
      }
      const authorisation = await signedByHolder({ claim })
      const body = { ...coupon, proof: [], challenge, authorisation }
      const response = await read(body, rehearsal.says.terms.geofenceHash)
      await expectProblem({ response, status: 404, code: 'GEOFENCE_UNKNOWN' })
    })
  })
})
