import { FIRST_STANDBY_SHARD } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import type { Address } from 'viem'
import {
  holdersOf,
  type Journal,
  nextChunk,
  parseJournal,
  progressOf,
  reconcile,
  startJournal,
  withHash,
} from './journal.ts'

const wallet = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}`
const holders = [wallet(1), wallet(2), wallet(3), wallet(1)]
const HASH = `0x${'ab'.repeat(32)}` as const

const journal = startJournal({
  plan: {
    kind: 'supply',
    holders,
    chunks: [1n, 2n].flatMap((campaignId) => [
      { campaignId, from: 0, to: 3 },
      { campaignId, from: 3, to: 4 },
    ]),
  },
  startBlock: 7n,
})
const issueOf = (index: number) => {
  const chunk = journal.chunks[index]!
  const campaignId = BigInt(chunk.campaignId)
  return { campaignId, firstShard: 0n, holders: holdersOf({ journal, chunk }) }
}
const doneIn = ({ chunks }: Journal) => chunks.map(({ isDone }) => isDone)

describe('reconcile', () => {
  it('finds nothing done on a fresh chain', () => {
    expect(doneIn(reconcile({ journal, issued: [] }))).to.deep.equal([false, false, false, false])
  })

  it('marks what the chain shows, in whatever order it came', () => {
    const next = reconcile({ journal, issued: [issueOf(2), issueOf(0)] })
    expect(doneIn(next)).to.deep.equal([true, false, true, false])
    expect(nextChunk(next)?.index).to.equal(1)
  })

  it('takes the same holders in another campaign, or other holders, for something else', () => {
    const issued = [
      { campaignId: 3n, firstShard: 0n, holders: holders.slice(0, 3) },
      { campaignId: 1n, firstShard: 0n, holders: holders.slice(0, 2) },
    ]
    expect(doneIn(reconcile({ journal, issued }))).to.deep.equal([false, false, false, false])
  })

  it('tells standby from coupons of the supply, whoever holds them', () => {
    const standby = { ...issueOf(0), firstShard: FIRST_STANDBY_SHARD }
    expect(doneIn(reconcile({ journal, issued: [standby] }))[0]).to.equal(false)
    const waiting: Journal = { ...journal, kind: 'standby' }
    expect(doneIn(reconcile({ journal: waiting, issued: [standby] }))[0]).to.equal(true)
    expect(doneIn(reconcile({ journal: waiting, issued: [issueOf(0)] }))[0]).to.equal(false)
  })

  it('counts each issue once where two chunks are alike', () => {
    const first = journal.chunks[0]!
    const twins: Journal = { ...journal, chunks: [first, first] }
    expect(doneIn(reconcile({ journal: twins, issued: [issueOf(0)] }))).to.deep.equal([true, false])
  })

  it('takes back what a reorganised chain no longer shows', () => {
    const done = reconcile({ journal, issued: [issueOf(0)] })
    expect(doneIn(reconcile({ journal: done, issued: [] }))[0]).to.equal(false)
  })
})

describe('a journal', () => {
  it('survives being kept as text', () => {
    const sent = withHash({ journal, index: 1, hash: HASH })
    expect(parseJournal(JSON.stringify(sent))).to.deep.equal(sent)
    expect(withHash({ journal: sent, index: 1, hash: undefined })).to.deep.equal(journal)
  })

  it('is refused when it was tampered with', () => {
    const changed = [{ version: 1 }, { kind: 'other' }, { kind: undefined }].map((change) =>
      JSON.stringify({ ...journal, ...change }),
    )
    for (const text of [null, '', '{}', '[1]', ...changed]) {
      expect(parseJournal(text), String(text)).to.equal(undefined)
    }
  })

  it('counts coupons and transactions', () => {
    expect(progressOf(reconcile({ journal, issued: [issueOf(0), issueOf(3)] }))).to.deep.equal({
      coupons: 8,
      couponsDone: 4,
      transactions: 4,
      transactionsDone: 2,
    })
  })
})
