import { expect } from 'chai'
import { instantOf, localOf } from './zoned-time.ts'

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
