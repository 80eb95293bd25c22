import type { Campaign, Counters, Ledger } from '../../../chain/book-queries.ts'
import type { Forecast } from '../watch/pace.ts'

/** What is left, what will be, and for whom it could be, in sentences; `timeOf` writes a moment as people read it. */
export function leftWords({
  campaign: { terms },
  ledger,
  counters,
  forecast,
  now,
  timeOf,
}: {
  campaign: Pick<Campaign, 'terms'>
  ledger: Ledger
  counters: Pick<Counters, 'standbyIssued' | 'standbyRevoked'>
  forecast: Forecast
  /** Unix seconds. */
  now: number
  timeOf: (seconds: number) => string
}): string[] {
  const closesAt = Number(terms.closesAt)
  const isOver = now >= closesAt
  const kitchen = terms.supply - ledger.redeemed
  const standby = counters.standbyIssued - counters.standbyRevoked
  return [
    `${coupons(ledger.unused)} of ${number(ledger.issued)} ${ledger.unused === 1n ? 'is' : 'are'} unused now; of the supply of ${number(terms.supply)}, ${number(kitchen > 0n ? kitchen : 0n)} ${isOver ? 'were left' : 'are still'} in stock.`,
    ...(isOver ? [] : [outlook({ forecast, closing: timeOf(closesAt) })]),
    ...(standby === 0n
      ? []
      : [
          `${coupons(standby)} on standby ${standby === 1n ? 'waits' : 'wait'} for what others leave.`,
        ]),
  ]
}

function outlook({ forecast, closing }: { forecast: Forecast; closing: string }): string {
  if (forecast.kind === 'none') {
    return forecast.why === 'nobody-left'
      ? 'Nothing is left to be used.'
      : `Too little has happened to say how many will be left when it closes ${closing}: at most those.`
  }
  const { leftAtClose, over } = forecast
  return leftAtClose === 0
    ? `If people go on coming as in the last ${over} minutes, nothing need be left when it closes ${closing}. Who does not come at all leaves theirs.`
    : `If people go on coming as in the last ${over} minutes, ${number(BigInt(leftAtClose))} will be left when it closes ${closing}.`
}

function coupons(count: bigint): string {
  return count === 1n ? '1 coupon' : `${number(count)} coupons`
}

function number(count: bigint): string {
  return count.toLocaleString('en-GB')
}
