import { expect } from 'chai'
import { amountText } from './cost.ts'

describe('amountText', () => {
  it('keeps three significant digits, rounded', () => {
    expect(amountText(256_123_456_789_012n)).to.equal('0.000256')
    expect(amountText(256_923_456_789_012n)).to.equal('0.000257')
    expect(amountText(1_234_500_000_000_000_000n)).to.equal('1.23')
    expect(amountText(1_234_567n * 10n ** 18n)).to.equal('1,230,000')
  })

  it('carries over', () => {
    expect(amountText(999_600_000_000_000_000n)).to.equal('1')
  })

  it('says small amounts in full, and nothing as nothing', () => {
    expect(amountText(21n)).to.equal('0.000000000000000021')
    expect(amountText(0n)).to.equal('0')
  })
})
