// The indexer as `npm start` starts it, over a real anvil: whatever happens to either, it says what the chain says.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shard } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import { endChildren } from '../../scripts/children.ts'
import { deploy } from '../../scripts/deploy.ts'
import { startIndexer, type Indexer } from '../../scripts/indexer-service.ts'
import { askChain, startChain } from '../../scripts/local-chain.ts'
import { freePort } from '../../scripts/ports.ts'
import { indexedBlock, indexedEvents, redemptionsByMinute } from '../../web/chain/indexer.ts'
import { entriesOf, entryOf } from '../../web/features/audit/history.ts'
import { bothSidesOf, dumpOf, rowsIn } from './comparison.ts'
import { openSnack, oracle, playAll, raiseStage, snack, type Stage } from './stage.ts'

const CAUGHT_UP_MS = 60_000

type Page = { totalCount: number; items: Record<string, unknown>[] }
type Answer = { data: Record<string, Page>; errors?: unknown }

describe('the indexer', function () {
  this.timeout(240_000)
  let folder: string
  let rpcUrl: string
  let stage: Stage
  let shard: Shard
  let indexer: Indexer
  let seat = 0
  const said: string[] = []
  const printed: string[] = []

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-indexer-'))
    const chain = await startChain({
      folder: path.join(folder, 'chain'),
      port: await freePort({ first: 37_545 }),
    })
    rpcUrl = chain.rpcUrl
    await deploy({ rpcUrl, folder: path.join(folder, 'deployment') })
    stage = await raiseStage({ rpcUrl })
    shard = (await openSnack(stage)).shard
    await playAll(stage)
    await raiseStage({ rpcUrl, salt: 'another book' })
    indexer = await start('kept')
  })
  after(async () => {
    await endChildren()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('says what the logs, the counters and each coupon on chain say', async () => {
    await caughtUp()
    await same()
    const [lunch] = await rowsIn({
      url: indexer.url,
      sql: 'select * from campaign where campaign_id = 2',
    })
    expect(lunch).to.include({ name: 'Lunch', redeemed: 7, refused: 2, revoked: 4, pauses: 2 })
  })

  it('names who vouched, by which evidence, and who sent', async () => {
    const rows = await rowsIn({
      url: indexer.url,
      sql: 'select * from redemption where campaign_id = 2 order by block, log_index',
    })
    const [oracleKey, counter] = [oracle.address.toLowerCase(), stage.counter.toLowerCase()]
    expect(rows.map(({ witnesses }) => witnesses)).to.deep.equal([
      ...[[oracleKey], [oracleKey], [oracleKey]],
      ...[[counter], [counter], [counter]],
      [oracleKey],
    ])
    expect(rows.map(({ evidence_hashes }) => (evidence_hashes as string[]).length)).to.deep.equal([
      1, 1, 1, 0, 0, 0, 1,
    ])
    expect(rows.every(({ is_readable }) => is_readable === true)).to.be.true
    expect(rows[2]).to.include({ sender: stage.accounts[3]!.toLowerCase(), site: 2 })
    const keys = await rowsIn({
      url: indexer.url,
      sql: 'select key, vouched, removed_at from witness where vouched > 0 order by vouched',
    })
    expect(keys.map(({ key, vouched }) => [key, vouched])).to.deep.equal([
      [counter, 3],
      [oracleKey, 4],
    ])
    expect(keys[0]?.removed_at).not.to.equal(null)
  })

  it('tells the audit page the history that the chain’s logs tell', async () => {
    const of = { indexerUrl: indexer.url, chainId: 31337, book: stage.book }
    const toBlock = await indexedBlock(of)
    expect(toBlock).to.equal(await stage.client.getBlockNumber({ cacheTime: 0 }))
    const { logs, redemptions } = await indexedEvents({ ...of, fromBlock: 0n, toBlock: toBlock! })
    const found = new Map(
      [...entriesOf(logs), ...redemptions.map(entryOf)].map((one) => [one.key, one]),
    )
    const told = entriesOf(await stage.client.getLogs({ address: stage.book, fromBlock: 0n }))
    expect(told.map(({ key }) => found.get(key))).to.deep.equal(told)
    expect(found.size).to.equal(told.length)

    const minutes = await redemptionsByMinute({ ...of, since: 0n })
    expect(minutes.reduce((sum, { redeemed }) => sum + redeemed, 0)).to.equal(redemptions.length)
    expect(await indexedBlock({ ...of, book: stage.organiser })).to.equal(undefined)
  })

  it('answers GraphQL, pages and relations', async () => {
    const answer = await graphql(`
      {
        coupons(where: { state: revoked }, orderBy: "serial") {
          totalCount
          items {
            serial
            reason
            campaign {
              name
            }
          }
        }
        refusals {
          items {
            serial
            why
          }
        }
        roles {
          totalCount
        }
        pauses {
          items {
            number
            until
          }
        }
        shards(where: { campaignId: "2" }) {
          items {
            shard
            issue
            holders
          }
        }
      }
    `)
    expect(answer.coupons!.totalCount).to.equal(5)
    expect(answer.coupons!.items[0]).to.deep.equal({
      serial: '9',
      reason: 'left early',
      campaign: { name: 'Lunch' },
    })
    expect(answer.refusals!.items.map(({ serial }) => serial)).to.deep.equal(['8', '9'])
    expect(answer.pauses!.items.every(({ until }) => until !== null)).to.be.true
    expect(answer.shards!.items.map(({ holders }) => (holders as string[]).length)).to.deep.equal([
      255, 23, 2, 3,
    ])
    expect(answer.roles!.totalCount).to.equal(5)
  })

  it('lets nobody write, and nobody break it', async () => {
    const ask = async (sql: string) => {
      const query = new URLSearchParams({ sql: JSON.stringify({ json: { sql, params: [] } }) })
      return (await fetch(`${indexer.url}/sql/db?${query.toString()}`)).status
    }
    for (const sql of [
      'delete from coupon',
      "update coupon set state = 'issued'",
      'select pg_sleep(9)',
      'select * from ponder_sync.logs',
      'select 1; drop table coupon',
    ]) {
      expect(await ask(sql), sql).to.equal(500)
    }
    for (const query of [
      '',
      '?sql=',
      '?sql=%7B',
      `?sql=${'x'.repeat(7_000)}`,
      '?sql=%7B%22json%22%3A1%7D',
    ]) {
      for (const way of ['db', 'live']) {
        expect((await fetch(`${indexer.url}/sql/${way}${query}`)).status, query).to.equal(400)
      }
    }
    expect((await fetch(`${indexer.url}/sql/db`, { method: 'POST' })).status).to.equal(405)
    expect((await fetch(`${indexer.url}/graphql`, { method: 'DELETE' })).status).to.equal(405)
    const { errors } = await asked('{ coupons(limit: 1001) { totalCount } }')
    expect(JSON.stringify(errors)).to.contain('Invalid limit')
    await same()
  })

  it('tells live what happens', async () => {
    const sql = JSON.stringify({
      json: { sql: 'select redeemed from campaign where campaign_id = 1 limit 1', params: [] },
    })
    const stop = new AbortController()
    const live = await fetch(`${indexer.url}/sql/live?${new URLSearchParams({ sql }).toString()}`, {
      signal: stop.signal,
    })
    await eat()
    const text = new TextDecoder().decode((await live.body!.getReader().read()).value)
    stop.abort()
    expect(text).to.contain('"redeemed":1')
  })

  it('goes on where it was when it is started again', async () => {
    await indexer.end()
    await eat()
    printed.length = 0
    indexer = await start('kept')
    await caughtUp()
    await same()
    expect(printed.join()).to.contain('Detected crash recovery')
  })

  it('is rebuilt from nothing with the same answer when it has died, and that of itself', async () => {
    await eat()
    await caughtUp()
    const before = await dumpOf(indexer.url)
    said.length = 0
    const died = indexer.child()
    died?.kill()
    await until(() => said.some((line) => line.includes('from the beginning')))
    await until(async () => indexer.child() !== died && (await isReady()))
    await caughtUp()
    expect(await dumpOf(indexer.url)).to.deep.equal(before)
    await same()
  })

  it('goes on after a power cut', async () => {
    process.kill(-indexer.child()!.pid, 'SIGSTOP') // so that it cannot be tended before it is gone
    const ended = indexer.end()
    await ended
    await eat()
    indexer = await start('kept')
    await caughtUp()
    await same()
  })

  it('follows the chain when it takes blocks back', async () => {
    await eat()
    await caughtUp()
    const [{ redeemed } = {}] = await rowsIn({ url: indexer.url, sql: snacks() })
    await eat()
    await eat()
    await caughtUp()
    const head = await stage.client.getBlockNumber({ cacheTime: 0 })
    await askChain({ rpcUrl, method: 'anvil_reorg', params: [2, []] })
    expect(await stage.client.getBlockNumber({ cacheTime: 0 })).to.equal(head)
    await until(
      async () => (await rowsIn({ url: indexer.url, sql: snacks() }))[0]?.redeemed === redeemed,
    )
    await caughtUp()
    await same()
    seat -= 2 // nobody has eaten these
    await eat()
    await caughtUp()
    await same()
  })

  it('is rebuilt where the chain takes back what was final', async () => {
    await askChain({ rpcUrl, method: 'anvil_mine', params: ['0x28'] })
    await eat()
    await askChain({ rpcUrl, method: 'anvil_mine', params: ['0x28'] })
    await caughtUp()
    said.length = 0
    await askChain({ rpcUrl, method: 'anvil_reorg', params: [60, []] })
    await askChain({ rpcUrl, method: 'anvil_mine', params: ['0x2'] })
    seat -= 1
    await until(() => said.some((line) => line.includes('from the beginning')))
    await until(isReady)
    await caughtUp()
    await same()
  })

  it('is left out, and says so, where it cannot start', async () => {
    const lines: string[] = []
    const broken = await startIndexer({
      folder: path.join(folder, 'broken'),
      port: await freePort({ first: 37_069 }),
      rpcUrl,
      say: (line) => lines.push(line),
      readyMs: 200,
    })
    expect(await broken.ready).to.equal(false)
    expect(lines.at(-1)).to.contain('left out')
    await broken.end()
  })

  async function start(name: string): Promise<Indexer> {
    const started = await startIndexer({
      folder: path.join(folder, name),
      port: await freePort({ first: 37_069 }),
      rpcUrl,
      say: (line) => said.push(line),
      onLine: (line) => printed.push(line),
    })
    if (!(await started.ready)) throw new Error([...said, ...printed].slice(-20).join('\n'))
    return started
  }

  async function eat() {
    await snack({ stage, shard, seat })
    seat += 1
  }

  async function same() {
    const { index, chain } = await bothSidesOf({ stage, url: indexer.url })
    expect(index).to.deep.equal(chain)
  }

  const snacks = () =>
    `select redeemed from campaign where campaign_id = 1 and book = '${stage.book.toLowerCase()}'`

  const isReady = () =>
    fetch(`${indexer.url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    )

  /** Until the index has come to the chain's newest block. */
  async function caughtUp() {
    await until(async () => {
      const response = await fetch(`${indexer.url}/status`)
      const { home } = (await response.json()) as { home: { block: { number: number } } }
      return BigInt(home.block.number) >= (await stage.client.getBlockNumber({ cacheTime: 0 }))
    })
  }

  async function until(isSo: () => boolean | Promise<boolean>) {
    const latest = Date.now() + CAUGHT_UP_MS
    while (!(await isSo())) {
      if (Date.now() > latest) throw new Error(`It never came. ${printed.slice(-8).join('\n')}`)
      await sleep(100)
    }
  }

  async function asked(query: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${indexer.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as Answer
  }

  async function graphql(query: string) {
    const { data, errors } = await asked(query)
    expect(JSON.stringify(errors)).to.equal(undefined)
    return data
  }
})
