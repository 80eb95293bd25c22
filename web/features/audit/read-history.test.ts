import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import { encodeAbiParameters, encodeEventTopics, toHex, zeroHash } from 'viem'
import type { AppConfig } from '../../chain/parse-config.ts'
import { readHistory } from './read-history.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const word = (byte: string) => `0x${byte.repeat(32)}` as const

describe('readHistory', () => {
  let server: Server
  let config: AppConfig
  /** What chain and index say: their newest blocks, and whether the index knows the book. */
  let says: { head: number; indexed: number | undefined; isKnown: boolean }
  let logsAsked = 0

  // A redemption in block 5, as both tell it.
  const args = { campaignId: 1n, serial: 7n, holder: book } as const
  const log = {
    address: book,
    topics: encodeEventTopics({ abi: couponBookAbi, eventName: 'CouponRedeemed', args }),
    data: encodeAbiParameters([{ type: 'uint16' }], [2]),
    ...{ blockNumber: toHex(5), logIndex: toHex(1), transactionHash: word('aa') },
    ...{
      blockHash: zeroHash,
      transactionIndex: toHex(0),
      blockTimestamp: toHex(99),
      removed: false,
    },
  }
  const row = {
    ...{ block: '5', logIndex: 1, at: '99', transaction: word('aa') },
    ...{ campaignId: '1', serial: '7', holder: book.toLowerCase(), site: 2 },
  }

  before(async () => {
    server = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        const asked: unknown = JSON.parse(Buffer.concat(chunks).toString())
        const isIndex = request.url === '/graphql'
        if (isIndex && says.indexed === undefined) response.writeHead(502).end('<html>')
        else response.end(JSON.stringify(isIndex ? indexSays(asked) : chainSays(asked)))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
    config = {
      ...{ chainId: 31337, rpcUrl: url, indexerUrl: url, oracleUrl: url },
      ...{ factory: book, factoryBlock: 0n, isDemo: false },
      ...{
        relayerUrl: undefined,
        explorerUrl: undefined,
        mapStyleUrl: undefined,
        walletConnect: undefined,
      },
    }
  })
  beforeEach(() => {
    says = { head: 40, indexed: 40, isKnown: true }
    logsAsked = 0
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const read = (change: Partial<Parameters<typeof readHistory>[0]> = {}) =>
    readHistory({ config, book, isFromChain: false, earlier: undefined, ...change })

  it('takes the index where it is up to date, or nearly', async () => {
    for (const indexed of [40, 30]) {
      says.indexed = indexed
      const { from, toBlock, entries } = await read()
      expect([from, toBlock]).to.deep.equal([{ kind: 'index' }, BigInt(indexed)])
      expect(entries.map(({ key }) => key)).to.deep.equal(['5.1'])
    }
    expect(logsAsked).to.equal(0)
  })

  it('reads the chain, which says the same, where the index is behind or away', async () => {
    const { entries } = await read()
    says.indexed = 29
    const behind = await read()
    expect(behind.from).to.deep.equal({ kind: 'behind', blocks: 11n })
    says.indexed = undefined
    const away = await read()
    expect(away.from).to.deep.equal({ kind: 'away' })
    for (const { toBlock, entries: told } of [behind, away]) {
      expect([toBlock, told]).to.deep.equal([40n, entries])
    }
  })

  it('reads the chain, and says nothing of it, for a book that is not in the index, without one, or as asked', async () => {
    says.isKnown = false
    expect((await read()).from).to.deep.equal({ kind: 'chain' })
    says.isKnown = true
    expect((await read({ isFromChain: true })).from).to.deep.equal({ kind: 'chain' })
    const without = { ...config, indexerUrl: undefined }
    expect((await read({ config: without })).from).to.deep.equal({ kind: 'chain' })
    expect(logsAsked).to.equal(3)
  })

  it('goes on where it was, from either', async () => {
    const earlier = await read()
    says = { head: 41, indexed: undefined, isKnown: true }
    const { entries, toBlock } = await read({ earlier })
    expect([entries, toBlock]).to.deep.equal([earlier.entries, 41n])
  })

  function indexSays(asked: unknown) {
    const { query } = asked as { query: string }
    const pageInfo = { hasNextPage: false, endCursor: null }
    if (query.includes('_meta')) {
      const status = { home: { id: 31337, block: { number: says.indexed } } }
      return { data: { _meta: { status }, book: says.isKnown ? { address: book } : null } }
    }
    return { data: { page: { items: query.includes('redemptions(') ? [row] : [], pageInfo } } }
  }

  function chainSays(asked: unknown) {
    const replies = [asked].flat().map((one) => {
      const { id, method, params } = one as { id: number; method: string; params: unknown[] }
      if (method !== 'eth_getLogs') return { jsonrpc: '2.0', id, result: toHex(says.head) }
      logsAsked += 1
      const { fromBlock } = params[0] as { fromBlock: string }
      return { jsonrpc: '2.0', id, result: Number(fromBlock) <= 5 ? [log] : [] }
    })
    return Array.isArray(asked) ? replies : replies[0]
  }
})
