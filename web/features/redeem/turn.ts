import { type Coupon, isStandby, takesOfWhatIsLeft } from '@coupon-secure/protocol/coupon'
import type { Counters, Terms } from '../../chain/book-queries.ts'
import type { Words } from '../../words/words.ts'
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
  words,
}: {
  coupon: Pick<Coupon, 'serial'>
  terms: Pick<Terms, 'heldUntil'>
  counters: Pick<Counters, 'leftForAll' | 'shardsCounted'> | undefined
  /** Unix seconds. */
  now: number
  zone?: string | undefined
  words: Words
}): Turn {
  const heldUntil = Number(terms.heldUntil)
  if (heldUntil === 0) return { kind: 'come', note: '' }
  const standby = isStandby(serial)
  const { say } = words
  const moment = momentText({ at: heldUntil, now, zone, words, isShort: true })
  if (now < heldUntil) {
    return standby
      ? { kind: 'waits', note: say('turn.waits', { moment }) }
      : { kind: 'come', note: say('turn.held', { moment }) }
  }

  if (counters === undefined) return { kind: 'come', note: '' }
  const { leftForAll, shardsCounted } = counters
  if (!takesOfWhatIsLeft({ serial, shardsCounted })) {
    return { kind: 'come', note: say('turn.soon') }
  }
  if (leftForAll > 0n) {
    return { kind: 'come', note: say('turn.left', { count: Number(leftForAll) }) }
  }
  return {
    kind: 'nothing-left',
    note: standby ? say('turn.nothingStandby') : say('turn.nothing', { moment }),
  }
}
