import { expect } from 'chai'
import { createChainReader } from './chain.ts'
import { ChainUnavailableError, ClockWrongError } from '@coupon-secure/service/errors'
import { startNode } from './rehearsal-node.ts'
import { book, factory, holder } from './rehearsal.ts'

const coupon = { book, campaignId: 1n, serial: 7n, holder: holder.address, proof: [] }

type Node = Awaited<ReturnType<typeof startNode>>

describe('chain nodes', () => {
  let one: Node
  let two: Node
  let clock: { now: number }

  before(async () => {
    one = await startNode()
    two = await startNode()
  })
  after(() => {
    one.end()
    two.end()
  })
  beforeEach(() => {
    one.reset()
    two.reset()
    clock = { now: Date.now() }
  })

  const readerOf = (...nodes: Node[]) =>
    createChainReader({
      rpcUrls: nodes.map(({ rpcUrl }) => rpcUrl),
      chainId: 31337,
      factory,
      now: () => clock.now,
      maxHeadAge: 60,
      timeout: 300,
    })

  describe('given one node', () => {
    it('takes a head of the greatest age, and none older', async () => {
      one.says.timestamp = Math.floor(clock.now / 1000) - 59
      expect((await readerOf(one).read(coupon))?.status).to.equal('unused')
      one.says.timestamp -= 2
      await expectUnavailable(readerOf(one).read(coupon), 'head')
      await expectUnavailable(readerOf(one).requireSound(), 'head')
    })

    it('takes a head of any age where it is told that the chain may rest', async () => {
      one.says.timestamp -= 1_000_000
      const rpcUrls = [one.rpcUrl]
      const chain = createChainReader({ rpcUrls, chainId: 31337, factory, now: () => clock.now })
      expect((await chain.read(coupon))?.status).to.equal('unused')
    })

    it('refuses while its own clock is more than 30 s behind', async () => {
      one.says.timestamp = Math.floor(clock.now / 1000) + 30
      await readerOf(one).requireSound()
      one.says.timestamp += 2
      await expectClockWrong(readerOf(one).requireSound())
    })

    it('refuses while its own clock is ahead, as new blocks show, and takes it back when they agree', async () => {
      const chain = readerOf(one)
      const next = ({ age }: { age: number }) => {
        clock.now += 1_000
        one.says.head += 1
        one.says.timestamp = Math.floor(clock.now / 1000) - age
        return chain.requireSound()
      }
      one.says.timestamp = Math.floor(clock.now / 1000) - 40
      await chain.requireSound() // old enough to be either
      await expectClockWrong(next({ age: 40 }))
      await next({ age: 2 })
    })

    it('does not take an old block for a wrong clock when it has not looked for long', async () => {
      const chain = readerOf(one)
      await chain.requireSound()
      clock.now += 50_000
      one.says.head += 1
      one.says.timestamp = Math.floor(clock.now / 1000) - 45
      await chain.requireSound()
    })

    it('asks for the head once for all who ask at the same time, and again a moment later', async () => {
      const chain = readerOf(one)
      await Promise.all([chain.requireSound(), chain.requireSound()])
      one.says.timestamp -= 100
      await chain.requireSound()
      clock.now += 501
      await expectUnavailable(chain.requireSound(), 'head')
    })
  })

  describe('given two nodes', () => {
    it('takes what both say, about the newest block that both know', async () => {
      two.says.head -= 3
      two.says.timestamp -= 6
      expect((await readerOf(one, two).read(coupon))?.status).to.equal('unused')
      await readerOf(one, two).check()
      expect(await readerOf(two, one).isBook(book)).to.equal(true)
    })

    it('refuses when they differ about a coupon, a campaign, a book or the factory', async () => {
      two.says.status = 2
      await expectUnavailable(readerOf(one, two).read(coupon), 'agreement')
      two.reset()
      two.says.geofenceHash = `0x${'11'.repeat(32)}`
      await expectUnavailable(readerOf(one, two).read(coupon), 'agreement')
      two.reset()
      two.says.isBook = false
      await expectUnavailable(readerOf(one, two).isBook(book), 'agreement')
      two.reset()
      two.says.code = '0x6002'
      await expectUnavailable(readerOf(one, two).check(), 'agreement')
    })

    it('refuses when they tell different histories', async () => {
      two.says.history = '08'
      await expectUnavailable(readerOf(one, two).requireSound(), 'agreement')
      two.says.head -= 3
      await expectUnavailable(readerOf(one, two).requireSound(), 'agreement')
    })

    it('refuses when either has an old head', async () => {
      two.says.head -= 50
      two.says.timestamp -= 100
      await expectUnavailable(readerOf(one, two).read(coupon), 'head')
      await expectUnavailable(readerOf(two, one).read(coupon), 'head')
    })

    it('refuses when either is on another chain', async () => {
      two.says.chainId = 1
      await expectUnavailable(readerOf(one, two).read(coupon), 'chain id')
      await expectUnavailable(readerOf(two, one).read(coupon), 'chain id')
    })

    const broken: [what: string, broken: NonNullable<Node['says']['broken']>][] = [
      ['a page with status 200', { text: '<html>Welcome</html>', type: 'text/html' }],
      ['a page that calls itself JSON', { text: '<html>Welcome</html>' }],
      ['half an answer', { text: '{"jsonrpc":"2.0","id":1,"resu' }],
      ['an answer without a result', { text: '[{"jsonrpc":"2.0","id":1}]' }],
      ['another shape', { text: '"0x7a69"' }],
      ['null', { text: 'null' }],
      ['nothing', { text: '' }],
      ['an outage', { text: 'Bad gateway', status: 502 }],
      ['a limit', { text: '{"error":"slow down"}', status: 429 }],
      ['silence', 'hangs'],
    ]
    for (const [what, how] of broken) {
      it(`refuses ${what} from either`, async () => {
        two.says.broken = how
        for (const chain of [readerOf(one, two), readerOf(two, one)]) {
          await expectUnavailable(chain.read(coupon), 'node')
          await expectUnavailable(chain.isBook(book), 'node')
          await expectUnavailable(chain.requireSound(), 'node')
        }
      }).timeout(20_000)
    }
  })
})

async function expectUnavailable(promise: Promise<unknown>, failing: string) {
  const outcome = await promise.catch((error: unknown) => error)
  expect(outcome).to.be.instanceOf(ChainUnavailableError)
  expect(outcome).to.include({ failing })
}

async function expectClockWrong(promise: Promise<unknown>) {
  expect(await promise.catch((error: unknown) => error)).to.be.instanceOf(ClockWrongError)
}
