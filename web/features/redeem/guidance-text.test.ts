import { expect } from 'chai'
import { inEnglish as words } from '../../words/english.ts'
import { guidanceText } from './guidance-text.ts'

const site = 'Mess hall'

describe('guidanceText', () => {
  it('says nothing of inside or outside where the place is not known here', () => {
    for (const accuracyMetres of [5, 20, 21, 900]) {
      const { lead, why } = guidanceText({ guidance: undefined, accuracyMetres, words })
      expect(`${lead} ${why ?? ''}`).not.to.match(/inside|outside|at |door/i)
    }
    expect(guidanceText({ guidance: undefined, accuracyMetres: 60, words }).lead).to.contain(
      'Wait here',
    )
  })

  it('tells those who wait, those who walk and those at the edge apart', () => {
    const move = { kind: 'move', site, metres: 42, towards: 'north-east' } as const
    const texts = [
      guidanceText({ guidance: { kind: 'inside', site }, accuracyMetres: 5, words }),
      guidanceText({ guidance: { kind: 'wait', site }, accuracyMetres: 60, words }),
      guidanceText({ guidance: { ...move, isInside: false }, accuracyMetres: 5, words }),
      guidanceText({ guidance: { ...move, isInside: true }, accuracyMetres: 5, words }),
    ].map(({ lead }) => lead)
    expect(texts).to.deep.equal([
      'You are at Mess hall.',
      'Wait here, it gets better.',
      'Move towards the door.',
      'Move further in.',
    ])
    const { why } = guidanceText({
      guidance: { ...move, isInside: false },
      accuracyMetres: 5,
      words,
    })
    expect(why).to.equal('Mess hall is about 40\u00a0m to the north-east.')
  })
})
