import { expect } from 'chai'
import { topOf } from './scale.ts'

describe('topOf', () => {
  it('holds every value, ends at a round number, and has a whole number at its half', () => {
    const tops = [0, 1, 2, 3, 5, 7, 10, 11, 21, 59, 61, 100, 101, 1_900]
    expect(tops.map(topOf)).to.deep.equal([2, 2, 2, 4, 6, 10, 10, 20, 40, 60, 100, 100, 200, 2_000])
    for (let most = 0; most < 3_000; most++) {
      expect(topOf(most)).to.be.at.least(most)
      expect(topOf(most) % 2).to.equal(0)
    }
  })
})
