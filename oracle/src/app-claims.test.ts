import { challengeAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { expectProblem, expectRefusal } from './expectations.ts'
import {
  browserAt,
  claimOf,
  freshCoupon,
  insidePosition,
  messHall,
  NOW,
  openCourt,
  openSession,
  otherBook,
  outsidePosition,
  rehearse,
  SECONDS,
  signedByHolder,
  stranger,
} from './rehearsal.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

describe('oracle: claims', () => {
  let rehearsal: Rehearsal

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
    await rehearsal.post({ path: '/v1/geofences', body: openCourt })
  })
  beforeEach(() => rehearsal.reset())

  describe('POST /v1/challenges', () => {
    it('gives a new one each time, for a minute', async () => {
      const coupon = freshCoupon()
      const response = await rehearsal.post({ path: '/v1/challenges', body: coupon })
      const { expiresAt, challenge } = challengeAnswerSchema.parse(await response.json())
      expect(expiresAt).to.equal(SECONDS + 60)
      expect(challenge).not.to.equal(await rehearsal.challengeFor(coupon))
    })

    it('serves its own chain and its own factory’s books', async () => {
      const chain = await rehearsal.post({
        path: '/v1/challenges',
        body: { ...freshCoupon(), chainId: 1 },
      })
      await expectProblem({ response: chain, status: 400, code: 'CHAIN_UNSUPPORTED' })
      const body = { ...freshCoupon(), book: otherBook }
      const response = await rehearsal.post({ path: '/v1/challenges', body })
      await expectProblem({ response, status: 404, code: 'BOOK_UNKNOWN' })
    })

    it('gives thirty a minute for one coupon to one sender, and does not let them bar the holder', async () => {
      const coupon = freshCoupon()
      const ask = async (remoteAddress: string) =>
        rehearsal.app.request(
          '/v1/challenges',
          {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(coupon),
          },
          { sender: remoteAddress },
        )
      const answers = await Promise.all(Array.from({ length: 31 }, () => ask('192.0.2.1')))
      const refused = answers.filter(({ status }) => status !== 200)
      expect(refused).to.have.length(1)
      const [response] = refused
      expect(response?.headers.get('retry-after')).to.equal('60')
      await expectProblem({
        response: response ?? new Response(),
        status: 429,
        code: 'RATE_LIMITED',
      })
      expect((await ask('192.0.2.2')).status).to.equal(200)
      rehearsal.clock.now += 60_000
      expect((await ask('192.0.2.1')).status).to.equal(200)
    })
  })

  describe('POST /v1/presence', () => {
    describe('given a challenge that is no good', () => {
      it('refuses the same claim a second time', async () => {
        const body = await rehearsal.readyClaim()
        expect((await rehearsal.present(body)).status).to.equal(200)
        const response = await rehearsal.present(body)
        await expectProblem({ response, status: 409, code: 'CHALLENGE_USED' })
      })

      it('grants one of two at the same time', async () => {
        const body = await rehearsal.readyClaim()
        const answers = await Promise.all([rehearsal.present(body), rehearsal.present(body)])
        expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409])
      })

      it('refuses one that was used up by a no', async () => {
        const body = await rehearsal.readyClaim({ position: outsidePosition })
        await expectRefusal({ response: await rehearsal.present(body), code: 'OUTSIDE_GEOFENCE' })
        const response = await rehearsal.present(body)
        await expectProblem({ response, status: 409, code: 'CHALLENGE_USED' })
      })

      it('refuses one after a minute', async () => {
        const body = await rehearsal.readyClaim()
        rehearsal.clock.now += 60_000
        const response = await rehearsal.present(body)
        await expectProblem({ response, status: 410, code: 'CHALLENGE_EXPIRED' })
      })

      it('refuses one that it never gave', async () => {
        const coupon = freshCoupon()
        const challenge = `0x${'99'.repeat(32)}` as const
        const { source, positions } = browserAt(insidePosition)
        const authorisation = await signedByHolder({
          claim: claimOf({ coupon, challenge, positions }),
        })
        const response = await rehearsal.present({
          ...coupon,
          proof: [],
          challenge,
          source,
          positions,
          authorisation,
        })
        await expectProblem({ response, status: 410, code: 'CHALLENGE_UNKNOWN' })
      })

      it('refuses one that was given to another holder, or for another coupon', async () => {
        const body = await rehearsal.readyClaim()
        const { challenge, positions } = body
        const theirs = { ...body, holder: stranger.address }
        const claim = claimOf({ coupon: theirs, challenge, positions })
        const authorisation = await signedByHolder({ claim, by: stranger })
        const response = await rehearsal.present({ ...theirs, authorisation })
        await expectProblem({ response, status: 403, code: 'CHALLENGE_FOR_ANOTHER' })

        const other = { ...body, serial: '123456789' }
        const otherClaim = claimOf({ coupon: other, challenge, positions })
        const signed = await signedByHolder({ claim: otherClaim })
        const again = await rehearsal.present({ ...other, authorisation: signed })
        await expectProblem({ response: again, status: 403, code: 'CHALLENGE_FOR_ANOTHER' })
        expect((await rehearsal.present(body)).status, 'and the holder may still use it').to.equal(
          200,
        )
      })
    })

    describe('given a signature that is no good', () => {
      it('refuses a stranger’s, and does not use the challenge up', async () => {
        const body = await rehearsal.readyClaim()
        const { challenge, positions } = body
        const claim = claimOf({ coupon: body, challenge, positions })
        const authorisation = await signedByHolder({ claim, by: stranger })
        const response = await rehearsal.present({ ...body, authorisation })
        await expectProblem({ response, status: 401, code: 'SIGNATURE_INVALID' })
        expect((await rehearsal.present(body)).status).to.equal(200)
      })

      it('refuses another position than was signed', async () => {
        const body = await rehearsal.readyClaim({ position: outsidePosition })
        const response = await rehearsal.present({ ...body, ...browserAt(insidePosition) })
        await expectProblem({ response, status: 401, code: 'SIGNATURE_INVALID' })
      })

      it('refuses a session that is over or too long', async () => {
        for (const [expiresAt, code] of [
          [SECONDS, 'SESSION_EXPIRED'],
          [SECONDS + 8 * 86_400, 'SESSION_TOO_LONG'],
        ] as const) {
          const body = await rehearsal.readyClaim()
          const { challenge, positions } = body
          const { sign } = await openSession({ expiresAt })
          const authorisation = await sign(claimOf({ coupon: body, challenge, positions }))
          const response = await rehearsal.present({ ...body, authorisation })
          await expectProblem({ response, status: 401, code })
        }
      })
    })

    describe('given the wrong place on chain', () => {
      it('refuses another chain and another’s book', async () => {
        const body = await rehearsal.readyClaim()
        const chain = await rehearsal.present({ ...body, chainId: 1 })
        await expectProblem({ response: chain, status: 400, code: 'CHAIN_UNSUPPORTED' })
        const response = await rehearsal.present({ ...body, book: otherBook })
        await expectProblem({ response, status: 404, code: 'BOOK_UNKNOWN' })
      })

      it('says so when the chain is away, and leaves the challenge alone', async () => {
        const body = await rehearsal.readyClaim()
        rehearsal.says.isAway = true
        const response = await rehearsal.present(body)
        expect(response.headers.get('retry-after')).to.equal('5')
        await expectProblem({ response, status: 503, code: 'CHAIN_UNAVAILABLE' })
        rehearsal.says.isAway = false
        expect((await rehearsal.present(body)).status).to.equal(200)
      })
    })

    describe('given a holder who asks without end', () => {
      it('stops after thirty claims in an hour for one coupon, and after an hour goes on', async () => {
        const coupon = freshCoupon()
        const { source, positions } = browserAt(outsidePosition)
        const ask = async () => {
          const challenge = await rehearsal.challengeFor(coupon)
          const claim = claimOf({ coupon, challenge, positions })
          const authorisation = await signedByHolder({ claim })
          return rehearsal.present({
            ...coupon,
            proof: [],
            challenge,
            source,
            positions,
            authorisation,
          })
        }
        for (let claims = 0; claims < 30; claims++) {
          await expectRefusal({ response: await ask(), code: 'OUTSIDE_GEOFENCE' })
        }
        rehearsal.clock.now += 60_000
        const response = await ask()
        expect(response.headers.get('retry-after')).to.equal('3540')
        await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
        rehearsal.clock.now = NOW + 3_600_000
        await expectRefusal({ response: await ask(), code: 'WINDOW_CLOSED' })
      })

      it('does not count what strangers sign against the holder', async () => {
        const body = await rehearsal.readyClaim()
        const { challenge, positions } = body
        const claim = claimOf({ coupon: body, challenge, positions })
        const authorisation = await signedByHolder({ claim, by: stranger })
        for (let claims = 0; claims < 31; claims++) {
          expect((await rehearsal.present({ ...body, authorisation })).status).to.equal(401)
        }
        expect((await rehearsal.present(body)).status).to.equal(200)
      })
    })
  })
})
