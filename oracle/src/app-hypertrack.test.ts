import { oracleAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { expectProblem } from './expectations.ts'
import { createHyperTrack, type HyperTrack } from './hypertrack.ts'
import { createPostman } from './hypertrack-postman.ts'
import { type HyperTrackRehearsal, startHyperTrackRehearsal } from './hypertrack-rehearsal.ts'
import { createLogger } from '@coupon-secure/service/log'
import { rehearse } from './rehearsal.ts'

const TOKEN = 'a-token-that-nobody-could-ever-guess'
const place = { longitude: 75.9241357, latitude: 26.9362468, accuracy: 10.75 }

describe('oracle: webhooks of HyperTrack', () => {
  let service: HyperTrackRehearsal
  let hyperTrack: HyperTrack
  let app: Awaited<ReturnType<typeof rehearse>>['app']
  const lines: string[] = []
  const postman = createPostman({
    fetch: (url, init) => Promise.resolve(app.request(url, init)),
    sleep: () => Promise.resolve(),
  })
  const url = `/v1/hypertrack/webhooks/${TOKEN}`
  const mocked = (deviceId: string, recordedAt = new Date()) => ({
    device_id: deviceId,
    recorded_at: recordedAt.toISOString(),
    created_at: new Date().toISOString(),
    type: 'device_status',
    data: { value: 'inactive', reason: 'location.mocked' },
    version: '2.0.0',
  })
  const worker = (handle: string) => {
    const [device] = service.worker(handle, { ...place, wakesAfter: 0 })
    if (device === undefined) throw new Error('the rehearsal has no device')
    return device
  }

  before(async function () {
    this.timeout(20_000)
    service = await startHyperTrackRehearsal()
    hyperTrack = createHyperTrack({
      fetch: (url, init) => fetch(url, init),
      now: Date.now,
      url: service.url,
      accountId: 'account',
      secretKey: 'secret',
    })
    const destination = { write: (line: string) => void lines.push(line) }
    const logger = createLogger({ level: 'debug', destination })
    ;({ app } = await rehearse({ hyperTrack, webhookToken: TOKEN, logger }))
  })
  after(() => service.close())
  beforeEach(() => service.reset())

  it('come to an oracle that says it takes managed devices', async () => {
    const answer = oracleAnswerSchema.parse(await (await app.request('/v1/oracle')).json())
    expect(answer.sources).to.deep.equal(['browser', 'hypertrack'])
  })

  it('are heard: the API is read again, and the outage counts until it says something newer', async () => {
    const device = worker('newer')
    expect((await hyperTrack.read('newer')).outcome).to.equal('located')
    const body = JSON.stringify([mocked(device.deviceId)])
    expect(await postman({ url, delivery: { body } })).to.deep.equal([204])
    expect(await hyperTrack.read('newer')).to.have.property('code', 'DEVICE_LOCATION_MOCKED')
  })

  it('are heard once, however often they come', async () => {
    const device = worker('heard')
    const body = JSON.stringify([{ ...mocked(device.deviceId), type: 'location', data: null }])
    const delivery = { body, messageId: 'one message' }
    await hyperTrack.read('heard')
    const asked = service.asked.length
    expect(await postman({ url, delivery: { ...delivery, copies: 4 } })).to.deep.equal(
      Array(4).fill(204),
    )
    await hyperTrack.read('heard')
    expect(service.asked, 'once more').to.have.length(asked * 2)
    await postman({ url, delivery })
    await hyperTrack.read('heard')
    expect(service.asked, 'and no more').to.have.length(asked * 2)
  })

  it('take the first contact, in XML, and go nowhere it points to', async () => {
    const body = '<?xml version="1.0"?><SubscribeURL>http://169.254.169.254/latest</SubscribeURL>'
    for (const contentType of ['text/xml', 'text/plain; charset=UTF-8', 'application/xml']) {
      expect(await postman({ url, delivery: { body, contentType } })).to.deep.equal([204])
    }
    expect(service.asked).to.deep.equal([])
    expect(lines.join('')).to.contain('waits to be confirmed')
  })

  it('answer nonsense once and for all, so that it is not repeated', async () => {
    for (const body of [
      '{"a":1}',
      '[',
      '',
      'null',
      '"x"',
      '[{"a":1,"a":2}]',
      `[${'['.repeat(99)}`,
    ]) {
      const [status, ...repeats] = await postman({ url, delivery: { body } })
      expect(status, body.slice(0, 20)).to.equal(400)
      expect(repeats).to.deep.equal([])
    }
    const nonsense = [null, 7, 'x', [], {}, { device_id: '../..' }, mocked('')]
    expect(await postman({ url, delivery: { body: JSON.stringify(nonsense) } })).to.deep.equal([
      204,
    ])
    const large = { body: JSON.stringify(['x'.repeat(65_536)]) }
    expect(await postman({ url, delivery: large })).to.deep.equal([413])
  })

  it('are for who knows the address', async () => {
    for (const path of [
      url.slice(0, -1),
      `${url}x`,
      '/v1/hypertrack/webhooks/',
      url.toUpperCase(),
    ]) {
      const response = await app.request(path, { method: 'POST', body: '[]' })
      expect(response.status, path).to.equal(404)
    }
    const { app: closed } = await rehearse({ hyperTrack })
    const response = await closed.request(url, { method: 'POST', body: '[]' })
    await expectProblem({ response, status: 404, code: 'NOT_FOUND' })
    const { app: without } = await rehearse({ webhookToken: TOKEN })
    expect((await without.request(url, { method: 'POST', body: '[]' })).status).to.equal(404)
  })

  it('leave neither address, device nor position in the log', async () => {
    const device = worker('quiet')
    const event = {
      ...mocked(device.deviceId),
      location: { coordinates: [75.9241357, 26.9362468] },
    }
    await postman({ url, delivery: { body: JSON.stringify([event]) } })
    await hyperTrack.read('quiet')
    const all = lines.join('')
    expect(all).to.contain('/v1/hypertrack/webhooks/:token')
    for (const canary of [TOKEN, device.deviceId, '75.92', '26.93']) {
      expect(all).not.to.contain(canary)
    }
  })
})
