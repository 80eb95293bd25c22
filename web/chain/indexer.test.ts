import { expect } from 'chai'
import {
  IndexerAwayError,
  indexedBlock,
  indexedEvents,
  newestRefusals,
  onIndexedBlock,
  redemptionsByMinute,
  witnessUses,
} from './indexer.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const indexerUrl = 'https://indexer.example'
const word = (byte: string) => `0x${byte.repeat(32)}` as const
const place = { block: '7', logIndex: 3, at: '1000', transaction: word('aa') }

/** An indexer that answers each table with these pages, and everything else with `rest`. */
function indexerWith({
  pages = {},
  rest = {},
}: {
  pages?: Record<string, object[][]>
  rest?: object
}) {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = (url, init) => {
    expect(url).to.equal(`${indexerUrl}/graphql`)
    const { query } = JSON.parse(init?.body as string) as { query: string }
    asked.push(query)
    const table = /page: (\w+)\(/.exec(query)?.[1]
    if (table === undefined) return Promise.resolve(Response.json({ data: rest }))
    const number = Number(/after: "(\d+)"/.exec(query)?.[1] ?? 0)
    const hasNextPage = number + 1 < (pages[table]?.length ?? 0)
    const pageInfo = { hasNextPage, endCursor: hasNextPage ? String(number + 1) : null }
    const page = { items: pages[table]?.[number] ?? [], pageInfo }
    return Promise.resolve(Response.json({ data: { page } }))
  }
  return { of: { indexerUrl, chainId: 31337, book, fetch } as const, asked }
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    return error
  }
}

describe('indexedBlock', () => {
  const status = { home: { id: 31337, block: { number: 42 } } }

  it('is where the index of this chain has come to', async () => {
    const { of } = indexerWith({ rest: { _meta: { status }, book: { address: book } } })
    expect(await indexedBlock(of)).to.equal(42n)
  })

  it('is nowhere for a book that the index does not know', async () => {
    const { of, asked } = indexerWith({ rest: { _meta: { status }, book: null } })
    expect(await indexedBlock(of)).to.equal(undefined)
    expect(asked[0]).to.contain(book.toLowerCase())
  })

  it('refuses another chain’s index, what is none, and silence', async () => {
    const elsewhere = { home: { id: 1, block: { number: 42 } } }
    const { of } = indexerWith({ rest: { _meta: { status: elsewhere }, book: null } })
    expect(await errorOf(indexedBlock(of))).to.be.instanceOf(IndexerAwayError)
    for (const fetch of [
      () => Promise.resolve(new Response('<html>', { status: 502 })),
      () => Promise.resolve(Response.json({ errors: [{ message: 'no' }] })),
      () => Promise.resolve(Response.json(null)),
      () => Promise.reject(new TypeError('fetch failed')),
    ]) {
      expect(await errorOf(indexedBlock({ ...of, fetch }))).to.be.instanceOf(IndexerAwayError)
    }
  })
})

describe('indexedEvents', () => {
  const log = { ...place, topics: [word('01')], data: '0x' }
  const redemption = {
    ...place,
    campaignId: '1',
    serial: '256',
    holder: book.toLowerCase(),
    site: 2,
  }

  it('joins the pages of both tables, from block to block', async () => {
    const pages = { logs: [[log, log], [log]], redemptions: [[redemption], [redemption]] }
    const { of, asked } = indexerWith({ pages })
    const { logs, redemptions } = await indexedEvents({ ...of, fromBlock: 5n, toBlock: 9n })
    expect([logs.length, redemptions.length, asked.length]).to.deep.equal([3, 2, 4])
    expect(asked.every((query) => query.includes('block_gte: "5", block_lte: "9"'))).to.equal(true)
    expect(logs[0]).to.deep.include({ address: book, topics: [word('01')], blockNumber: 7n })
    expect(logs[0]).to.include({ logIndex: 3, blockTimestamp: 1000n, transactionHash: word('aa') })
    expect(redemptions[0]).to.deep.equal({
      ...{ campaignId: 1n, serial: 256n, holder: book, site: 2 },
      ...{ block: 7n, index: 3, at: 1000n, transaction: word('aa') },
    })
  })
})

describe('redemptionsByMinute', () => {
  it('is what a chart draws', async () => {
    const minute = { campaignId: '1', site: 2, since: '960', redeemed: 5 }
    const { of, asked } = indexerWith({ pages: { minutes: [[minute]] } })
    expect(await redemptionsByMinute({ ...of, since: 900n })).to.deep.equal([
      { campaignId: 1n, site: 2, since: 960n, redeemed: 5 },
    ])
    expect(asked[0]).to.contain('since_gte: "900"')
  })
})

describe('newestRefusals', () => {
  it('asks for the last few of one book', async () => {
    const row = { campaignId: '1', serial: '7', why: '0xab', at: '960', transaction: word('aa') }
    const { of, asked } = indexerWith({ pages: { refusals: [[row]] } })
    expect(await newestRefusals({ ...of, most: 5 })).to.deep.equal([
      { campaignId: 1n, serial: 7n, why: '0xab', at: 960n, transaction: word('aa') },
    ])
    expect(asked[0]).to.contain(book.toLowerCase()).and.to.contain('desc", limit: 5')
  })
})

describe('witnessUses', () => {
  it('says how often each vouched, and when last, where it did', async () => {
    const key = book.toLowerCase()
    const idle = { key, vouched: 0, lastVouchedAt: null }
    const { of } = indexerWith({
      pages: { witnesss: [[{ key, vouched: 3, lastVouchedAt: '960' }], [idle]] },
    })
    expect(await witnessUses(of)).to.deep.equal([
      { key: book, vouched: 3, lastVouchedAt: 960n },
      { key: book, vouched: 0, lastVouchedAt: undefined },
    ])
  })
})

describe('onIndexedBlock', () => {
  it('tells of each block until it is told to stop', () => {
    const opened: { url: string; source: EventTarget; isClosed: boolean }[] = []
    class Source extends EventTarget {
      constructor(url: string) {
        super()
        opened.push({ url, source: this, isClosed: false })
      }
      close() {
        opened[0]!.isClosed = true
      }
    }
    const usual = globalThis.EventSource
    Object.assign(globalThis, { EventSource: Source })
    try {
      let blocks = 0
      const stop = onIndexedBlock({ indexerUrl, then: () => (blocks += 1) })
      opened[0]!.source.dispatchEvent(new Event('message'))
      opened[0]!.source.dispatchEvent(new Event('message'))
      expect(blocks).to.equal(2)
      expect(decodeURIComponent(opened[0]!.url)).to.contain('/sql/live?sql=')
      stop()
      expect(opened[0]!.isClosed).to.equal(true)
    } finally {
      Object.assign(globalThis, { EventSource: usual })
    }
  })
})
