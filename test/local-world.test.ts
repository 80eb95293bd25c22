import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { endChildren, runToEnd, startChild } from '../scripts/children.ts'
import { makeDemo } from '../scripts/demo.ts'
import { deploy } from '../scripts/deploy.ts'
import { identify, takeFolder } from '../scripts/folder-owner.ts'
import { askChain, startChain } from '../scripts/local-chain.ts'
import { freePort } from '../scripts/ports.ts'
import { startOracle } from '../scripts/services.ts'

const SLEEPER = 'setInterval(() => undefined, 1_000)'

describe('the local world', function () {
  this.timeout(120_000)
  let folder: string
  const said: string[] = []
  const say = (line: string) => said.push(line)

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-world-'))
    said.length = 0
  })
  afterEach(async () => {
    await endChildren()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  describe('its ports', () => {
    it('step over what is taken, on whatever address, and what is promised', async () => {
      const server = net.createServer().listen({ port: 0, host: '127.0.0.1' })
      await once(server, 'listening')
      const { port } = server.address() as net.AddressInfo
      expect(await freePort({ first: port })).to.be.greaterThan(port)
      const free = await freePort({ first: port })
      expect(await freePort({ first: port, promised: [free] })).to.be.greaterThan(free)
      server.close()
    })
  })

  describe('its programs', () => {
    it('end together with what they have started themselves', async () => {
      const script = `
        const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(SLEEPER)}])
        console.log(pid)
        ${SLEEPER}`
      let grandchild = 0
      const child = startChild({
        name: 'A parent',
        command: process.execPath,
        args: ['-e', script],
        onLine: (line) => (grandchild = Number(line)),
      })
      while (grandchild === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      await child.end()
      expect(child.hasEnded()).to.be.true
      expect(await isGone(grandchild)).to.be.true
    })

    it('fail with their last lines', async () => {
      const args = ['-e', 'console.error("the reason"); process.exit(3)']
      const failure = await runToEnd({ name: 'It', command: process.execPath, args }).catch(String)
      expect(failure).to.contain('It failed (exit code 3)').and.to.contain('the reason')
    })

    it('are told nothing that they need not know', async () => {
      process.env.DATABASE_URL = 'postgres://elsewhere'
      const args = ['-p', 'String(process.env.DATABASE_URL)']
      const words = await runToEnd({ name: 'It', command: process.execPath, args })
      delete process.env.DATABASE_URL
      expect(words).to.deep.equal(['undefined'])
    })
  })

  describe('its folder', () => {
    it('belongs to one living start alone', async () => {
      const owner = spawn(process.execPath, ['-e', SLEEPER])
      writeOwner({ pid: owner.pid!, children: [] })
      const refusal = await takeFolder({ folder, say }).catch(String)
      expect(refusal).to.contain(`already running here (process ${owner.pid})`)
      owner.kill()
    })

    it('is cleared of what a killed start has left running', async () => {
      const left = spawn(process.execPath, ['-e', SLEEPER], { detached: true })
      writeOwner({ pid: 0, children: [left.pid!] })
      const { release } = await takeFolder({ folder, say })
      expect(said).to.deep.equal(['Ending what an earlier start was not able to end …'])
      expect(await isGone(left.pid!)).to.be.true
      release()
      expect(fs.existsSync(path.join(folder, 'running.json'))).to.be.false
    })
  })

  describe('its chain and its demo', () => {
    it('are found again as they were, and mended where something was lost', async () => {
      const first = await startDemo()
      expect(first.demo.holders).to.have.length(100)
      expect(first.demo.campaigns.map(({ name }) => name)).to.deep.equal([
        'Breakfast',
        'Lunch',
        'Dinner',
        'Workshop snack',
      ])

      const second = await startDemo()
      expect(second).to.deep.equal(first)
      expect(said).to.deep.equal([])

      fs.rmSync(path.join(folder, 'deployment'), { recursive: true })
      expect(await startDemo()).to.deep.equal(first)
      expect(said.splice(0)).to.deep.equal([
        'The contracts are on the chain; only the deployment journal was lost.',
      ])

      fs.writeFileSync(path.join(folder, 'chain', 'state.json'), '{"block"') // a power cut
      expect(await startDemo()).to.deep.equal(first)
      expect(said.splice(0)[0]).to.contain('going back to that of the last start')
    })
  })

  /** One start without the web app, to its end. */
  async function startDemo() {
    const place = path.join(folder, 'chain')
    const chain = await startChain({ folder: place, port: await freePort({ first: 38545 }), say })
    const { rpcUrl } = chain
    await deploy({ rpcUrl, folder: path.join(folder, 'deployment'), say })
    const oracle = await startOracle({
      folder: path.join(folder, 'oracle'),
      port: await freePort({ first: 38787 }),
      webPort: 33000,
      rpcUrl,
    })
    const now = Math.floor(Date.now() / 1000)
    const demo = await makeDemo({ rpcUrl, oracleUrl: oracle.url, now })
    const block = await askChain({ rpcUrl, method: 'eth_blockNumber' })
    await endChildren()
    return { demo, block }
  }

  function writeOwner({ pid, children }: { pid: number; children: number[] }) {
    const owner = { ...identify(pid), children: children.map(identify) }
    fs.writeFileSync(path.join(folder, 'running.json'), JSON.stringify(owner))
  }
})

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (identify(pid).born === '') return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}
