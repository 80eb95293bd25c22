import { readinessSchema } from '@coupon-secure/protocol/wire-readiness'
import { expect } from 'chai'
import {
  ChainUnavailableError,
  ClockWrongError,
  StoreUnavailableError,
} from '@coupon-secure/service/errors'
import { Hono } from 'hono'
import { createMetrics } from '@coupon-secure/service/metrics'
import { operationsRoutes } from '@coupon-secure/service/routes-operations'
import { createReadiness } from './readiness.ts'
import { insidePosition, messHall, outsidePosition, rehearse, signer } from './rehearsal.ts'

describe('GET /readyz', () => {
  const metrics = createMetrics({ service: 'oracle' })
  const well = () => Promise.resolve()
  const sound = {
    now: Date.now,
    chain: { check: well },
    store: { check: well },
    signer,
    isStopping: () => false,
  }
  const ask = async (change: object) => {
    const readiness = createReadiness({ ...sound, ...change })
    const app = new Hono().route('/', operationsRoutes({ metrics, readiness }))
    const response = await app.request('/readyz')
    const { ok, checks } = readinessSchema.parse(await response.json())
    expect(response.status).to.equal(ok ? 200 : 503)
    return checks
  }

  it('is well when everything is', async () => {
    const checks = await ask({})
    expect(checks.map(({ state }) => state)).to.deep.equal(Array(9).fill('well'))
  })

  const unavailable = (failing: ChainUnavailableError['failing']) =>
    new ChainUnavailableError({ failing, reason: 'secret' })
  const failing: [name: string, change: object, advice: RegExp][] = [
    ['chain reachable', { chain: { check: () => Promise.reject(unavailable('node')) } }, /RPC_URL/],
    [
      'chain id right',
      { chain: { check: () => Promise.reject(unavailable('chain id')) } },
      /CHAIN_ID/,
    ],
    [
      'nodes agree',
      { chain: { check: () => Promise.reject(unavailable('agreement')) } },
      /RPC_URL_2/,
    ],
    [
      'head fresh',
      { chain: { check: () => Promise.reject(unavailable('head')) } },
      /fallen behind/,
    ],
    [
      'clock right',
      { chain: { check: () => Promise.reject(new ClockWrongError({ seconds: 31 })) } },
      /NTP/,
    ],
    [
      'factory there',
      { chain: { check: () => Promise.reject(unavailable('factory')) } },
      /FACTORY/,
    ],
    [
      'key loaded',
      { signer: { signTypedData: () => Promise.reject(new Error('secret')) } },
      /ORACLE_KEYSTORE/,
    ],
    [
      'database writable',
      { store: { check: () => Promise.reject(new StoreUnavailableError()) } },
      /DATABASE_URL/,
    ],
    ['not stopping', { isStopping: () => true }, /told to stop/],
  ]
  for (const [name, change, advice] of failing) {
    it(`names "${name}" where that fails, and what to do`, async () => {
      const checks = await ask(change)
      expect(JSON.stringify(checks)).not.to.contain('secret')
      const failed = checks.filter(({ state }) => state === 'failing')
      expect(failed.map((check) => check.name)).to.deep.equal([name])
      expect(failed[0]?.advice).to.match(advice)
    })
  }

  it('does not pretend to know what it could not look at', async () => {
    const checks = await ask({ chain: { check: () => Promise.reject(unavailable('chain id')) } })
    const states = checks.slice(0, 6).map(({ state }) => state)
    expect(states).to.deep.equal(['well', 'failing', ...Array<string>(4).fill('unknown')])
  })
})

describe('GET /metrics', () => {
  it('counts answers and what they wait for, and names nobody', async () => {
    const rehearsal = await rehearse()
    const { post, present, app, says } = rehearsal
    await post({ path: '/v1/geofences', body: messHall })
    const granted = await rehearsal.readyClaim()
    await present(granted)
    await present(granted)
    await present(await rehearsal.readyClaim({ position: outsidePosition }))
    await app.request(`/v1/geofences/0x${'11'.repeat(32)}`)
    await app.request('/v1/made-up-by-somebody')
    says.isAway = true
    await present(granted)

    const response = await app.request('/metrics')
    expect(response.headers.get('content-type')).to.match(/^text\/plain/)
    const text = await response.text()
    const total = (labels: string) => new RegExp(`oracle_answers_total\\{${labels}\\} 1`)
    const presence = 'route="/v1/presence",method="POST"'
    expect(text).to.match(total(`${presence},status="200",code="GRANTED"`))
    expect(text).to.match(total(`${presence},status="409",code="CHALLENGE_USED"`))
    expect(text).to.match(total(`${presence},status="422",code="OUTSIDE_GEOFENCE"`))
    expect(text).to.match(total(`${presence},status="503",code="CHAIN_UNAVAILABLE"`))
    expect(text).to.match(/route="\/v1\/geofences\/:hash".*GEOFENCE_UNKNOWN/)
    expect(text).to.match(/oracle_answer_seconds_bucket\{le="0.25",route="\/v1\/presence"\} \d/)
    expect(text).to.match(/oracle_dependency_seconds_count\{dependency="chain",asked="read"\} 2/)
    expect(text).to.match(/oracle_dependency_failures_total\{dependency="chain",failing="node"\} 1/)
    expect(text).to.match(/oracle_requests_under_way 1/)
    for (const secret of [
      /0x[0-9a-f]{8}/i,
      /made-up/,
      /127\.0\.0\.1/,
      /\d\d\.\d{4}/,
      new RegExp(String(insidePosition.longitude)),
    ]) {
      expect(text.replaceAll(/_(sum|seconds)\b.*/g, '')).not.to.match(secret)
    }
  })
})
