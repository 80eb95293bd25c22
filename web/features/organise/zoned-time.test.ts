import { expect } from 'chai'
import { daysBetween, daysLater, instantOf, localOf, offsetText } from './zoned-time.ts'

describe('instantOf', () => {
  it('reads a wall clock in its zone', () => {
    expect(instantOf({ local: '2026-02-14T12:30', zone: 'Asia/Kolkata' })).to.deep.equal({
      ok: true,
      seconds: Date.parse('2026-02-14T07:00:00Z') / 1000,
      isTwice: false,
    })
  })

  it('reads summer and winter time', () => {
    const summer = instantOf({ local: '2026-07-01T12:00', zone: 'Europe/Berlin' })
    const winter = instantOf({ local: '2026-12-01T12:00', zone: 'Europe/Berlin' })
    expect(summer).to.include({ seconds: Date.parse('2026-07-01T10:00:00Z') / 1000 })
    expect(winter).to.include({ seconds: Date.parse('2026-12-01T11:00:00Z') / 1000 })
  })

  it('refuses a time that clocks leap over', () => {
    expect(instantOf({ local: '2026-03-29T02:30', zone: 'Europe/Berlin' })).to.include({
      ok: false,
      code: 'TIME_IN_GAP',
    })
    expect(instantOf({ local: '2026-03-29T03:00', zone: 'Europe/Berlin' })).to.include({ ok: true })
    expect(instantOf({ local: '2026-03-29T01:59', zone: 'Europe/Berlin' })).to.include({ ok: true })
  })

  it('names the gap, whichever side of midnight or the hour it is', () => {
    const said = (local: string, zone: string) => instantOf({ local, zone })
    expect(said('2026-03-29T02:30', 'Europe/Berlin')).to.have.property(
      'message',
      'Clocks in Europe/Berlin leap from 02:00 to 03:00 on Sun, 29 March 2026: there is no 02:30 that day.',
    )
    expect(said('2026-10-04T02:15', 'Australia/Lord_Howe'))
      .to.have.property('message')
      .that.contains('from 02:00 to 02:30')
    expect(said('2026-03-08T02:00', 'America/New_York'))
      .to.have.property('message')
      .that.contains('from 02:00 to 03:00')
  })

  it('takes the second of two where that is meant', () => {
    const asked = { local: '2026-10-25T02:30', zone: 'Europe/Berlin', pick: 'second' as const }
    expect(instantOf(asked)).to.include({ seconds: Date.parse('2026-10-25T01:30:00Z') / 1000 })
    const plain = { local: '2026-10-25T04:00', zone: 'Europe/Berlin', pick: 'second' as const }
    expect(instantOf(plain)).to.include({ isTwice: false })
  })

  it('takes the first of two when clocks are put back, and says so', () => {
    expect(instantOf({ local: '2026-10-25T02:30', zone: 'Europe/Berlin' })).to.deep.equal({
      ok: true,
      seconds: Date.parse('2026-10-25T00:30:00Z') / 1000,
      isTwice: true,
    })
  })

  it('refuses what is no time', () => {
    for (const local of ['', '2026-02-14', '2026-13-01T00:00', '2026-02-31T12:00:00', 'noon']) {
      expect(instantOf({ local, zone: 'UTC' }), local).to.include({ code: 'TIME_MISSING' })
    }
  })

  it('is undone by localOf', () => {
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham']) {
      const local = '2026-06-15T23:45'
      const instant = instantOf({ local, zone })
      expect(instant.ok && localOf({ seconds: instant.seconds, zone }), zone).to.equal(local)
    }
  })
})

describe('wall clocks', () => {
  it('move by days, however long those are', () => {
    expect(daysLater({ local: '2026-03-28T12:00', days: 1 })).to.equal('2026-03-29T12:00')
    expect(daysLater({ local: '2026-02-28T23:30', days: 1 })).to.equal('2026-03-01T23:30')
    expect(daysLater({ local: '', days: 1 })).to.equal('')
    expect(daysBetween({ from: '2026-03-28T23:00', to: '2026-03-30' })).to.equal(2)
    expect(daysBetween({ from: '', to: '2026-03-30' })).to.equal(undefined)
  })

  it('say how far they are from UTC', () => {
    const at = (text: string) => Date.parse(text) / 1000
    expect(offsetText({ seconds: at('2026-07-01'), zone: 'Europe/Berlin' })).to.equal('GMT+2')
    expect(offsetText({ seconds: at('2026-07-01'), zone: 'Asia/Kolkata' })).to.equal('GMT+5:30')
  })
})
