import { expect } from 'chai'
import { calendarOf } from './calendar.ts'

const entry = {
  id: '3fccacf8-0000-5000-8000-000000000001',
  name: 'Lunch, Saturday; day 2',
  opensAt: 1_800_000_000,
  closesAt: 1_800_007_200,
  places: ['Mess hall', 'Lawn'],
  url: 'https://example.org/redeem/0x1',
}

describe('calendarOf', () => {
  const lines = calendarOf({ entry, now: 1_799_999_999 }).split('\r\n')

  it('says when, in UTC, and reminds at the opening', () => {
    expect(lines).to.include.members([
      'DTSTAMP:20270115T075959Z',
      'DTSTART:20270115T080000Z',
      'DTEND:20270115T100000Z',
      'TRIGGER:PT0S',
    ])
  })

  it('escapes what would separate, and keeps a name on its line', () => {
    expect(lines).to.include('SUMMARY:Lunch\\, Saturday\\; day 2')
    expect(lines).to.include('LOCATION:Mess hall\\, Lawn')
    const sly = calendarOf({ entry: { ...entry, name: 'a\r\nATTENDEE:b\\' }, now: 0 })
    expect(sly).to.contain('SUMMARY:a ATTENDEE:b\\\\\r\n')
    expect(sly).not.to.contain('\nATTENDEE')
  })

  it('folds long lines at 75 octets without cutting a character', () => {
    const name = '食事'.repeat(60)
    const text = calendarOf({ entry: { ...entry, name }, now: 0 })
    const encoder = new TextEncoder()
    for (const line of text.split('\r\n')) expect(encoder.encode(line).length).to.be.at.most(75)
    expect(text.replaceAll('\r\n ', '')).to.contain(`SUMMARY:${name}`)
  })

  it('names no place where none is known', () => {
    expect(calendarOf({ entry: { ...entry, places: [] }, now: 0 })).not.to.contain('LOCATION')
  })
})
