import { type Coupon, isStandby, takesOfWhatIsLeft } from '@coupon-secure/protocol/coupon'
import type { Counters, Terms } from '../../chain/book-queries.ts'
import { momentText } from './when.ts'

/** Whether a coupon's turn has come, in a campaign that holds coupons for a time; `note` says what that means for its holder. */
export type Turn = { kind: 'come' | 'waits' | 'nothing-left'; note: string }

/** Whose turn it is, by the contract's rules; before the counters are known, nobody is turned away. */
export function turnOf({
  coupon: { serial },
  terms,
  counters,
  now,
  zone,
}: {
  coupon: Pick<Coupon, 'serial'>
  terms: Pick<Terms, 'heldUntil'>
  counters: Pick<Counters, 'leftForAll' | 'shardsCounted'> | undefined
  /** Unix seconds. */
  now: number
  zone?: string
}): Turn {
  const heldUntil = Number(terms.heldUntil)
  if (heldUntil === 0) return { kind: 'come', note: '' }
  const standby = isStandby(serial)
  const from = momentText({ at: heldUntil, now, zone }).replace('today at ', '')
  if (now < heldUntil) {
    return standby
      ? { kind: 'waits', note: `Standby: yours from ${from} if something is left.` }
      : { kind: 'come', note: `Held for you until ${from}.` }
  }

  if (counters === undefined) return { kind: 'come', note: '' }
  const { leftForAll, shardsCounted } = counters
  if (!takesOfWhatIsLeft({ serial, shardsCounted })) {
    return { kind: 'come', note: 'Soon it may go to somebody else.' }
  }
  if (leftForAll > 0n) {
    const left = leftForAll.toLocaleString('en-GB')
    return { kind: 'come', note: `${left} left for all: first come, first served.` }
  }
  return {
    kind: 'nothing-left',
    note: standby
      ? 'Standby: nothing is left so far. If more is released, you see it here.'
      : `It was held for you until ${from}. Since then others could have it, and nothing is left.`,
  }
}
