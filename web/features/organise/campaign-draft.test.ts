import { defaultPolicy, hashGeofence } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { type CampaignDraft, checkCampaign, withSource } from './campaign-draft.ts'
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
  supply: '300',
  graceHours: '2',
  needsPlace: true,
  readers: 'holders',
  sites,
  salt: `0x${'11'.repeat(32)}`,
  policy: defaultPolicy,
}
const codesOf = (change: Partial<CampaignDraft>) => {
  const checked = checkCampaign({ draft: { ...lunch, ...change }, now: NOW })
  if (checked.ok) return []
  const { fields, geofence } = checked.problems
  return [
    ...Object.entries(fields).map(([field, { code }]) => `${field} ${code}`),
    ...geofence.map(({ code, path }) => `${path} ${code}`),
  ]
}

describe('checkCampaign', () => {
  it('makes the terms that the contract takes, and the document they promise', () => {
    const checked = checkCampaign({ draft: lunch, now: NOW })
    if (!checked.ok) throw new Error('the draft is sound')
    const { name, terms, document } = checked.campaign
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
    const checked = checkCampaign({ draft: { ...lunch, needsPlace: false, sites: [] }, now: NOW })
    expect(checked.ok && checked.campaign.terms).to.include({
      sites: 0,
      requiredWitnesses: 0,
      geofenceHash: zeroHash,
    })
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

describe('checkCampaign, given coupons are held until a time', () => {
  it('puts it into the terms', () => {
    const draft = { ...lunch, heldUntil: '2026-02-14T13:15' }
    const checked = checkCampaign({ draft, now: NOW })
    expect(checked.ok && checked.campaign.terms.heldUntil).to.equal(
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
