import { expect } from 'chai'
import { zeroHash } from 'viem'
import { releaseOf, termsHeldUntil } from './release.ts'

const NOW = 1_800_000_000
const terms = {
  ...{ opensAt: BigInt(NOW - 100), closesAt: BigInt(NOW + 3_600), heldUntil: BigInt(NOW + 100) },
  ...{ grace: 50n, supply: 10n, sites: 0, requiredWitnesses: 0, geofenceHash: zeroHash },
}
const release = ({ now = NOW, heldUntil = terms.heldUntil, counted = 0n, pausedAt = 0n } = {}) =>
  releaseOf({
    campaign: { terms: { ...terms, heldUntil }, pausedAt },
    counters: { shards: 2n, shardsCounted: counted },
    now,
  })

describe('releaseOf', () => {
  it('is free before the window opens, and fixed from then on', () => {
    expect(release({ now: NOW - 101 })).to.deep.equal({ kind: 'free', heldUntil: NOW + 100 })
    expect(release({ now: NOW - 100 })).to.deep.equal({ kind: 'waiting', heldUntil: NOW + 100 })
    expect(release({ heldUntil: 0n })).to.deep.equal({ kind: 'held-to-the-end' })
  })

  it('is due from that time until all is counted, or the campaign is over', () => {
    expect(release({ now: NOW + 99 }).kind).to.equal('waiting')
    expect(release({ now: NOW + 100 })).to.deep.equal({ kind: 'due', shards: 2n })
    expect(release({ now: NOW + 100, counted: 2n }).kind).to.equal('released')
    expect(release({ now: NOW + 3_649 }).kind).to.equal('due')
    expect(release({ now: NOW + 3_650 }).kind).to.equal('over')
  })

  it('waits while the campaign is paused', () => {
    for (const now of [NOW - 101, NOW, NOW + 9_999]) {
      expect(release({ now, pausedAt: 5n }).kind).to.equal('paused')
    }
  })
})

describe('termsHeldUntil', () => {
  const at = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16)
  const held = (local: string, standby = 0n) =>
    termsHeldUntil({ terms, local, zone: 'UTC', standby })

  it('changes that time and nothing else', () => {
    const later = NOW + 1_200 // a whole minute, as a field of hours and minutes can say
    expect(held(at(later))).to.deep.equal({
      ok: true,
      terms: { ...terms, heldUntil: BigInt(later) },
    })
    expect(held('')).to.deep.equal({ ok: true, terms: { ...terms, heldUntil: 0n } })
  })

  it('refuses what the contract would, beside the field', () => {
    const codeOf = (result: ReturnType<typeof held>) => (result.ok ? 'ok' : result.problem.code)
    expect(codeOf(held('', 1n))).to.equal('STANDBY_NEEDS_TIME')
    expect(codeOf(held(at(NOW - 120)))).to.equal('HELD_UNTIL_OUTSIDE')
    expect(codeOf(held(at(NOW + 3_600)))).to.equal('HELD_UNTIL_OUTSIDE')
    expect(codeOf(held(at(NOW + 3_540)))).to.equal('ok')
    expect(codeOf(held('soon'))).to.equal('TIME_MISSING')
  })
})
