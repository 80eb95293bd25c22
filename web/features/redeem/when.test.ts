import { expect } from 'chai'
import { inEnglish as words } from '../../words/english.ts'
import { clockText, distanceText, momentText, spanText } from './when.ts'

const NOON = Date.UTC(2026, 1, 14, 6, 30) / 1000 // 12:00 in Jaipur
const zone = 'Asia/Kolkata'

describe('momentText', () => {
  for (const [name, at, expected] of [
    ['the same day', NOON + 1_800, 'today at 12:30'],
    ['the next day', NOON + 86_400, 'tomorrow at 12:00'],
    ['the day before', NOON - 86_400, 'yesterday at 12:00'],
    ['another day', NOON + 3 * 86_400, 'Tue 17 Feb at 12:00'],
  ] as const) {
    it(`names ${name}`, () => {
      expect(momentText({ at, now: NOON, zone, words })).to.equal(expected)
    })
  }
})

describe('momentText, within a sentence', () => {
  it('leaves out that it is today, and says any other day', () => {
    const short = (at: number) => momentText({ at, now: NOON, zone, words, isShort: true })
    expect(short(NOON + 1_800)).to.equal('12:30')
    expect(short(NOON + 86_400)).to.equal('tomorrow at 12:00')
  })
})

describe('clockText', () => {
  it('shows midnight as 00, and seconds where asked', () => {
    expect(clockText({ at: NOON - 12 * 3600 + 7, zone, words, hasSeconds: true })).to.equal(
      '00:00:07',
    )
  })
})

describe('spanText', () => {
  for (const [seconds, expected] of [
    [59, 'less than a minute'],
    [60, '1 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [7_860, '2 h 11 min'],
    [86_400, 'a day'],
    [259_200, '3 days'],
  ] as const) {
    it(`says ${expected} for ${seconds} s`, () => {
      expect(spanText({ seconds, words })).to.equal(expected)
    })
  }
})

describe('distanceText', () => {
  it('speaks in tens of metres, then kilometres', () => {
    expect([3, 234, 1_234, 250_400].map((metres) => distanceText({ metres, words }))).to.deep.equal(
      ['10\u00a0m', '230\u00a0m', '1.2\u00a0km', '250\u00a0km'],
    )
  })
})
