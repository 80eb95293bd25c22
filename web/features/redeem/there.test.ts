import { writeBeacon } from '@coupon-secure/protocol/beacon'
import { expect } from 'chai'
import { beaconIn, beaconSecondsLeft, needsOf } from './there.ts'

const TURN = 1_800_000_000
const NOW = TURN * 1000
const signature = `0x${'11'.repeat(64)}` as const
const text = writeBeacon({ campaignId: 7n, site: 3, shownAt: BigInt(TURN), signature })
const nothing = { policy: undefined, refusal: undefined, chosen: undefined, isBound: false }

describe('needsOf', () => {
  const phones = { sources: ['browser' as const], isBeaconRequired: false }
  const devices = { sources: ['hypertrack' as const], isBeaconRequired: false }
  const both = { sources: ['browser' as const, 'hypertrack' as const], isBeaconRequired: true }

  it('is the phone’s position where nothing is known yet', () => {
    const plain = { source: 'browser', canChoose: false, beacon: false, binding: false }
    expect(needsOf(nothing)).to.deep.equal(plain)
    expect(needsOf({ ...nothing, policy: phones })).to.deep.equal(plain)
    expect(needsOf({ ...nothing, policy: phones, chosen: 'hypertrack' })).to.deep.equal(plain)
  })

  it('is a managed device where the policy takes nothing else, or the oracle says so', () => {
    for (const given of [{ policy: devices }, { refusal: 'SOURCE_NOT_ACCEPTED' }]) {
      const needs = needsOf({ ...nothing, ...given })
      expect(needs).to.include({ source: 'hypertrack', canChoose: false, binding: true })
    }
  })

  it('stays with the device once it was chosen, whatever is refused next', () => {
    for (const refusal of ['DEVICE_SILENT', 'FIX_STALE', undefined]) {
      const needs = needsOf({ ...nothing, chosen: 'hypertrack', refusal, isBound: true })
      expect(needs).to.include({ source: 'hypertrack', binding: false })
    }
  })

  it('is the holder’s choice where both count', () => {
    expect(needsOf({ ...nothing, policy: both })).to.include({ source: 'browser', canChoose: true })
    const device = needsOf({ ...nothing, policy: both, chosen: 'hypertrack' })
    expect(device).to.include({ source: 'hypertrack', canChoose: true, binding: true })
  })

  it('asks to bind anew where the oracle knows no binding', () => {
    for (const refusal of ['WORKER_NOT_BOUND', 'WORKER_UNKNOWN']) {
      const needs = needsOf({ ...nothing, policy: devices, refusal, isBound: true })
      expect(needs.binding, refusal).to.equal(true)
    }
  })

  it('asks for the counter’s code by the policy, or by what was refused', () => {
    expect(needsOf({ ...nothing, policy: both }).beacon).to.equal(true)
    for (const code of ['BEACON_MISSING', 'BEACON_STALE', 'BEACON_UNTRUSTED', 'BEACON_ELSEWHERE']) {
      expect(needsOf({ ...nothing, refusal: code }).beacon, code).to.equal(true)
    }
    expect(needsOf({ ...nothing, refusal: 'OUTSIDE_GEOFENCE' }).beacon).to.equal(false)
  })
})

describe('beaconIn', () => {
  const codeOf = (read: ReturnType<typeof beaconIn>) => (read.ok ? 'ok' : read.failure.code)

  it('takes the code of this campaign and this turn', () => {
    const read = beaconIn({ text: ` ${text}\n`, campaignId: 7n, now: NOW + 20_000 })
    expect(read).to.deep.equal({ ok: true, beacon: { site: 3, shownAt: TURN, signature } })
  })

  it('says what is wrong with any other', () => {
    const asked = { text, campaignId: 7n, now: NOW }
    expect(codeOf(beaconIn({ ...asked, text: 'https://example.org' }))).to.equal(
      'BEACON_UNREADABLE',
    )
    expect(codeOf(beaconIn({ ...asked, campaignId: 8n }))).to.equal('BEACON_FOR_ANOTHER')
    expect(codeOf(beaconIn({ ...asked, now: NOW - 6_000 }))).to.equal('BEACON_FROM_FUTURE')
  })

  it('takes no photograph of the screen: it is over within half a minute', () => {
    expect(codeOf(beaconIn({ text, campaignId: 7n, now: NOW + 29_999 }))).to.equal('ok')
    const late = beaconIn({ text, campaignId: 7n, now: NOW + 30_000 })
    expect(codeOf(late)).to.equal('BEACON_STALE')
    expect(!late.ok && late.failure.sentence).to.match(/fifteen seconds.+\.$/)
  })
})

describe('beaconSecondsLeft', () => {
  it('counts down to the end of the next turn', () => {
    const beacon = { site: 1, shownAt: TURN, signature }
    const at = (milliseconds: number) => beaconSecondsLeft(beacon, NOW + milliseconds)
    expect([0, 1_000, 29_001, 30_000, 90_000].map(at)).to.deep.equal([30, 29, 0, 0, 0])
  })
})
