import type { Coupon } from '@coupon-secure/protocol/coupon'
import type { Pocket, Shelf } from './journal.ts'

const PREFIX = 'coupon-secure.evidence.'

type Of = { shelf: Shelf; pocket: Pocket; coupon: Coupon }

/**
 * Keeps the oracle's last yes to a coupon, word for word, with what it was decided by. The position in it stays in this
 * browser. (Each no is in refusals.ts.)
 */
export function keepEvidence({ said, ...of }: Of & { said: unknown }): void {
  try {
    of.shelf.setItem(nameOf(of), JSON.stringify(said))
  } catch {
    // A full or forbidden storage must not keep anybody from eating.
  }
}

/** The yes that is kept, unread; undefined where there is none. */
export function keptEvidence(of: Of): unknown {
  const text = of.shelf.getItem(nameOf(of))
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function nameOf({ pocket: { chainId, book, holder }, coupon }: Of): string {
  return PREFIX + [chainId, book, holder, coupon.campaignId, coupon.serial].join('.').toLowerCase()
}
