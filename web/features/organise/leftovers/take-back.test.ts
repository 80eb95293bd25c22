import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import type { AbiEvent } from 'abitype'
import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
  type Hex,
  type Log,
  zeroHash,
} from 'viem'
import { type ShardState, standingsOf } from './shard-states.ts'
import { checkReason, LONGEST_REASON, MOST_AT_ONCE, takeBackCall, takenBack } from './take-back.ts'
import { EMPTY_DRAFT, takeBackDeed, takeBackOf } from './take-back-draft.ts'

type Mined = Log<bigint, number, false>

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const ann = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const bob = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const rootA: Hex = `0x${'aa'.repeat(32)}`
const rootB: Hex = `0x${'bb'.repeat(32)}`
const shards = [
  { index: 0n, root: rootA },
  { index: 1n, root: rootB },
]
const of = { book, campaignId: 7n, shards, reason: 'left early' } as const
const coupons = (...serials: bigint[]) => serials.map((serial) => ({ serial }))

describe('takeBackCall', () => {
  it('is one revoke where all are of one shard', () => {
    const call = takeBackCall({ ...of, coupons: coupons(256n, 258n) })
    expect(call).to.deep.include({
      functionName: 'revoke',
      args: [7n, rootB, [256n, 258n], 'left early'],
    })
  })

  it('is a call for each shard in one signature where they are of several', () => {
    const call = takeBackCall({ ...of, coupons: coupons(0n, 256n, 1n) })
    expect(call.functionName).to.equal('multicall')
    const [inner] = call.args as unknown as [Hex[]]
    expect(inner.map((data) => decodeFunctionData({ abi: couponBookAbi, data }))).to.deep.equal([
      { functionName: 'revoke', args: [7n, rootA, [0n, 1n], 'left early'] },
      { functionName: 'revoke', args: [7n, rootB, [256n], 'left early'] },
    ])
  })

  it('gives each holder the place of the coupon in the same line', () => {
    const holders = [ann, bob, bob] as const
    const call = takeBackCall({ ...of, coupons: coupons(0n, 256n, 1n), holders })
    const [inner] = call.args as unknown as [Hex[]]
    expect(inner.map((data) => decodeFunctionData({ abi: couponBookAbi, data }))).to.deep.equal([
      { functionName: 'reallot', args: [7n, rootA, [0n, 1n], [ann, bob], 'left early'] },
      { functionName: 'reallot', args: [7n, rootB, [256n], [bob], 'left early'] },
    ])
  })
})

describe('checkReason', () => {
  it('wants one, of a length that the record can bear', () => {
    expect(checkReason('  ')?.code).to.equal('REASON_MISSING')
    expect(checkReason('x'.repeat(LONGEST_REASON + 1))?.code).to.equal('REASON_TOO_LONG')
    expect(checkReason('x'.repeat(LONGEST_REASON))).to.equal(undefined)
  })
})

describe('takeBackOf', () => {
  const place = { chainId: 31337, book, campaignId: 7n } as const
  const shard = (index: bigint, seats: number): ShardState => ({
    ...{ campaignId: 7n, index, root: rootA, used: 1n << 255n, revoked: 0n },
    holders: Array.from({ length: seats }, () => ann),
  })
  const take = (part: object, states = [shard(0n, 3)]) =>
    takeBackOf({
      draft: { ...EMPTY_DRAFT, ...part },
      shards: states,
      standings: standingsOf(states),
      place,
    })

  it('has a call once coupons and a reason are there', () => {
    expect(take({ list: '0 1' }).call).to.equal(undefined)
    expect(take({ list: '0 1' }).reasonProblem?.code).to.equal('REASON_MISSING')
    expect(take({ reason: 'late' }).call).to.equal(undefined)
    expect(take({ list: '0 1', reason: ' late ' }).call).to.deep.include({
      functionName: 'revoke',
      args: [7n, rootA, [0n, 1n], 'late'],
    })
    expect(take({ isAll: true, list: 'x', reason: 'late' }).coupons).to.have.lengthOf(3)
  })

  it('wants an address for each where they are given to others', () => {
    const given = { list: '0 1', reason: 'late', isGiven: true }
    expect(take({ ...given, holders: ann }).holdersProblem?.message).to.contain(
      '2, and there are 1',
    )
    expect(take({ ...given, holders: ann }).call).to.equal(undefined)
    expect(take({ ...given, holders: `${bob} ${ann} 7` }).problems[0]?.code).to.equal(
      'ENTRY_UNKNOWN',
    )
    expect(take({ ...given, holders: `${bob} ${ann} 7` }).call).to.equal(undefined)
    const { call } = take({ ...given, holders: `${bob} ${ann}` })
    expect(call).to.deep.include({ functionName: 'reallot' })
  })

  it('takes no more at once than a transaction holds, and says so', () => {
    const states = [shard(0n, 255), shard(1n, 255), shard(2n, 95)]
    const taken = take({ isAll: true, reason: 'late' }, states)
    expect(taken.now).to.equal(MOST_AT_ONCE)
    const deed = takeBackDeed({ taken, call: taken.call!, name: 'Lunch' })
    expect(deed.question).to.equal('Take 600 coupons of Lunch back?')
    expect(deed.meaning.join(' ')).to.contain('cannot be undone').and.to.contain('for the 5 that')
  })
})

describe('takenBack', () => {
  const log = (name: 'CouponRevoked' | 'CouponReallotted'): Mined => {
    const event = getAbiItem({ abi: couponBookAbi, name }) as AbiEvent
    const args = { campaignId: 1n, serial: 2n, replaced: 1n }
    return {
      ...{ address: book, blockHash: zeroHash, blockNumber: 1n, logIndex: 0, removed: false },
      ...{ transactionHash: zeroHash, transactionIndex: 0 },
      topics: encodeEventTopics({ abi: [event], eventName: name, args }) as Mined['topics'],
      data: name === 'CouponRevoked' ? encodeAbiParameters([{ type: 'string' }], ['late']) : '0x',
    }
  }

  it('counts what the chain says was done', () => {
    expect(takenBack({ logs: [log('CouponRevoked')] })).to.contain('Taken back: 1 coupon.')
    const both = [log('CouponRevoked'), log('CouponRevoked')]
    expect(takenBack({ logs: both })).to.contain('2 coupons')
    const given = [log('CouponRevoked'), log('CouponReallotted')]
    expect(takenBack({ logs: given })).to.contain('Given to others: 1 coupon.')
  })
})
