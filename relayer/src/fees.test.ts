import { expect } from 'chai'
import { firstFees, raisedFees } from './fees.ts'

describe('fees', () => {
  it('leave room for a base fee that doubles, and stay under the cap', () => {
    expect(firstFees({ base: 10n, tip: 2n, most: 100n })).to.deep.equal({ maxFee: 22n, tip: 2n })
    expect(firstFees({ base: 10n, tip: 2n, most: 15n })).to.deep.equal({ maxFee: 15n, tip: 2n })
    expect(firstFees({ base: 10n, tip: 2n, most: 11n }), 'dearer than that').to.equal(undefined)
  })

  it('rise by more than the tenth that nodes ask for, in both their parts, and never above the cap', () => {
    const before = { maxFee: 1_000n, tip: 100n }
    const now = { base: 1n, tip: 1n }
    expect(raisedFees({ before, now, most: 10_000n })).to.deep.equal({ maxFee: 1_251n, tip: 126n })
    const dear = { base: 4_000n, tip: 500n }
    const most = 10_000n
    expect(raisedFees({ before, now: dear, most })).to.deep.equal({ maxFee: 8_500n, tip: 500n })
    expect(raisedFees({ before, now: dear, most: 2_000n })).to.include({ maxFee: 2_000n })
    expect(raisedFees({ before, now, most: 1_200n }), 'no room').to.equal(undefined)
    let fees = { maxFee: 1n, tip: 1n }
    for (let raise = 0; raise < 100; raise += 1) {
      const next = raisedFees({ before: fees, now, most })
      if (!next) break
      expect(next.maxFee * 10n >= fees.maxFee * 11n && next.tip * 10n >= fees.tip * 11n).to.equal(
        true,
      )
      expect(next.maxFee <= most && next.tip <= next.maxFee).to.equal(true)
      fees = next
    }
    expect(fees.maxFee > most / 2n).to.equal(true)
  })
})
