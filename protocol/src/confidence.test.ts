import { expect } from 'chai'
import { SAMPLES } from './confidence.ts'

describe('confidence', () => {
  it('has the samples that docs/protocol.md names', () => {
    expect(SAMPLES).to.have.lengthOf(250)
    expect(SAMPLES.slice(0, 3)).to.deep.equal([
      { east: 0.063277, north: 0 },
      { east: -0.080896, north: 0.074108 },
      { east: 0.012395, north: -0.141234 },
    ])
  })

  it('has none so near to a half of a millionth that another engine could round it otherwise', () => {
    const exact = SAMPLES.flatMap((_, index) => {
      const radius = Math.sqrt(-2 * Math.log(1 - (index + 0.5) / 250))
      const angle = index * Math.PI * (3 - Math.sqrt(5))
      return [radius * Math.cos(angle), radius * Math.sin(angle)].map((value) => value * 1e6)
    })
    for (const value of exact) {
      // Engines differ by some 1e-7 of these units at most: the last bit of an angle of 800 radians.
      expect(Math.abs(Math.abs(value % 1) - 0.5)).to.be.above(1e-5)
    }
  })
})
