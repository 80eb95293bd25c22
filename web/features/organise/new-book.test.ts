import type { OracleAnswer } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { checkBook, mismatchOf, randomSalt } from './new-book.ts'

const ORACLE = '0x8b0561cC8b2010dB83C98D2Ab2a43C2c39EBb0Ea'
const FACTORY = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const NOW = Date.parse('2026-02-14T00:00:00Z') / 1000
const draft = { name: 'Hackathon', witness: ORACLE, validUntil: '2027-02-14T00:00', zone: 'UTC' }

const codesOf = (change: Partial<typeof draft>) => {
  const checked = checkBook({ draft: { ...draft, ...change }, now: NOW })
  return checked.ok ? [] : Object.values(checked.problems).map(({ code }) => code)
}

describe('checkBook', () => {
  it('makes the oracle a location witness of all sites', () => {
    expect(checkBook({ draft, now: NOW })).to.deep.equal({
      ok: true,
      book: {
        name: 'Hackathon',
        witnesses: [
          {
            key: ORACLE,
            classes: 1,
            site: 0,
            validFrom: 0n,
            validUntil: BigInt(Date.parse('2027-02-14T00:00:00Z') / 1000),
          },
        ],
      },
    })
  })

  it('names what is wrong', () => {
    expect(codesOf({ name: '' })).to.deep.equal(['NAME_MISSING'])
    expect(codesOf({ witness: '' })).to.deep.equal(['WITNESS_INVALID'])
    expect(codesOf({ witness: ORACLE.replace('8b', '8B') })).to.deep.equal(['WITNESS_INVALID'])
    expect(codesOf({ witness: `0x${'0'.repeat(40)}` })).to.deep.equal(['WITNESS_INVALID'])
    expect(codesOf({ validUntil: '2026-02-14T00:00' })).to.deep.equal(['TIME_PASSED'])
    expect(codesOf({ validUntil: '2100-01-01T00:01' })).to.deep.equal(['TIME_TOO_LATE'])
  })
})

describe('mismatchOf', () => {
  const oracle = {
    address: ORACLE,
    chainId: 1,
    factory: FACTORY,
    ruleset: 'coupon-secure/1',
    classes: 1,
    sources: ['browser'],
  } satisfies OracleAnswer

  it('knows an oracle of another chain or factory', () => {
    expect(mismatchOf({ oracle, config: { chainId: 1, factory: FACTORY } })).to.equal(undefined)
    expect(mismatchOf({ oracle, config: { chainId: 2, factory: FACTORY } })).to.include({
      code: 'ORACLE_ON_OTHER_CHAIN',
    })
    expect(mismatchOf({ oracle, config: { chainId: 1, factory: ORACLE } })).to.include({
      code: 'ORACLE_FOR_OTHER_FACTORY',
    })
  })
})

describe('randomSalt', () => {
  it('is 32 bytes, and another each time', () => {
    expect(randomSalt()).to.match(/^0x[0-9a-f]{64}$/)
    expect(randomSalt()).not.to.equal(randomSalt())
  })
})
