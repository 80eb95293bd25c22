import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import type { RedemptionStatus } from '@coupon-secure/protocol/wire-redemption'
import { expect } from 'chai'
import { relayAt } from './relay.ts'
import type { Source } from './relay-events.ts'

const word = `0x${'5a'.repeat(32)}` as const
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const handed: HandedRedemption = {
  ...{ chainId: 1, book, holder, campaignId: 2n, serial: 7n, site: 1, deadline: 1_800_000_000n },
  ...{ signature: `0x${'5a'.repeat(64)}`, statements: [] },
}
const redeemed = { hash: word, site: 1, at: 1_799_999_999n }
const digest = `0x${'07'.repeat(32)}` as const
const mined = { digest, transaction: word, block: 5, at: 1_799_999_999 }
const waiting: RedemptionStatus = { digest, version: 1, state: 'waiting' }
const sent: RedemptionStatus = { digest, version: 2, state: 'sent', transaction: word }
const confirmed: RedemptionStatus = { ...mined, version: 3, state: 'confirmed' }
const final: RedemptionStatus = { ...mined, version: 4, state: 'final' }
const refused: RedemptionStatus = {
  ...{ digest, version: 3, state: 'refused', code: 'COUPON_REDEEMED', message: 'Used.' },
}

type World = {
  /** What posts and then looks are answered with; an error where the line drops. */
  posts: unknown[]
  looks?: unknown[]
  /** What the stream tells; without it there is none. */
  stream?: RedemptionStatus[]
  chain?: (typeof redeemed | undefined)[]
  leavesAfter?: number
}

async function run({ posts, looks = [], stream, chain = [redeemed], leavesAfter = 999 }: World) {
  const told: string[] = []
  const bodies: string[] = []
  let waits = 0
  let isClosed = false
  const source = (): Source => {
    const own: Source = { onmessage: null, onerror: null, close: () => (isClosed = true) }
    queueMicrotask(() => {
      for (const status of stream ?? []) {
        const event = { data: JSON.stringify(status) } as MessageEvent
        own.onmessage?.call(own as EventSource, event)
      }
    })
    return own
  }
  const relay = relayAt({
    url: 'https://relayer.example',
    proof: [],
    fetch: (_url, init) => {
      const isPost = init?.method === 'POST'
      if (isPost) bodies.push(init.body as string)
      const answer = (isPost ? posts : looks).shift()
      return answer === undefined || answer instanceof Error
        ? Promise.reject(new TypeError('the line dropped'))
        : Promise.resolve(Response.json(answer))
    },
    source: stream && source,
    wait: () => {
      waits += 1
      return Promise.resolve()
    },
    hasLeft: () => waits >= leavesAfter,
    redemptionOf: () => Promise.resolve(chain.length > 1 ? chain.shift() : chain[0]),
  })
  const ended = await relay({
    handed,
    onSent: (hash) => told.push(`sent ${hash === word}`),
    onRedeemed: ({ isFinal }) => told.push(isFinal ? 'final' : 'confirmed'),
  })
  return { ended, told, bodies, isClosed: () => isClosed }
}

describe('the relayer, as a holder’s page uses it', () => {
  it('is followed by its events from sent to final, and the stream is closed', async () => {
    const { ended, told, isClosed } = await run({
      posts: [waiting],
      stream: [sent, confirmed, final],
    })
    expect(told).to.deep.equal(['sent true', 'confirmed', 'final'])
    expect(ended).to.deep.equal({ kind: 'redeemed' })
    expect(isClosed()).to.equal(true)
  })

  it('is asked where there are no events, or they are held back', async () => {
    for (const stream of [undefined, []]) {
      const { ended, told } = await run({
        posts: [waiting],
        looks: [waiting, sent, sent, new Error(), confirmed, final],
        ...(stream && { stream }),
      })
      expect(told).to.deep.equal(['sent true', 'confirmed', 'final'])
      expect(ended).to.deep.equal({ kind: 'redeemed' })
    }
  })

  it('is brought the very same again where the line drops after sending', async () => {
    const { ended, bodies } = await run({ posts: [new Error(), new Error(), final] })
    expect(ended).to.deep.equal({ kind: 'redeemed' })
    expect(bodies).to.have.length(3)
    expect(new Set(bodies).size).to.equal(1)
  })

  it('is believed only when the chain shows the redemption', async () => {
    const late = await run({ posts: [final], chain: [undefined, undefined, redeemed] })
    expect(late.told).to.deep.equal(['final'])
    const never = await run({ posts: [final], chain: [undefined] })
    expect(never.told).to.deep.equal([])
    expect(never.ended).to.have.nested.property('failure.code', 'RELAYER_AWAY')
  })

  it('may send again what a reorganised chain has taken back', async () => {
    const again: RedemptionStatus = { ...sent, version: 4 }
    const { told } = await run({
      posts: [waiting],
      stream: [sent, confirmed, again, { ...final, version: 6 }],
    })
    expect(told).to.deep.equal(['sent true', 'confirmed', 'sent true', 'final'])
  })

  it('refuses with a code and a sentence, at once or later', async () => {
    const failure = { code: 'COUPON_REDEEMED', sentence: 'Used.' }
    expect((await run({ posts: [refused] })).ended).to.deep.equal({ kind: 'refused', failure })
    const later = await run({ posts: [waiting], stream: [sent, refused] })
    expect(later.ended).to.deep.equal({ kind: 'refused', failure })
  })

  it('is away where it does not answer, is no relayer, goes silent, or says that it does not send', async () => {
    const error = { code: 'BUDGET_SPENT', message: 'Spent.', requestId: '1' }
    for (const [posts, code] of [
      [[], 'RELAYER_AWAY'],
      [['<html>', {}, 3], 'RELAYER_AWAY'],
      [[{ error }], 'BUDGET_SPENT'],
      [[waiting], 'RELAYER_AWAY'],
    ] as [unknown[], string][]) {
      const { ended } = await run({ posts })
      expect(ended).to.have.property('kind', 'away')
      expect(ended).to.have.nested.property('failure.code', code)
    }
  })

  it('refuses a signature that the holder’s contract does not call its own: nobody else could send it', async () => {
    const error = { code: 'SIGNATURE_INVALID', message: 'Not theirs.', requestId: '1' }
    const { ended } = await run({ posts: [{ error }] })
    const failure = { code: 'SIGNATURE_INVALID', sentence: 'Not theirs.' }
    expect(ended).to.deep.equal({ kind: 'refused', failure })
  })

  it('is left alone when the person leaves', async () => {
    const { ended } = await run({
      posts: [waiting],
      looks: Array(50).fill(waiting),
      leavesAfter: 5,
    })
    expect(ended).to.deep.equal({ kind: 'left' })
  })
})
