import { CLASSES } from '@coupon-secure/protocol/presence'

/** Who must vouch for a holder's presence before the contract lets a coupon be used. */
export type Vouching = 'nobody' | 'location' | 'counter' | 'both'

/** In plain words: who it is, what it proves, and what somebody would need who wants what is not theirs. */
export const VOUCHING: Readonly<
  Record<Vouching, { label: string; proves: string; thief: string; mask: number }>
> = {
  location: {
    label: 'The location oracle',
    proves:
      'somebody who holds the coupon claimed a fresh position inside the place, and nothing gave it away as made up.',
    thief:
      'the holder’s key or claim link, and a phone that lies well about where it is. With the counter’s code, below, also an accomplice at the counter who passes it on within seconds.',
    mask: CLASSES.location,
  },
  both: {
    label: 'The location oracle and the staff’s device',
    proves: 'the above, and that staff at the counter saw somebody with the coupon.',
    thief:
      'the key, a lying phone, and the staff’s device besides: no single stolen key is enough.',
    mask: CLASSES.location | CLASSES.counter,
  },
  counter: {
    label: 'The staff’s device alone',
    proves:
      'staff with a device that you have registered saw somebody with the coupon. Works without positions.',
    thief: 'the key, and staff who look away, or their device before you remove it.',
    mask: CLASSES.counter,
  },
  nobody: {
    label: 'Nobody: the coupon and the time are enough',
    proves: 'only that the holder of the coupon used it, once, in the window; from anywhere.',
    thief: 'the holder’s key or claim link, and nothing else.',
    mask: 0,
  },
}

/** Whether a campaign must have a place. */
export function needsPlace(vouching: Vouching): boolean {
  return vouching === 'location' || vouching === 'both'
}

/** Whether the staff's own device must vouch, which no page for holders can do. */
export function needsCounter(vouching: Vouching): boolean {
  return vouching === 'counter' || vouching === 'both'
}
