import { defaultPolicy, hashGeofence } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { dayAfter, dayProblem, MOST_DAYS } from './campaign-days.ts'
import { type CampaignDraft, checkCampaigns, withSource } from './campaign-draft.ts'
import { fromTemplate, type TemplateName } from './campaign-templates.ts'
import { readPlaces } from './places/places-file.ts'

const NOW = Date.parse('2026-02-14T00:00:00Z') / 1000

const SQUARE = {
  type: 'Polygon',
  coordinates: [
    [
      [75.9233, 26.9356],
      [75.9239, 26.9356],
      [75.9239, 26.9361],
      [75.9233, 26.9361],
      [75.9233, 26.9356],
    ],
  ],
}
const { sites } = readPlaces(JSON.stringify(SQUARE))

const lunch: CampaignDraft = {
  name: ' Lunch, Saturday ',
  opensAt: '2026-02-14T12:00',
  closesAt: '2026-02-14T14:00',
  heldUntil: '',
  zone: 'Asia/Kolkata',
  picks: {},
  otherDays: [],
  supply: '300',
  graceHours: '2',
  vouching: 'location',
  readers: 'holders',
  sites,
  salt: `0x${'11'.repeat(32)}`,
  policy: defaultPolicy,
}
const codesOf = (change: Partial<CampaignDraft>) => {
  const checked = checkCampaigns({ draft: { ...lunch, ...change }, now: NOW })
  if (checked.ok) return []
  const { fields, days, geofence } = checked.problems
  return [
    ...Object.entries(days).map(([day, { code }]) => `${day} ${code}`),
    ...Object.entries(fields).map(([field, { code }]) => `${field} ${code}`),
    ...geofence.map(({ code, path }) => `${path} ${code}`),
  ]
}

describe('checkCampaigns', () => {
  it('makes the terms that the contract takes, and the document they promise', () => {
    const checked = checkCampaigns({ draft: lunch, now: NOW })
    if (!checked.ok) throw new Error('the draft is sound')
    const { campaigns, document } = checked
    expect(campaigns).to.have.length(1)
    const { name, terms } = campaigns[0]!
    expect(name).to.equal('Lunch, Saturday')
    expect(document?.sites).to.have.length(1)
    expect(terms).to.deep.equal({
      opensAt: BigInt(Date.parse('2026-02-14T06:30:00Z') / 1000),
      closesAt: BigInt(Date.parse('2026-02-14T08:30:00Z') / 1000),
      heldUntil: 0n,
      grace: 7200n,
      supply: 300n,
      sites: 1,
      requiredWitnesses: 1,
      geofenceHash: document && hashGeofence(document),
    })
  })

  it('asks for no witness and no place where none is needed', () => {
    for (const [vouching, requiredWitnesses] of [
      ['nobody', 0],
      ['counter', 2],
    ] as const) {
      const draft = { ...lunch, vouching, sites: [] }
      const checked = checkCampaigns({ draft, now: NOW })
      expect(checked.ok && checked.campaigns[0]?.terms).to.include({
        sites: 0,
        requiredWitnesses,
        geofenceHash: zeroHash,
      })
    }
  })

  it('asks for both classes where both must vouch, and for a place then', () => {
    const checked = checkCampaigns({ draft: { ...lunch, vouching: 'both' }, now: NOW })
    expect(checked.ok && checked.campaigns[0]?.terms).to.include({ requiredWitnesses: 3, sites: 1 })
    expect(codesOf({ vouching: 'both', sites: [] })).to.deep.equal(['place GEOFENCE_MISSING'])
  })

  it('says beside the field what is wrong', () => {
    expect(codesOf({ name: ' ' })).to.deep.equal(['name NAME_MISSING'])
    expect(codesOf({ name: 'x'.repeat(81) })).to.deep.equal(['name NAME_TOO_LONG'])
    for (const supply of ['0', '', '-1', '1.5', '4294967296', 'many']) {
      expect(codesOf({ supply }), supply).to.deep.equal(['supply SUPPLY_OUT_OF_RANGE'])
    }
    for (const graceHours of ['-1', '721', 'x']) {
      expect(codesOf({ graceHours }), graceHours).to.deep.equal(['graceHours GRACE_OUT_OF_RANGE'])
    }
    expect(codesOf({ sites: [] })).to.deep.equal(['place GEOFENCE_MISSING'])
    expect(codesOf({ sites: sites.map((site) => ({ ...site, name: '' })) })).to.deep.equal([
      'sites.0.name NAME_INVALID',
    ])
    expect(codesOf({ salt: zeroHash })).to.deep.equal(['salt SALT_INVALID'])
  })

  it('keeps to the window’s rules', () => {
    expect(codesOf({ opensAt: '' })).to.deep.equal(['opensAt TIME_MISSING'])
    expect(codesOf({ closesAt: '2026-02-14T11:00' })).to.deep.equal(['closesAt ENDS_BEFORE_START'])
    expect(codesOf({ closesAt: '2026-02-14T12:04' })).to.deep.equal(['closesAt WINDOW_TOO_SHORT'])
    expect(codesOf({ closesAt: '2026-02-14T12:05' })).to.deep.equal([])
    expect(codesOf({ closesAt: '2027-02-14T12:00' })).to.deep.equal([])
    expect(codesOf({ closesAt: '2027-02-14T12:01' })).to.deep.equal(['closesAt WINDOW_TOO_LONG'])
    expect(codesOf({ opensAt: '2025-06-01T12:00', closesAt: '2026-02-14T05:30' })).to.deep.equal([
      'closesAt WINDOW_HAS_PASSED',
    ])
    expect(codesOf({ opensAt: '2099-12-31T12:00', closesAt: '2100-01-02T12:00' })).to.deep.equal([
      'closesAt TIME_TOO_LATE',
    ])
    const gap = { zone: 'Europe/Berlin', opensAt: '2026-03-29T02:30', closesAt: '2026-03-29T05:00' }
    expect(codesOf(gap)).to.deep.equal(['opensAt TIME_IN_GAP'])
  })
})

describe('checkCampaignss, given coupons are held until a time', () => {
  it('puts it into the terms', () => {
    const draft = { ...lunch, heldUntil: '2026-02-14T13:15' }
    const checked = checkCampaigns({ draft, now: NOW })
    expect(checked.ok && checked.campaigns[0]?.terms.heldUntil).to.equal(
      BigInt(Date.parse('2026-02-14T07:45:00Z') / 1000),
    )
  })

  it('keeps it inside the window, its first minute included, its end not', () => {
    const outside = ['heldUntil HELD_UNTIL_OUTSIDE_WINDOW']
    expect(codesOf({ heldUntil: '2026-02-14T11:59' })).to.deep.equal(outside)
    expect(codesOf({ heldUntil: '2026-02-14T12:00' })).to.deep.equal([])
    expect(codesOf({ heldUntil: '2026-02-14T13:59' })).to.deep.equal([])
    expect(codesOf({ heldUntil: '2026-02-14T14:00' })).to.deep.equal(outside)
  })

  it('says what is no time, and does not blame it for a wrong window', () => {
    expect(codesOf({ heldUntil: 'soon' })).to.deep.equal(['heldUntil TIME_MISSING'])
    const closed = { closesAt: '2026-02-14T11:00', heldUntil: '2026-02-14T13:00' }
    expect(codesOf(closed)).to.deep.equal(['closesAt ENDS_BEFORE_START'])
  })
})

describe('checkCampaigns, given other days', () => {
  const berlin: CampaignDraft = {
    ...lunch,
    name: 'Lunch',
    zone: 'Europe/Berlin',
    opensAt: '2026-03-28T12:00',
    closesAt: '2026-03-28T14:00',
    heldUntil: '2026-03-28T13:30',
    otherDays: ['2026-03-30', '2026-03-29'],
  }
  const windowsOf = (draft: CampaignDraft) => {
    const checked = checkCampaigns({ draft, now: NOW })
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    return checked.campaigns.map(({ name, terms }) => {
      const utc = (seconds: bigint) => new Date(Number(seconds) * 1000).toISOString().slice(0, 16)
      return `${name}: ${utc(terms.opensAt)} ${utc(terms.closesAt)} ${utc(terms.heldUntil)}`
    })
  }

  it('makes one for each day, in order, at the same times by the clock across a change', () => {
    expect(windowsOf(berlin)).to.deep.equal([
      'Lunch, Sat 28 Mar: 2026-03-28T11:00 2026-03-28T13:00 2026-03-28T12:30',
      'Lunch, Sun 29 Mar: 2026-03-29T10:00 2026-03-29T12:00 2026-03-29T11:30',
      'Lunch, Mon 30 Mar: 2026-03-30T10:00 2026-03-30T12:00 2026-03-30T11:30',
    ])
  })

  it('keeps a window over midnight', () => {
    const night = { opensAt: '2026-03-27T22:00', closesAt: '2026-03-28T02:30', heldUntil: '' }
    expect(windowsOf({ ...berlin, ...night, otherDays: ['2026-03-29'] })).to.deep.equal([
      'Lunch, Fri 27 Mar: 2026-03-27T21:00 2026-03-28T01:30 1970-01-01T00:00',
      'Lunch, Sun 29 Mar: 2026-03-29T20:00 2026-03-30T00:30 1970-01-01T00:00',
    ])
  })

  it('refuses the day on which the time does not exist, beside that day', () => {
    const early = { opensAt: '2026-03-27T22:00', closesAt: '2026-03-28T02:30', heldUntil: '' }
    const draft = { ...berlin, ...early, otherDays: ['2026-03-28', '2026-03-29'] }
    const checked = checkCampaigns({ draft, now: NOW })
    expect(!checked.ok && checked.problems).to.deep.include({ fields: {} })
    const days = checked.ok ? {} : checked.problems.days
    expect(Object.keys(days)).to.deep.equal(['2026-03-28'])
    expect(days['2026-03-28']).to.deep.include({ code: 'TIME_IN_GAP' })
  })

  it('asks which is meant where clocks show a time twice, on its own day too', () => {
    const autumn = {
      ...berlin,
      opensAt: '2026-10-24T02:30',
      closesAt: '2026-10-24T05:00',
      heldUntil: '',
      otherDays: ['2026-10-25'],
    }
    const checked = checkCampaigns({ draft: autumn, now: NOW })
    const days = checked.ok ? {} : checked.problems.days
    expect(days['2026-10-25']).to.deep.include({ code: 'TIME_TWICE' })
    const pick = (which: 'first' | 'second') =>
      windowsOf({ ...autumn, picks: { '2026-10-25T02:30': which } })[1]
    expect(pick('first')).to.contain('2026-10-25T00:30 2026-10-25T04:00')
    expect(pick('second')).to.contain('2026-10-25T01:30 2026-10-25T04:00')
  })

  it('counts the day into the length of a name', () => {
    const name = 'x'.repeat(70)
    const checked = checkCampaigns({ draft: { ...berlin, name }, now: NOW })
    expect(!checked.ok && checked.problems.fields.name?.code).to.equal('NAME_TOO_LONG')
    const nameless = checkCampaigns({ draft: { ...berlin, name: ' ' }, now: NOW })
    expect(!nameless.ok && nameless.problems.fields.name?.code).to.equal('NAME_MISSING')
  })
})

describe('the days of a form', () => {
  it('are added once, up to a limit', () => {
    const days = ['2026-03-28', '2026-03-29']
    expect(dayProblem({ day: '', days })?.code).to.equal('DAY_MISSING')
    expect(dayProblem({ day: '2026-03-28', days })?.code).to.equal('DAY_REPEATED')
    expect(dayProblem({ day: '2026-03-30', days })).to.equal(undefined)
    const many = Array.from({ length: MOST_DAYS }, (_, index) => `2026-05-${10 + index}`)
    expect(dayProblem({ day: '2026-04-01', days: many })?.code).to.equal('TOO_MANY_DAYS')
  })

  it('go on with the day after the last', () => {
    expect(dayAfter(['2026-03-30', '2026-02-28'])).to.equal('2026-03-31')
    expect(dayAfter(['2026-12-31'])).to.equal('2027-01-01')
  })
})

describe('fromTemplate', () => {
  const start = { name: '', opensAt: '2026-02-14T09:00', zone: 'Asia/Kolkata' }
  const chosen = (template: TemplateName, part: Partial<CampaignDraft> = {}) =>
    fromTemplate({
      template,
      draft: { ...start, vouching: 'location', ...part },
      now: Date.parse('2026-02-14T09:00:00Z') / 1000, // half past two in Kolkata
    })

  it('fills in a campaign that only lacks its place', () => {
    for (const template of ['meal', 'drink', 'swag', 'parcel'] as const) {
      const draft = { ...lunch, name: '', ...chosen(template) }
      expect(checkCampaigns({ draft, now: NOW }).ok, template).to.be.true
    }
    expect(chosen('parcel').policy).to.include({ isBeaconRequired: true })
  })

  it('stays on the day, or takes the next where the time has passed', () => {
    expect(chosen('drink')).to.include({ opensAt: '2026-02-14T18:00' })
    expect(chosen('meal')).to.include({
      opensAt: '2026-02-15T12:00',
      heldUntil: '2026-02-15T13:30',
    })
  })

  it('leaves a name that somebody typed, and the counter’s device', () => {
    expect(chosen('meal')).to.include({ name: 'Lunch' })
    expect(chosen('drink', { name: 'Lunch' })).to.include({ name: 'Drink' })
    expect(chosen('drink', { name: 'Gala' })).to.include({ name: 'Gala' })
    expect(chosen('meal', { vouching: 'both' })).to.include({ vouching: 'both' })
    expect(chosen('meal', { vouching: 'nobody' })).to.include({ vouching: 'location' })
  })
})

describe('withSource', () => {
  it('adds and takes away, and leaves the last one', () => {
    const both = withSource({ policy: defaultPolicy, source: 'hypertrack', isWanted: true })
    expect(both.sources).to.deep.equal(['browser', 'hypertrack'])
    const one = withSource({ policy: both, source: 'browser', isWanted: false })
    expect(one.sources).to.deep.equal(['hypertrack'])
    expect(withSource({ policy: one, source: 'hypertrack', isWanted: false })).to.equal(one)
    const twice = withSource({ policy: one, source: 'hypertrack', isWanted: true })
    expect(twice.sources).to.deep.equal(['hypertrack'])
  })
})
