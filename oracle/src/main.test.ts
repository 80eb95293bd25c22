import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { insidePosition, messHall, oracleKey, geofenceHash, holder } from './rehearsal.ts'
import { browserAt, claimOf, factory, freshCoupon, signedByHolder } from './rehearsal.ts'
import { startNode } from './rehearsal-node.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const secret = 'c4n4ry-in-a-claim-link'

describe('the oracle as a process', () => {
  let node: Awaited<ReturnType<typeof startNode>>
  let oracle: ChildProcess
  let printed = ''
  let url: string
  let folder: string

  before(async function () {
    this.timeout(120_000)
    node = await startNode({ geofenceHash })
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-oracle-'))
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    oracle = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: {
        PORT: `${port}`,
        RPC_URL: node.rpcUrl,
        CHAIN_ID: '31337',
        FACTORY_ADDRESS: factory,
        MAX_HEAD_AGE_SECONDS: '0',
        DATA_DIR: folder,
        ORACLE_KEY: oracleKey,
        LOG_LEVEL: 'debug',
        DRAIN_SECONDS: '4',
      },
    })
    oracle.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    oracle.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    while (
      !(await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(100)
  })
  after(() => {
    oracle.kill('SIGKILL')
    node.end()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const post = (to: string, body: unknown) =>
    fetch(`${url}${to}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', referer: `https://x.example/c#${secret}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const claim = async (change: object = {}) => {
    const coupon = freshCoupon()
    const answer: unknown = await (await post('/v1/challenges', coupon)).json()
    const { challenge } = answer as { challenge: `0x${string}` }
    const submitted = browserAt({ ...insidePosition, takenAt: Date.now() - 500, ...change })
    const { positions } = submitted
    const authorisation = await signedByHolder({ claim: claimOf({ coupon, challenge, positions }) })
    return { ...coupon, proof: [], challenge, ...submitted, authorisation }
  }

  it('prints no position, key, holder, link, signature or document in a run with all that goes wrong', async function () {
    this.timeout(120_000)
    expect((await post('/v1/geofences', messHall)).status).to.equal(201)
    await post('/v1/geofences', { ...messHall, secret })
    const good = await claim()
    expect((await post('/v1/presence', good)).status).to.equal(200)
    await post('/v1/presence', good)
    await post('/v1/presence', { ...good, secret })
    await post('/v1/presence', `{"latitude":26.9362468,"secret":"${secret}"`)
    expect((await post('/v1/presence', await claim({ latitude: 27.1234567 }))).status).to.equal(422)
    await fetch(`${url}/c/${secret}?latitude=26.9362468#${secret}`)
    await fetch(`${url}/v1/log/inclusion?digest=${secret}`)
    const late = await claim()
    node.says.broken = { text: `<html>${secret} 26.9362468</html>`, type: 'text/html' }
    await sleep(600) // until what the chain said is forgotten
    expect((await post('/v1/presence', late)).status).to.equal(503)
    expect((await fetch(`${url}/readyz`)).status).to.equal(503)
    node.says.broken = 'hangs'
    node.says.broken = undefined

    expect(printed).to.contain('listening').and.to.contain('CHAIN_UNAVAILABLE')
    const all = printed.replaceAll(/"(requestId|time|witness)":"[^"]+"/g, '')
    for (const canary of [
      secret,
      /\d\d\.\d{4}/,
      /(26936|75924|27123|26935|75923)\d/,
      holder.address.slice(2),
      oracleKey.slice(2),
      messHall.salt.slice(2),
      good.challenge.slice(2),
      good.authorisation.signature.slice(2, 40),
      'accuracyMetres',
    ]) {
      expect(all).not.to.match(canary instanceof RegExp ? canary : new RegExp(canary, 'i'))
    }
  })

  it('cuts nobody off when it is told to end while many ask through a balancer', async function () {
    this.timeout(120_000)
    const outcomes: string[] = []
    let isReady = true
    // As a balancer does: it looks often, and sends nobody where it heard no.
    const looking = (async () => {
      while (isReady) {
        isReady = await fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        )
        await sleep(50)
      }
    })()
    const phone = async () => {
      while (isReady) {
        const outcome = await post('/v1/challenges', freshCoupon()).then(
          async (response) =>
            `${response.status} ${Object.keys(Object(await response.json())).length}`,
          (error: unknown) => String(error instanceof Error ? error.cause : error),
        )
        outcomes.push(outcome)
      }
    }
    const phones = Array.from({ length: 16 }, phone)
    await sleep(1_000)
    const ended = once(oracle, 'exit')
    const before = outcomes.length
    oracle.kill('SIGTERM')
    const [code]: unknown[] = await ended
    await Promise.all([looking, ...phones])
    expect(code).to.equal(0)
    expect(outcomes.length, 'answered after it was told').to.be.greaterThan(before)
    expect([...new Set(outcomes)], 'each in full').to.deep.equal(['200 2'])
    expect(printed).to.contain('stopping')
  })
})

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
