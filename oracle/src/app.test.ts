import { RULESET } from '@coupon-secure/protocol/evidence'
import { oracleAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { expectProblem } from './expectations.ts'
import { CHAIN_ID, factory, rehearse, signer, WEB } from './rehearsal.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

describe('oracle', () => {
  let rehearsal: Rehearsal

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
  })
  beforeEach(() => rehearsal.reset())

  describe('GET /v1/oracle', () => {
    it('says who it is and what it serves', async () => {
      const response = await rehearsal.app.request('/v1/oracle')
      const answer = oracleAnswerSchema.parse(await response.json())
      const { address } = signer
      const chainId = CHAIN_ID
      const known = { address, chainId, factory, ruleset: RULESET, classes: 1 }
      expect(answer).to.deep.equal({ ...known, sources: ['browser'] })
    })
  })

  describe('GET /healthz and /readyz', () => {
    it('are well', async () => {
      for (const path of ['/healthz', '/readyz']) {
        const response = await rehearsal.app.request(path)
        expect(response.status).to.equal(200)
        expect(await response.json()).to.include({ ok: true })
      }
    })

    it('tell a service that lives from one that can serve', async () => {
      rehearsal.says.isAway = true
      expect((await rehearsal.app.request('/healthz')).status).to.equal(200)
      expect((await rehearsal.app.request('/readyz')).status).to.equal(503)
    })
  })

  describe('given a method that a route does not have', () => {
    const routes: [path: string, methods: string[], allow: string][] = [
      ['/healthz', ['POST', 'DELETE'], 'GET, HEAD'],
      ['/v1/oracle', ['PUT'], 'GET, HEAD'],
      ['/v1/geofences', ['GET', 'PATCH'], 'POST'],
      [`/v1/geofences/0x${'11'.repeat(32)}`, ['POST', 'DELETE'], 'GET, HEAD'],
      [`/v1/geofences/0x${'11'.repeat(32)}/read`, ['GET'], 'POST'],
      ['/v1/challenges', ['GET', 'PUT'], 'POST'],
      ['/v1/presence', ['GET', 'HEAD', 'PUT', 'DELETE'], 'POST'],
    ]
    for (const [path, methods, allow] of routes) {
      it(`refuses ${methods.join(' and ')} ${path.slice(0, 24)} and names ${allow}`, async () => {
        for (const method of methods) {
          const response = await rehearsal.app.request(path, { method })
          expect(response.status).to.equal(405)
          expect(response.headers.get('allow')).to.equal(allow)
          if (method === 'HEAD') continue
          await expectProblem({ response, status: 405, code: 'METHOD' })
        }
      })
    }
  })

  describe('given a path that leads nowhere', () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/presence/',
      '//v1/oracle',
      '/v1/presence/../../etc/passwd',
      '/v1/geofences/../../etc/passwd',
      '/v1/%00',
      '/v1/%zz',
      '/V1/ORACLE',
    ]) {
      it(`answers ${path} with 404 in JSON`, async () => {
        const response = await rehearsal.app.request(path)
        await expectProblem({ response, status: 404, code: 'NOT_FOUND' })
      })
    }
  })

  describe('given a page of a listed origin', () => {
    const from = (origin: string) => ({ origin })

    it('answers its preflight', async () => {
      const response = await rehearsal.app.request('/v1/presence', {
        method: 'OPTIONS',
        headers: {
          ...from(WEB),
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      expect(response.status).to.equal(204)
      expect(Object.fromEntries(response.headers)).to.include({
        'access-control-allow-origin': WEB,
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'Content-Type',
        'access-control-max-age': '600',
      })
      expect(response.headers.has('access-control-allow-credentials')).to.equal(false)
    })

    it('lets it read answers and problems alike', async () => {
      for (const path of ['/v1/oracle', '/nowhere', '/v1/geofences/nothing', '/v1/presence']) {
        const response = await rehearsal.app.request(path, { headers: from(WEB) })
        expect(response.headers.get('access-control-allow-origin'), path).to.equal(WEB)
        expect(response.headers.get('vary'), path).to.match(/origin/i)
      }
    })

    for (const origin of ['https://evil.example', `${WEB}.evil.example`, 'null', `${WEB}:444`]) {
      it(`refuses a page of ${origin} and gives it no leave to read why`, async () => {
        for (const method of ['GET', 'OPTIONS']) {
          const headers = { ...from(origin), 'access-control-request-method': 'POST' }
          const response = await rehearsal.app.request('/v1/oracle', { method, headers })
          expect(response.headers.has('access-control-allow-origin')).to.equal(false)
          await expectProblem({ response, status: 403, code: 'ORIGIN_FORBIDDEN' })
        }
      })
    }
  })

  it('sends headers that leave a browser nothing to guess', async () => {
    for (const path of ['/v1/oracle', '/nowhere']) {
      const { headers } = await rehearsal.app.request(path)
      expect(Object.fromEntries(headers), path).to.include({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(headers.get('content-type')).to.match(/^application\/json/)
      expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
    }
  })

  it('says nothing of an error that nobody foresaw', async () => {
    const failing = await rehearse({
      signer: {
        ...signer,
        get address(): never {
          throw new Error('secret: 26.9362468')
        },
      },
    })
    const response = await failing.app.request('/v1/oracle')
    expect(await response.clone().text()).not.to.contain('secret')
    await expectProblem({ response, status: 500, code: 'INTERNAL' })
  })
})
