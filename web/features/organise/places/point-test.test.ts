import { defaultPolicy, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { testPoint, verdictText } from './point-test.ts'
import { squareSite } from './squares.fixture.ts'

const NOW = 1_771_000_000_123
const document: GeofenceDocument = {
  version: 1,
  readers: 'holders',
  salt: `0x${'11'.repeat(32)}`,
  policy: { ...defaultPolicy, maxAccuracyMetres: 50 },
  sites: [
    squareSite({ name: 'Hall', number: 1 }),
    squareSite({ name: 'Court', number: 2, x: 100_000 }),
  ],
}
const wordsAt = (longitudeE7: number, policy = document.policy) => {
  const asked = { ...document, policy }
  const point = { longitudeE7, latitudeE7: 5 }
  return testPoint({ document: asked, point, now: NOW }).map(({ accuracyMetres, decision }) => {
    const { answer, why } = verdictText({ decision, document: asked })
    return `${accuracyMetres} ${answer}: ${why}`
  })
}

describe('testPoint', () => {
  it('says in the middle of a site yes, but not to a fix that the policy does not take', () => {
    expect(wordsAt(100_000)).to.deep.equal([
      '5 Yes: At Court, 100 % sure.',
      '20 Yes: At Court, 100 % sure.',
      '50 Yes: At Court, 100 % sure.',
      '100 No: Not exact enough: 50 m or better is asked for.',
    ])
  })

  it('grows unsure at an edge, and says no outside', () => {
    expect(
      wordsAt(9_500)
        .slice(0, 2)
        .map((words) => words.split(':')[0]),
    ).to.deep.equal(['5 Yes', '20 Not sure'])
    expect(wordsAt(50_000)[0]).to.equal('5 No: Outside every site.')
  })

  it('takes the counter’s code to be that of the place, where it is asked for', () => {
    const policy = { ...document.policy, isBeaconRequired: true }
    expect(wordsAt(100_000, policy)[0]).to.equal('5 Yes: At Court, 100 % sure.')
    expect(wordsAt(100_000 + 9_800, policy)[1]).to.match(/^20 Not sure/)
    expect(wordsAt(50_000, policy)[0]).to.equal('5 No: Outside every site.')
  })

  it('takes a managed device to be able to vouch', () => {
    const policy = { ...document.policy, sources: ['hypertrack' as const] }
    expect(wordsAt(0, policy)[0]).to.equal('5 Yes: At Hall, 100 % sure.')
  })
})
