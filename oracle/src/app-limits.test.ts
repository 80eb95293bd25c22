import { expect } from 'chai'
import { expectProblem } from './expectations.ts'
import { rehearse, WEB } from './rehearsal.ts'

describe('oracle: limits', () => {
  it('sends away who comes while too many are served, before it does anything for them', async () => {
    const { app } = await rehearse({ mostAtOnce: 2 })
    const { promise: end, resolve: letGo } = Promise.withResolvers<undefined>()
    const body = JSON.stringify({ chainId: 1 })
    const post = (headers = {}) =>
      app.request('/v1/challenges', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
    // A body that never ends keeps two requests under way.
    const endless = async () =>
      app.request('/v1/challenges', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new ReadableStream({ start: (stream) => void end.then(() => stream.close()) }),
        duplex: 'half',
      })
    const slow = [endless(), endless()]
    await new Promise((resolve) => setImmediate(resolve))
    const response = await post({ origin: WEB })
    expect(response.headers.get('retry-after')).to.equal('1')
    expect(response.headers.get('access-control-allow-origin')).to.equal(WEB)
    await expectProblem({ response, status: 503, code: 'BUSY' })
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await app.request(path)).status, path).to.equal(200)
    }

    letGo(undefined)
    await Promise.all(slow)
    expect((await post()).status, 'and lets the next in').to.equal(400)
  })

  it('sends away one network that asks too often, and nobody else, for a minute', async () => {
    const { app, clock } = await rehearse({ mostPerNetworkAndMinute: 3 })
    const ask = (sender: string) => app.request('/v1/oracle', {}, { sender })
    for (let asked = 0; asked < 3; asked++)
      expect((await ask('2001:db8::/64')).status).to.equal(200)
    const response = await ask('2001:db8::/64')
    expect(response.headers.get('retry-after')).to.equal('60')
    await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
    expect((await ask('192.0.2.1')).status).to.equal(200)
    clock.now += 59_999
    expect((await ask('2001:db8::/64')).headers.get('retry-after')).to.equal('1')
    clock.now += 1
    expect((await ask('2001:db8::/64')).status).to.equal(200)
  })
})
