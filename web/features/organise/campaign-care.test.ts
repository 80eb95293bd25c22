import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import type { AbiEvent } from 'abitype'
import { encodeAbiParameters, encodeEventTopics, getAbiItem, type Log, zeroHash } from 'viem'
import { type Care, careDone, caresFor, careWords } from './campaign-care.ts'

const NOW = 1_800_000_000
const terms = {
  opensAt: BigInt(NOW - 100),
  closesAt: BigInt(NOW + 100),
  heldUntil: 0n,
  grace: 50n,
  supply: 10n,
  sites: 0,
  requiredWitnesses: 0,
  geofenceHash: zeroHash,
}
const held = { ...terms, heldUntil: BigInt(NOW) }
const fresh = { shards: 2n, shardsCounted: 0n, isClosed: false }
const as = {
  admin: { isAdmin: true, isGuardian: false },
  guardian: { isAdmin: false, isGuardian: true },
  anybody: { isAdmin: false, isGuardian: false },
}
const cares = ({
  who = 'admin',
  pausedAt = 0n,
  now = NOW,
  counters = fresh,
  promised = terms,
}: {
  who?: keyof typeof as
  pausedAt?: bigint
  now?: number
  counters?: typeof fresh
  promised?: typeof terms
} = {}): Care[] => caresFor({ campaign: { terms: promised, pausedAt }, counters, ...as[who], now })

describe('caresFor', () => {
  it('lets admin and guardian pause, and the admin alone resume', () => {
    expect(cares()).to.deep.equal(['pause'])
    expect(cares({ who: 'guardian' })).to.deep.equal(['pause'])
    expect(cares({ who: 'anybody' })).to.deep.equal([])
    const pausedAt = BigInt(NOW - 10)
    expect(cares({ pausedAt })).to.deep.equal(['resume'])
    expect(cares({ pausedAt, who: 'guardian' })).to.deep.equal([])
  })

  it('lets everybody release from heldUntil on, as long as there is something to count', () => {
    expect(cares({ promised: held, who: 'anybody' })).to.deep.equal(['release'])
    expect(cares({ promised: held, who: 'anybody', now: NOW - 1 })).to.deep.equal([])
    expect(cares({ promised: held })).to.deep.equal(['release', 'pause'])
    const counters = { ...fresh, shardsCounted: 2n }
    expect(cares({ promised: held, counters })).to.deep.equal(['pause'])
    expect(cares({ promised: held, pausedAt: 1n })).to.deep.equal(['resume'])
  })

  it('offers nothing once it is over, but lets a paused one go on', () => {
    expect(cares({ promised: held, now: NOW + 149 })).to.deep.equal(['release', 'pause'])
    expect(cares({ promised: held, now: NOW + 150 })).to.deep.equal([])
    expect(cares({ counters: { ...fresh, isClosed: true } })).to.deep.equal([])
    expect(cares({ pausedAt: 1n, now: NOW + 1_000 })).to.deep.equal(['resume'])
  })
})

describe('careWords', () => {
  it('asks about each, and says what it means', () => {
    for (const care of ['pause', 'resume', 'release'] as const) {
      const { question, meaning } = careWords({ care, name: 'Lunch', shards: 1n })
      expect(question).to.match(/Lunch\?$/)
      for (const sentence of meaning) expect(sentence).to.match(/^[A-Z].*\.$/)
    }
  })

  it('says that a very large campaign takes more than one', () => {
    const meaningOf = (shards: bigint) => {
      return careWords({ care: 'release', name: 'Lunch', shards }).meaning
    }
    expect(meaningOf(1_000n)).to.have.lengthOf(1)
    expect(meaningOf(1_001n)[1]).to.include('1000 of 1001 shards')
  })
})

describe('careDone', () => {
  const done = (name: 'CampaignPaused' | 'CampaignResumed' | 'UnusedReleased', args: object) => {
    const item: AbiEvent = getAbiItem({ abi: couponBookAbi, name })
    const plain = item.inputs.filter(({ indexed }) => !indexed)
    const topics = encodeEventTopics({ abi: couponBookAbi, eventName: name, args })
    const values = plain.map((input): unknown => Reflect.get(args, input.name ?? ''))
    const log = { topics, data: encodeAbiParameters(plain, values), address: '0x' }
    return careDone({ logs: [log as Log<bigint, number, false>] })
  }

  it('says by the event what has come of it', () => {
    expect(done('CampaignPaused', { campaignId: 1n })).to.include('Paused.')
    expect(done('CampaignResumed', { campaignId: 1n, terms })).to.include('It goes on')
    const released = { campaignId: 1n, shards: 2n }
    expect(done('UnusedReleased', { ...released, unused: 1n })).to.include('1 unused coupon,')
    expect(done('UnusedReleased', { ...released, unused: 1200n })).to.include(
      '1,200 unused coupons',
    )
    expect(careDone({ logs: [] })).to.equal('Done.')
  })
})
