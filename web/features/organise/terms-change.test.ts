import { expect } from 'chai'
import { zeroHash } from 'viem'
import { checkTerms, termsDraftOf, type TermsDraft } from './terms-change.ts'

const at = (text: string) => Date.parse(text) / 1000
const zone = 'Asia/Kolkata'
const terms = {
  opensAt: BigInt(at('2026-02-14T06:30:00Z')),
  closesAt: BigInt(at('2026-02-14T08:30:17Z')), // a pause has added seconds
  heldUntil: BigInt(at('2026-02-14T08:00:00Z')),
  grace: 7_201n,
  supply: 300n,
  sites: 1,
  requiredWitnesses: 1,
  geofenceHash: zeroHash,
}
const counters = { issued: 120n, revoked: 20n, standbyIssued: 0n }
const before = termsDraftOf({ terms, zone })
const check = (
  part: Partial<TermsDraft>,
  { now = at('2026-02-14T00:00:00Z'), standbyIssued = 0n } = {},
) =>
  checkTerms({
    draft: { ...before, ...part },
    terms,
    counters: { ...counters, standbyIssued },
    now,
  })
const codesOf = (...asked: Parameters<typeof check>) => {
  const checked = check(...asked)
  if (checked.ok) return []
  return Object.entries(checked.problems).map(([field, { code }]) => `${field} ${code}`)
}
const running = { now: at('2026-02-14T07:00:00Z') }

describe('checkTerms', () => {
  it('shows the terms by the clock of the zone', () => {
    expect(before).to.include({
      opensAt: '2026-02-14T12:00',
      closesAt: '2026-02-14T14:00',
      heldUntil: '2026-02-14T13:30',
      supply: '300',
      graceHours: '2',
    })
  })

  it('changes anything before it opens, and leaves to the second what nobody touched', () => {
    const checked = check({ opensAt: '2026-02-14T11:30', supply: '100' })
    expect(checked).to.deep.equal({
      ok: true,
      terms: { ...terms, opensAt: BigInt(at('2026-02-14T06:00:00Z')), supply: 100n },
    })
    expect(codesOf({ heldUntil: '' })).to.deep.equal([])
  })

  it('keeps the supply above what is issued, less what was revoked', () => {
    expect(codesOf({ supply: '99' })).to.deep.equal(['supply SUPPLY_BELOW_ISSUED'])
    expect(codesOf({ supply: '100' })).to.deep.equal([])
    expect(codesOf({ supply: '0' })).to.deep.equal(['supply SUPPLY_OUT_OF_RANGE'])
  })

  it('keeps to the window’s rules', () => {
    expect(codesOf({ closesAt: '2026-02-14T11:00' })).to.deep.equal(['closesAt ENDS_BEFORE_START'])
    expect(codesOf({ heldUntil: '2026-02-14T14:30' })).to.deep.equal([
      'heldUntil HELD_UNTIL_OUTSIDE_WINDOW',
    ])
    expect(codesOf({ heldUntil: '' }, { standbyIssued: 1n })).to.deep.equal([
      'heldUntil NO_STANDBY',
    ])
    expect(codesOf({ graceHours: '721' })).to.deep.equal(['graceHours GRACE_OUT_OF_RANGE'])
  })

  it('lets only the end and the grace grow once it is open', () => {
    expect(check({ closesAt: '2026-02-14T15:00' }, running)).to.deep.equal({
      ok: true,
      terms: { ...terms, closesAt: BigInt(at('2026-02-14T09:30:00Z')) },
    })
    expect(codesOf({ closesAt: '2026-02-14T13:55' }, running)).to.deep.equal([
      'closesAt END_MAY_ONLY_GROW',
    ])
    expect(codesOf({ graceHours: '1' }, running)).to.deep.equal(['graceHours GRACE_MAY_ONLY_GROW'])
    expect(codesOf({ graceHours: '3' }, running)).to.deep.equal([])
  })

  it('asks for no signature that changes nothing', () => {
    expect(codesOf({})).to.deep.equal(['nothing NOTHING_CHANGED'])
  })
})
