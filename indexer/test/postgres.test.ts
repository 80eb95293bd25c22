// The same over PostgreSQL, as in service: several connections, and an index that outlives its process.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { startPostgres, type RehearsalPostgres } from '../../service/src/rehearsal-postgres.ts'
import { endChildren, startChild, type Child } from '../../scripts/children.ts'
import { deploy, localDeployment } from '../../scripts/deploy.ts'
import { askChain, startChain } from '../../scripts/local-chain.ts'
import { freePort } from '../../scripts/ports.ts'
import { bothSidesOf, rowsIn } from './comparison.ts'
import { openSnack, playAll, raiseStage, snack } from './stage.ts'

const READY_MS = 90_000

describe('the indexer over PostgreSQL', function () {
  this.timeout(240_000)
  let postgres: RehearsalPostgres
  let folder: string
  const lines: string[] = []

  before(async function () {
    postgres = await startPostgres()
    if ('missing' in postgres) {
      console.log(`      not run: ${postgres.missing}`)
      return this.skip()
    }
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-indexer-'))
  })
  after(async () => {
    await endChildren()
    if ('missing' in postgres) return
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('says what the chain says, goes on where it was, follows what is taken back', async () => {
    if ('missing' in postgres) throw new Error(postgres.missing)
    const place = path.join(folder, 'chain')
    const { rpcUrl } = await startChain({ folder: place, port: await freePort({ first: 37_545 }) })
    await deploy({ rpcUrl, folder: path.join(folder, 'deployment') })
    const stage = await raiseStage({ rpcUrl })
    const { shard } = await openSnack(stage)
    await playAll(stage)
    const databaseUrl = await postgres.freshDatabase()
    const port = await freePort({ first: 37_069 })
    const url = `http://127.0.0.1:${port}`
    const same = async () => {
      const block = await stage.client.getBlockNumber({ cacheTime: 0 })
      await until(async () => {
        const status: unknown = await (await fetch(`${url}/status`)).json()
        return (
          BigInt((status as { home: { block: { number: number } } }).home.block.number) >= block
        )
      })
      const { index, chain } = await bothSidesOf({ stage, url })
      expect(index).to.deep.equal(chain)
    }

    const first = await start({ rpcUrl, port, databaseUrl })
    await same()
    await first.end()
    await snack({ stage, shard, seat: 0 })
    await start({ rpcUrl, port, databaseUrl })
    await same()
    expect(lines.join()).to.contain('Detected crash recovery')

    await snack({ stage, shard, seat: 1 })
    await same()
    const sql = 'select count(*) as count from redemption where campaign_id = 1'
    const used = async () => Number((await rowsIn({ url, sql }))[0]?.count)
    expect(await used()).to.equal(2) // an answer that is not to be kept
    await askChain({ rpcUrl, method: 'anvil_reorg', params: [1, []] })
    await until(async () => (await used()) === 1)
    await same()
  })

  async function start(of: { rpcUrl: string; port: number; databaseUrl: string }): Promise<Child> {
    const child = startChild({
      name: 'The indexer',
      command: process.execPath,
      args: ['indexer/start.ts'],
      env: {
        PORT: String(of.port),
        RPC_URL: of.rpcUrl,
        CHAIN_ID: '31337',
        FACTORY_ADDRESS: localDeployment().factory,
        FACTORY_BLOCK: '0',
        DATABASE_URL: of.databaseUrl,
      },
      onLine: (line) => lines.push(line),
    })
    await until(() =>
      fetch(`http://127.0.0.1:${of.port}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    return child
  }

  async function until(isSo: () => Promise<boolean>) {
    const latest = Date.now() + READY_MS
    while (!(await isSo())) {
      if (Date.now() > latest) throw new Error(`It never came. ${lines.slice(-8).join('\n')}`)
      await sleep(100)
    }
  }
})
