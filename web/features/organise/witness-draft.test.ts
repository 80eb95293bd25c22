import { expect } from 'chai'
import { checkWitness, classWords } from './witness-draft.ts'

const NOW = 1_800_000_000
const draft = {
  key: ' 0x2222222222222222222222222222222222222222 ',
  isCounter: true,
  isLocation: false,
  site: 2,
  validUntil: '2027-02-01T12:00',
  zone: 'UTC',
}

describe('checkWitness', () => {
  it('takes a counter for one site', () => {
    expect(checkWitness({ draft, now: NOW })).to.deep.equal({
      ok: true,
      witness: {
        key: '0x2222222222222222222222222222222222222222',
        classes: 2,
        site: 2,
        validFrom: 0n,
        validUntil: BigInt(Date.parse('2027-02-01T12:00Z') / 1000),
      },
    })
  })

  it('takes a witness of both classes for all sites', () => {
    const checked = checkWitness({ draft: { ...draft, isLocation: true, site: 0 }, now: NOW })
    expect(checked).to.have.nested.property('witness.classes', 3)
    expect(checked).to.have.nested.property('witness.site', 0)
  })

  for (const [field, code, change] of [
    ['key', 'ADDRESS_INVALID', { key: '' }],
    ['key', 'ADDRESS_INVALID', { key: `0x${'0'.repeat(40)}` }],
    ['key', 'ADDRESS_INVALID', { key: 'counter.eth' }],
    ['key', 'ADDRESS_CHECKSUM', { key: '0xE7f1725E7734CE288F8367e1Bb143E90bb3F0512' }],
    ['classes', 'CLASS_MISSING', { isCounter: false }],
    ['validUntil', 'UNTIL_OUT_OF_RANGE', { validUntil: '2027-01-01T00:00' }],
    ['validUntil', 'UNTIL_OUT_OF_RANGE', { validUntil: '2120-01-01T00:00' }],
  ] as const) {
    it(`says ${code} beside ${field} for ${JSON.stringify(change)}`, () => {
      const checked = checkWitness({ draft: { ...draft, ...change }, now: NOW })
      expect(checked).to.have.nested.property(`problems.${field}.code`, code)
    })
  }
})

describe('classWords', () => {
  it('names what a witness vouches as', () => {
    expect([1, 2, 3, 4].map(classWords)).to.deep.equal([
      'Location oracle',
      'Counter',
      'Location oracle, Counter',
      'Other',
    ])
  })
})
