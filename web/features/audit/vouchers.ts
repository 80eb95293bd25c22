import type { Address } from 'viem'
import type { Entry, Place } from './history.ts'

/**
 * The classes as which the sender of a redemption vouched by sending it, by the book's events up to then: those of a witness at that
 * site, while the window was open. `at` in unix seconds.
 */
export function classesOfSender({
  entries,
  sender,
  redemption,
  at,
}: {
  /** Newest first. */
  entries: readonly Entry[]
  sender: Address
  redemption: Extract<Entry, { kind: 'redemption' }>
  at: bigint
}): number {
  const earlier = entries.filter((entry) => isBefore({ entry, than: redemption }))
  const witness = earlier.find(
    (entry) => 'key_' in entry && entry.key_.toLowerCase() === sender.toLowerCase(),
  )
  const promised = earlier.find(
    (entry) => 'terms' in entry && entry.campaignId === redemption.campaignId,
  )
  if (witness?.kind !== 'witness' || promised === undefined || !('terms' in promised)) return 0
  const isAtSite = witness.site === 0 || witness.site === redemption.site
  const isValid = witness.from <= at && at < witness.until
  return isAtSite && isValid && at < promised.terms.closesAt ? witness.classes : 0
}

function isBefore({ entry, than }: { entry: Place; than: Place }): boolean {
  return entry.block < than.block || (entry.block === than.block && entry.index < than.index)
}
