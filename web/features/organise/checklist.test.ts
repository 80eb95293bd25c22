import { CLASSES } from '@coupon-secure/protocol/presence'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { checksOf, type Prepared } from './checklist.ts'

const NOW = 1_800_000_000
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const key = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const other = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const lunch = {
  ...{ id: 1n, name: 'Lunch', details: '', pausedAt: 0n },
  terms: {
    ...{ opensAt: BigInt(NOW - 10), closesAt: BigInt(NOW + 100), heldUntil: 0n, grace: 50n },
    ...{ supply: 9n, sites: 1, requiredWitnesses: CLASSES.location, geofenceHash: zeroHash },
  },
}
const asking = (requiredWitnesses: number) => ({
  ...lunch,
  terms: { ...lunch.terms, requiredWitnesses },
})
const oracle = {
  key,
  classes: CLASSES.location,
  site: 0,
  validFrom: 0n,
  validUntil: 9n ** 12n,
} as const
const counter = { ...oracle, key: other, classes: CLASSES.counter } as const
const ready: Prepared = {
  ...{ book, now: NOW, campaigns: [lunch], witnesses: [oracle], unknownPlaces: [] },
  ledgers: [{ issued: 3n, redeemed: 0n, revoked: 0n, unused: 3n }],
  oracle: { address: key },
}
const missing = (part: Partial<Prepared> = {}): string[] =>
  checksOf({ ...ready, ...part })
    .filter(({ isDone }) => !isDone)
    .map(({ title }) => title)

describe('checksOf', () => {
  it('misses nothing where all is there, and asks for what campaigns ask for alone', () => {
    expect(missing()).to.deep.equal([])
    const titles = checksOf({ ...ready, campaigns: [asking(0)] }).map(({ title }) => title)
    expect(titles).not.to.include('The oracle knows the places').and.not.to.include('A counter')
  })

  it('says where each is done, in sentences', () => {
    const empty = { ...ready, campaigns: [], ledgers: [], witnesses: [], oracle: undefined }
    for (const { detail, href } of [...checksOf(ready), ...checksOf(empty)]) {
      expect(detail).to.match(/\.$/)
      expect(href).to.match(/^(#|\/organise\/0x)/)
    }
    expect(missing(empty)).to.deep.equal([
      ...['The oracle answers', 'The book believes the oracle', 'A campaign', 'Coupons issued'],
    ])
  })

  it('misses an oracle that is silent, unknown to the book, or no longer valid', () => {
    const silent = { sentence: 'It does not answer.', code: 'ORACLE_AWAY' }
    expect(missing({ oracle: silent })).to.include('The oracle answers')
    expect(missing({ oracle: { address: other } })).to.deep.equal(['The book believes the oracle'])
    const expired = [{ ...oracle, validUntil: BigInt(NOW) }]
    expect(missing({ witnesses: expired })).to.include('The book believes the oracle')
  })

  it('misses places that the oracle was never given', () => {
    expect(missing({ unknownPlaces: [1n] })).to.deep.equal(['The oracle knows the places'])
  })

  it('misses a counter where one is asked for', () => {
    const campaigns = [asking(CLASSES.location | CLASSES.counter)]
    expect(missing({ campaigns })).to.deep.equal(['A counter', 'Witnesses that last'])
    expect(missing({ campaigns, witnesses: [oracle, counter] })).to.deep.equal([])
  })

  it('misses a witness that lasts to the end, grace included', () => {
    const until = (validUntil: number) => missing({ witnesses: [{ ...oracle, validUntil: BigInt(validUntil) }] }) // prettier-ignore
    expect(until(NOW + 149)).to.deep.equal(['Witnesses that last'])
    expect(until(NOW + 150)).to.deep.equal([])
  })

  it('misses coupons, and forgets what is over', () => {
    const none = { issued: 0n, redeemed: 0n, revoked: 0n, unused: 0n }
    expect(missing({ ledgers: [none] })).to.deep.equal(['Coupons issued'])
    expect(missing({ ledgers: [undefined] })).to.deep.equal(['Coupons issued'])
    expect(missing({ ledgers: [none], now: NOW + 100 })).to.deep.equal([
      ...['A campaign', 'Coupons issued'],
    ])
  })
})
