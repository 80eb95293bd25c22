import { expect } from 'chai'
import { accuracyText, preciseHint } from './accuracy.ts'

describe('accuracyText', () => {
  for (const [metres, text] of [
    [1, 'good to 1 m'],
    [11.2, 'good to 12 m'],
    [99.5, 'good to 100 m'],
    [231, 'good to 240 m'],
    [1_500, 'good to 1.5 km'],
  ] as const) {
    it(`says of ${metres} m: ${text}`, () => expect(accuracyText(metres)).to.equal(text))
  }
})

describe('preciseHint', () => {
  const hint = (agent: string, accuracyMetres = 1_000) => preciseHint({ accuracyMetres, agent })
  it('is for phones that are told a district only, each with its own way', () => {
    expect(hint('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)')).to.contain('Precise Location: on')
    expect(hint('Mozilla/5.0 (Linux; Android 16)')).to.contain('Use precise location: on')
    expect(hint('Mozilla/5.0 (X11; Linux x86_64)')).to.contain('district')
  })

  it('is for nobody else', () => {
    expect(hint('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)', 999)).to.equal(undefined)
  })
})
