import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { Hono } from 'hono'
import { proxiesIn } from '@coupon-secure/service/network'
import type { ServiceEnv } from '@coupon-secure/service/guard'
import { createServer, takeLeave } from '@coupon-secure/service/server'

describe('server', () => {
  let server: Server
  let port: number
  let isStopping: boolean

  // Long, for a machine that is busy with other things; short where slowness itself is tested.
  const serve = async (patience = { headers: 20_000, request: 20_000, idle: 5_000 }) => {
    isStopping = false
    const app = new Hono<ServiceEnv>()
    app.onError((_error, context) => context.text('broken off', 500))
    app.get('/sender', (context) => context.text(context.env.sender ?? ''))
    app.get('/slow', async (context) => {
      await sleep(150)
      return context.text('answered in full')
    })
    app.post('/body', async (context) => context.text(await context.req.text()))
    server = createServer({
      app,
      proxies: proxiesIn(['127.0.0.1']),
      isStopping: () => isStopping,
      patience,
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
  }
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('knows the sender behind a trusted proxy', async () => {
    await serve()
    const headers = { 'x-forwarded-for': '203.0.113.9, 2001:db8::7' }
    const response = await fetch(`http://127.0.0.1:${port}/sender`, { headers })
    expect(await response.text()).to.equal('2001:db8:0:0::/64')
  })

  const slow: [what: string, begins: string][] = [
    ['headers', 'POST /body HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['a body', 'POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'],
    ['everything', ''],
  ]
  for (const [what, begins] of slow) {
    it(`does not wait for who is slow with ${what}`, async () => {
      await serve({ headers: 200, request: 400, idle: 5_000 })
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.on('error', () => undefined)
      socket.write(begins)
      const dripping = setInterval(() => socket.write(begins === '' ? '' : '1'), 50)
      const startedAt = Date.now()
      socket.resume()
      await once(socket, 'close')
      clearInterval(dripping)
      expect(Date.now() - startedAt).to.be.below(15_000)
    })
  }

  it('refuses headers of more than 16 kB', async () => {
    await serve()
    const headers = { 'x-large': 'x'.repeat(17_000) }
    const response = await fetch(`http://127.0.0.1:${port}/sender`, { headers })
    expect(response.status).to.equal(431)
  })

  describe('when it takes its leave', () => {
    beforeEach(() => serve())

    it('answers what is under way in full, and closes the connection after it', async () => {
      const answer = fetch(`http://127.0.0.1:${port}/slow`)
      await sleep(50)
      isStopping = true
      const leaving = takeLeave({ server, drain: 0 })
      const response = await answer
      expect(response.headers.get('connection')).to.equal('close')
      expect(await response.text()).to.equal('answered in full')
      await leaving
    })

    it('goes on for the drain, and answers a request that is still on its way', async () => {
      isStopping = true
      const leaving = takeLeave({ server, drain: 200 })
      await sleep(50)
      expect((await fetch(`http://127.0.0.1:${port}/sender`)).status).to.equal(200)
      const late = connect(port, '127.0.0.1')
      await once(late, 'connect')
      await sleep(300) // the drain is over, and only now it asks
      late.write('GET /sender HTTP/1.1\r\nHost: x\r\n\r\n')
      expect(await everythingFrom(late)).to.match(/^HTTP\/1.1 200/)
      await leaving
    })

    it('takes no new connection after the drain, and ends though some stay open', async () => {
      const idle = connect(port, '127.0.0.1')
      await once(idle, 'connect')
      idle.resume()
      isStopping = true
      await takeLeave({ server, drain: 0 })
      const refused = await fetch(`http://127.0.0.1:${port}/sender`).catch(
        (error: unknown) => error,
      )
      expect(refused).to.be.instanceOf(TypeError)
    })
  })
})

async function everythingFrom(socket: Socket): Promise<string> {
  const chunks = await socket.toArray()
  return Buffer.concat(chunks).toString()
}
