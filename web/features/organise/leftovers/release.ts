import type { Campaign, Counters, Terms } from '../../../chain/book-queries.ts'
import type { FieldProblem } from '../../../ui/Field.tsx'
import { instantOf } from '../zoned-time.ts'

/** What can be done about unused coupons going to standby, and what cannot. */
export type Release =
  /** Nothing is promised that could not change: the window has not opened. */
  | { kind: 'free'; heldUntil: number }
  /** It opened with the promise to hold coupons to the end. */
  | { kind: 'held-to-the-end' }
  /** It opened with a promised time that lies ahead. */
  | { kind: 'waiting'; heldUntil: number }
  /** The time is over, and so many shards are to be counted. */
  | { kind: 'due'; shards: bigint }
  | { kind: 'released' }
  /** Nothing can be changed before it goes on. */
  | { kind: 'paused' }
  | { kind: 'over' }

/** What the contract allows now; `now` in unix seconds. */
export function releaseOf({
  campaign: { terms, pausedAt },
  counters,
  now,
}: {
  campaign: Pick<Campaign, 'terms' | 'pausedAt'>
  counters: Pick<Counters, 'shards' | 'shardsCounted'>
  now: number
}): Release {
  const heldUntil = Number(terms.heldUntil)
  if (pausedAt !== 0n) return { kind: 'paused' }
  if (now >= Number(terms.closesAt + terms.grace)) return { kind: 'over' }
  if (now < Number(terms.opensAt)) return { kind: 'free', heldUntil }
  if (heldUntil === 0) return { kind: 'held-to-the-end' }
  if (now < heldUntil) return { kind: 'waiting', heldUntil }
  const shards = counters.shards - counters.shardsCounted
  return shards === 0n ? { kind: 'released' } : { kind: 'due', shards }
}

/** The same terms with another time, or what is wrong with it; `local` '' holds coupons to the end. */
export function termsHeldUntil({
  terms,
  local,
  zone,
  standby,
}: {
  terms: Terms
  /** As clocks in `zone` show it. */
  local: string
  zone: string
  /** Standby coupons issued. */
  standby: bigint
}): { ok: true; terms: Terms } | { ok: false; problem: FieldProblem } {
  if (local === '') {
    if (standby === 0n) return { ok: true, terms: { ...terms, heldUntil: 0n } }
    const message =
      'There are standby coupons already, so there must be a time from which they count.'
    return { ok: false, problem: { code: 'STANDBY_NEEDS_TIME', message } }
  }
  const instant = instantOf({ local, zone })
  if (!instant.ok) return { ok: false, problem: instant }
  const heldUntil = BigInt(instant.seconds)
  if (heldUntil < terms.opensAt || heldUntil >= terms.closesAt) {
    const message = 'It must lie inside the window: not before it opens, and before it closes.'
    return { ok: false, problem: { code: 'HELD_UNTIL_OUTSIDE', message } }
  }
  return { ok: true, terms: { ...terms, heldUntil } }
}
