import { expect } from 'chai'
import { inEnglish as words } from '../../words/english.ts'
import { accuracyText, vagueKey } from './accuracy.ts'

describe('accuracyText', () => {
  for (const [metres, text] of [
    [1, '1 m'],
    [11.2, '12 m'],
    [99.5, '100 m'],
    [231, '240 m'],
    [1_500, '1.5 km'],
  ] as const) {
    it(`says of ${metres} m: ${text}`, () =>
      expect(accuracyText({ accuracyMetres: metres, words })).to.equal(text.replace(' ', '\u00a0')))
  }
})

describe('vagueKey', () => {
  const key = (agent: string, accuracyMetres = 1_000) => vagueKey({ accuracyMetres, agent })
  it('is for phones that are told a district only, each with its own way', () => {
    expect(key('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)')).to.equal('guide.vague.apple')
    expect(key('Mozilla/5.0 (Linux; Android 16)')).to.equal('guide.vague.android')
    expect(key('Mozilla/5.0 (X11; Linux x86_64)')).to.equal('guide.vague.other')
  })

  it('is for nobody else', () => {
    expect(key('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)', 999)).to.equal(undefined)
  })
})
