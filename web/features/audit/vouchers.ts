import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { Coupon } from '@coupon-secure/protocol/coupon'
import type { Statement } from '@coupon-secure/protocol/presence'
import type { Address, Hex } from 'viem'
import { decodeFunctionData } from 'viem'
import { itemsIn } from './batch-items.ts'
import type { Entry, Place } from './history.ts'

/** How a redemption was sent, as the transaction says: by whom it was sent, and with which statements. */
export type SentRedemption =
  | { kind: 'decoded'; sentBy: 'holder' | 'somebody else'; statements: readonly Statement[] }
  | { kind: 'unreadable' }

/**
 * Finds the redemption of one coupon in a transaction's calldata. A call through another contract cannot be read this way; nor can a
 * batch that names the coupon twice, since the calldata does not say which of the two counted.
 */
export function redemptionIn({
  input,
  to,
  book,
  coupon,
}: {
  input: Hex
  to: Address | null
  book: Address
  coupon: Coupon
}): SentRedemption {
  if (to?.toLowerCase() !== book.toLowerCase()) return { kind: 'unreadable' }
  try {
    const named = redemptionsIn(input).filter(
      ({ campaignId, serial }) => campaignId === coupon.campaignId && serial === coupon.serial,
    )
    const [one] = named
    if (one === undefined || named.length > 1) return { kind: 'unreadable' }
    return { kind: 'decoded', sentBy: one.sentBy, statements: one.statements }
  } catch {
    return { kind: 'unreadable' }
  }
}

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

type Named = Coupon & { sentBy: 'holder' | 'somebody else'; statements: readonly Statement[] }

function redemptionsIn(input: Hex): Named[] {
  const call = decodeFunctionData({ abi: couponBookAbi, data: input })
  switch (call.functionName) {
    case 'multicall':
      return call.args[0].flatMap(redemptionsIn)
    case 'redeem': {
      const [campaignId, serial, statements] = call.args
      return [{ campaignId, serial, sentBy: 'holder', statements }]
    }
    case 'redeemFor': {
      const [campaignId, serial, statements] = call.args
      return [{ campaignId, serial, sentBy: 'somebody else', statements }]
    }
    case 'redeemBatch': {
      const [campaignId, , items, statements] = call.args
      let first = 0
      return itemsIn(items).map(({ serial, statementCount }) => {
        const own = statements.slice(first, first + statementCount)
        first += statementCount
        return { campaignId, serial, sentBy: 'somebody else', statements: own }
      })
    }
    default:
      return []
  }
}

function isBefore({ entry, than }: { entry: Place; than: Place }): boolean {
  return entry.block < than.block || (entry.block === than.block && entry.index < than.index)
}
