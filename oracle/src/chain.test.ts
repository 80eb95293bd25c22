import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import {
  decodeFunctionData,
  encodeErrorResult,
  encodeFunctionResult,
  zeroHash,
  type Hex,
} from 'viem'
import { createChainReader } from './chain.ts'
import { ChainUnavailableError } from '@coupon-secure/service/errors'
import { book, factory, holder, otherBook } from './rehearsal.ts'

const terms = {
  opensAt: 100n,
  closesAt: 200n,
  heldUntil: 0n,
  grace: 0n,
  supply: 10n,
  sites: 1,
  requiredWitnesses: 1,
  geofenceHash: zeroHash,
}
const counters = {
  issued: 9n,
  revoked: 1n,
  shards: 3n,
  standbyIssued: 2n,
  standbyRevoked: 0n,
  standbyShards: 1n,
  shardsCounted: 2n,
  leftForAll: 4n,
  isClosed: false,
}
const coupon = { book, campaignId: 1n, serial: 7n, holder: holder.address, proof: [] }
const approval = `0x1626ba7e${'00'.repeat(28)}` as const

const VIEWS = ['campaign', 'pausedAt', 'statusOf', 'countersOf', 'isBook', 'witness'] as const

/** What the pretended node answers to a call; a revert's bytes, or anything that is not the protocol. */
type Answer = { result: Hex } | { revert: Hex } | { nonsense: string } | 'hangs'

describe('chain reader', () => {
  let node: Server
  let calls: string[] = []
  let requests = 0
  let chainId = '0x7a69'
  let code: Hex = '0x6001'
  let answers: Record<(typeof VIEWS)[number] | 'isValidSignature', Answer>

  const reader = () => {
    const address = node.address()
    if (typeof address !== 'object' || !address) throw new Error('no node')
    const rpcUrls = [`http://127.0.0.1:${address.port}`]
    return createChainReader({ rpcUrls, chainId: 31337, factory, now: Date.now, timeout: 300 })
  }

  before(async () => {
    node = createServer((request, response) => {
      requests += 1
      void (async () => {
        const asked = JSON.parse(Buffer.concat(await request.toArray()).toString())
        const replies = [asked].flat().map(replyTo)
        if (replies.includes('hangs')) return
        const nonsense = replies.find((reply) => typeof reply === 'string')
        response.end(nonsense ?? JSON.stringify(Array.isArray(asked) ? replies : replies[0]))
      })()
    })
    node.listen(0, '127.0.0.1')
    await once(node, 'listening')
  })
  after(() => {
    node.closeAllConnections()
    node.close()
  })
  beforeEach(() => {
    calls = []
    requests = 0
    chainId = '0x7a69'
    code = '0x6001'
    answers = {
      campaign: campaignIs(terms),
      pausedAt: pausedSince(0n),
      countersOf: countersAre({ ...counters }),
      statusOf: statusIs(1),
      isBook: bookIs(true),
      witness: witnessIs({ classes: 2, site: 3 }),
      isValidSignature: { result: approval },
    }
  })

  it('reads terms, pause and status in one request', async () => {
    const { opensAt, closesAt, requiredWitnesses, geofenceHash } = terms
    const read = await reader().read(coupon)
    expect(read?.terms).to.include({ opensAt, closesAt, requiredWitnesses, geofenceHash })
    expect(read?.status).to.equal('unused')
    expect(read?.isPaused).to.equal(false)
    expect(requests).to.equal(1)
    expect(calls.sort()).to.deep.equal([
      'campaign',
      'eth_chainId',
      'eth_getBlockByNumber',
      'pausedAt',
      'statusOf',
    ])
  })

  it('knows that a campaign is paused', async () => {
    answers.pausedAt = pausedSince(150n)
    expect((await reader().read(coupon))?.isPaused).to.equal(true)
  })

  it('reads what is left for all', async () => {
    const left = await reader().readLeftovers(coupon)
    expect(left).to.include({ leftForAll: 4n, shardsCounted: 2n })
  })

  it('reads a witness', async () => {
    const entry = await reader().witness({ book, key: holder.address })
    expect(entry).to.include({ classes: 2, site: 3, validFrom: 10n, validUntil: 20n })
    expect(calls).to.include('witness')
  })

  it('knows every status', async () => {
    for (const [number, status] of ['not-issued', 'unused', 'redeemed', 'revoked'].entries()) {
      answers.statusOf = statusIs(number)
      expect((await reader().read(coupon))?.status).to.equal(status)
    }
  })

  it('knows no campaign that the book does not know', async () => {
    const data = encodeErrorResult({
      abi: couponBookAbi,
      errorName: 'UnknownCampaign',
      args: [1n],
    })
    answers.campaign = { revert: data }
    answers.pausedAt = { revert: data }
    expect(await reader().read(coupon)).to.equal(undefined)
  })

  it('asks once whether a book is one, and again while it is none', async () => {
    const chain = reader()
    expect(await chain.isBook(book)).to.equal(true)
    expect(await chain.isBook(book)).to.equal(true)
    expect(calls.filter((call) => call === 'isBook')).to.have.length(1)
    answers.isBook = bookIs(false)
    expect(await chain.isBook(otherBook)).to.equal(false)
    answers.isBook = bookIs(true)
    expect(await chain.isBook(otherBook)).to.equal(true)
  })

  describe('approves', () => {
    const approves = () =>
      reader().approves({ holder: holder.address, digest: zeroHash, signature: '0x1234' })

    it('is yes for ERC-1271’s magic value only', async () => {
      expect(await approves()).to.equal(true)
      for (const answer of [
        { result: `0xffffffff${'00'.repeat(28)}` },
        { result: `0x${'00'.repeat(32)}` },
        { result: '0x' },
        { result: '0x1626' },
        { revert: '0x' },
        { revert: '0x08c379a0' },
      ] as const) {
        answers.isValidSignature = answer
        expect(await approves(), JSON.stringify(answer)).to.equal(false)
      }
    })

    it('is no for an address without code, which is not even asked', async () => {
      code = '0x'
      expect(await approves()).to.equal(false)
      expect(calls).not.to.include('isValidSignature')
    })

    it('is neither while the node is away', async () => {
      for (const answer of ['hangs', { nonsense: '<html>' }] as const) {
        answers.isValidSignature = answer
        await expectUnavailable(approves())
      }
    })
  })

  describe('given a node that is not to be relied on', () => {
    const asked = () => [
      reader().check(),
      reader().isBook(book),
      reader().read(coupon),
      reader().readLeftovers(coupon),
      reader().approves({ holder: holder.address, digest: zeroHash, signature: '0x1234' }),
    ]

    it('refuses another chain', async () => {
      chainId = '0x1'
      for (const one of asked()) await expectUnavailable(one)
    })

    it('refuses a chain without the factory', async () => {
      code = '0x'
      await expectUnavailable(reader().check())
      answers.isBook = { result: '0x' }
      await expectUnavailable(reader().isBook(book))
    })

    it('refuses a page, silence, garbage and errors', async () => {
      const failures: Answer[] = [
        { nonsense: '<html>Bad gateway</html>' },
        { nonsense: '' },
        { nonsense: '{"jsonrpc":"2.0"}' },
        { result: '0x' },
        { result: '0x1234' },
        { revert: '0x' },
        'hangs',
      ]
      for (const failure of failures) {
        for (const view of VIEWS) answers[view] = failure
        await expectUnavailable(reader().isBook(book))
        await expectUnavailable(reader().read(coupon))
        await expectUnavailable(reader().readLeftovers(coupon))
      }
    }).timeout(20_000)

    it('refuses a status that no coupon can have', async () => {
      answers.statusOf = statusIs(4)
      await expectUnavailable(reader().read(coupon))
    })

    it('refuses a campaign of which it cannot say whether it is paused', async () => {
      answers.pausedAt = { revert: '0x' }
      await expectUnavailable(reader().read(coupon))
    })

    it('refuses when nobody listens', async () => {
      const rpcUrls = ['http://127.0.0.1:1']
      const chain = createChainReader({ rpcUrls, chainId: 31337, factory, now: Date.now })
      await expectUnavailable(chain.check())
    })
  })

  function replyTo({ id, method, params }: { id: number; method: string; params: unknown[] }) {
    if (method !== 'eth_call') calls.push(method)
    if (method === 'eth_chainId') return { jsonrpc: '2.0', id, result: chainId }
    if (method === 'eth_getBlockByNumber') return { jsonrpc: '2.0', id, result: block() }
    if (method === 'eth_getCode') return { jsonrpc: '2.0', id, result: code }
    const name = nameOfCall(params)
    calls.push(name)
    const answer = answers[name]
    if (answer === 'hangs') return answer
    if ('nonsense' in answer) return answer.nonsense
    if ('result' in answer) return { jsonrpc: '2.0', id, result: answer.result }
    const error = { code: 3, message: 'execution reverted', data: answer.revert }
    return { jsonrpc: '2.0', id, error }
  }
})

function block() {
  const timestamp = Math.floor(Date.now() / 1000)
  return { number: '0x7', hash: `0x${'07'.repeat(32)}`, timestamp: `0x${timestamp.toString(16)}` }
}

function nameOfCall([call]: unknown[]) {
  const data = Object(call).data
  if (data.startsWith('0x1626ba7e')) return 'isValidSignature'
  const abi = [...couponBookAbi, ...couponBookFactoryAbi]
  const { functionName } = decodeFunctionData({ abi, data })
  const view = VIEWS.find((name) => name === functionName)
  if (view) return view
  throw new Error(`the oracle has no business calling ${functionName}`)
}

function campaignIs(result: typeof terms): Answer {
  return {
    result: encodeFunctionResult({ abi: couponBookAbi, functionName: 'campaign', result }),
  }
}

function pausedSince(result: bigint): Answer {
  return {
    result: encodeFunctionResult({ abi: couponBookAbi, functionName: 'pausedAt', result }),
  }
}

function countersAre(result: typeof counters): Answer {
  return {
    result: encodeFunctionResult({ abi: couponBookAbi, functionName: 'countersOf', result }),
  }
}

function statusIs(result: number): Answer {
  return {
    result: encodeFunctionResult({ abi: couponBookAbi, functionName: 'statusOf', result }),
  }
}

function witnessIs(entry: { classes: number; site: number }): Answer {
  const result = { key: holder.address, validFrom: 10n, validUntil: 20n, ...entry }
  return { result: encodeFunctionResult({ abi: couponBookAbi, functionName: 'witness', result }) }
}

function bookIs(result: boolean): Answer {
  return {
    result: encodeFunctionResult({ abi: couponBookFactoryAbi, functionName: 'isBook', result }),
  }
}

async function expectUnavailable(promise: Promise<unknown>) {
  const outcome = await promise.catch((error: unknown) => error)
  expect(outcome).to.be.instanceOf(ChainUnavailableError)
}
