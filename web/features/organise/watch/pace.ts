import type { Minute } from '../../../chain/indexer.ts'

/** Redemptions of a campaign in a stretch of time that begins at `since`, unix seconds: a bar of the chart. */
export type Bar = { since: number; redeemed: number; bySite: ReadonlyMap<number, number> }

/** The bars of a chart, and how many minutes each of them is long. */
export type Chart = { bars: Bar[]; minutes: number }

/** How much of a window a chart shows. */
export type Span = 'hour' | 'window'

/** When the queue ends at the present rate, or why nobody can say. */
export type Forecast =
  | { kind: 'none'; why: 'not-open' | 'over' | 'nobody-left' | 'too-new' | 'too-few' }
  | {
      kind: 'ends'
      left: number
      perMinute: number
      /** How many whole minutes the rate was taken of. */
      over: number
      /** Unix seconds. */
      at: number
      /** Who would not have come when the window closes. */
      leftAtClose: number
    }

const MINUTE = 60
const HOUR = 60 * MINUTE
const MOST_BARS = 90
const LENGTHS = [1, 2, 5, 10, 15, 30, 60, 180, 720] // minutes that a bar may be long

const RATE_MINUTES = 10
const FEWEST_MINUTES = 3
const FEWEST_REDEMPTIONS = 5

type Window = { opensAt: number; closesAt: number }

/** The bars of a campaign's chart: its last hour so far, or its window as a whole. */
export function chartOf({
  minutes,
  campaignId,
  span,
  now,
  opensAt,
  closesAt,
}: Window & {
  minutes: readonly Minute[]
  campaignId: bigint
  span: Span
  /** Unix seconds. */
  now: number
}): Chart {
  const own = minutes.filter((minute) => minute.campaignId === campaignId && minute.since > 0n)
  // In the grace, what was witnessed in the window is still settled; and a chain's clock may be ahead of ours.
  const last = own.reduce((latest, { since }) => Math.max(latest, Number(since)), 0)
  const end = Math.max(Math.min(now, closesAt - 1), last)
  const until = (Math.floor(end / MINUTE) + 1) * MINUTE
  const open = Math.floor(opensAt / MINUTE) * MINUTE
  const from = span === 'hour' ? until - HOUR : Math.min(open, until - HOUR)
  const length = LENGTHS.find((one) => until - from <= one * MINUTE * MOST_BARS) ?? 1440
  const step = length * MINUTE
  const bars = Array.from({ length: Math.ceil((until - from) / step) }, (_, index) => {
    return { since: from + index * step, redeemed: 0, bySite: new Map<number, number>() }
  })
  for (const { since, site, redeemed } of own) {
    const bar = bars[Math.floor((Number(since) - from) / step)]
    if (bar === undefined) continue
    bar.redeemed += redeemed
    bar.bySite.set(site, (bar.bySite.get(site) ?? 0) + redeemed)
  }
  return { bars, minutes: length }
}

/** How many coupons of a campaign were used at each of its sites; 0 stands for a campaign that names none. */
export function siteCountsOf({
  minutes,
  campaignId,
  sites,
}: {
  minutes: readonly Minute[]
  campaignId: bigint
  sites: number
}): { site: number; redeemed: number }[] {
  const counts = new Map(Array.from({ length: sites }, (_, index) => [index + 1, 0]))
  for (const minute of minutes) {
    if (minute.campaignId !== campaignId) continue
    counts.set(minute.site, (counts.get(minute.site) ?? 0) + minute.redeemed)
  }
  return [...counts].sort(([a], [b]) => a - b).map(([site, redeemed]) => ({ site, redeemed }))
}

/** How many people can still come: whose coupons are unused, but no more than there are meals; standby waits for the same ones. */
export function leftToCome({
  ledger: { unused, redeemed },
  terms: { supply },
}: {
  ledger: { unused: bigint; redeemed: bigint }
  terms: { supply: bigint }
}): number {
  const meals = supply > redeemed ? supply - redeemed : 0n
  return Number(unused < meals ? unused : meals)
}

/** When all who are left will have come, if they go on coming as in the last minutes. */
export function forecastOf({
  minutes,
  campaignId,
  left,
  now,
  opensAt,
  closesAt,
}: Window & {
  minutes: readonly Minute[]
  campaignId: bigint
  left: number
  now: number
}): Forecast {
  if (now < opensAt) return { kind: 'none', why: 'not-open' }
  if (now >= closesAt) return { kind: 'none', why: 'over' }
  if (left <= 0) return { kind: 'none', why: 'nobody-left' }
  // Whole minutes alone: the one that runs would always look slow.
  const until = Math.floor(now / MINUTE) * MINUTE
  const opened = Math.ceil(opensAt / MINUTE) * MINUTE
  const from = Math.max(until - RATE_MINUTES * MINUTE, opened)
  const over = (until - from) / MINUTE
  if (over < FEWEST_MINUTES) return { kind: 'none', why: 'too-new' }
  const redeemed = minutes
    .filter((minute) => minute.campaignId === campaignId)
    .filter(({ since }) => Number(since) >= from && Number(since) < until)
    .reduce((sum, minute) => sum + minute.redeemed, 0)
  if (redeemed < FEWEST_REDEMPTIONS) return { kind: 'none', why: 'too-few' }

  const perMinute = redeemed / over
  const at = now + Math.ceil((left / perMinute) * MINUTE)
  const served = Math.floor(((closesAt - now) / MINUTE) * perMinute)
  return { kind: 'ends', left, perMinute, over, at, leftAtClose: Math.max(0, left - served) }
}

/** The forecast in a sentence, with what it assumes; `timeOf` writes a moment as people read it. */
export function forecastWords({
  forecast,
  timeOf,
}: {
  forecast: Forecast
  timeOf: (seconds: number) => string
}): string {
  if (forecast.kind === 'none') return WHY_NOT[forecast.why]
  const { left, perMinute, over, at, leftAtClose } = forecast
  const rate = perMinute >= 10 ? Math.round(perMinute) : Math.round(perMinute * 10) / 10
  const people = left === 1 ? '1 coupon is' : `${left.toLocaleString('en-GB')} coupons are`
  const assumed = `If all of them are still to come, and come as in the last ${over} minutes (${rate} a minute)`
  const end =
    leftAtClose === 0
      ? `the queue ends about ${timeOf(at)}.`
      : `${leftAtClose.toLocaleString('en-GB')} will not have come when the window closes; the queue would end about ${timeOf(at)}.`
  return `${people} left to come. ${assumed}, ${end}`
}

const WHY_NOT: Record<Extract<Forecast, { kind: 'none' }>['why'], string> = {
  'not-open': 'No forecast: the window has not opened yet.',
  over: 'No forecast: the window is over.',
  'nobody-left': 'Nobody is left to come: every coupon is used or taken back.',
  'too-new': `No forecast yet: the window must have been open for ${FEWEST_MINUTES} whole minutes.`,
  'too-few': `No forecast: fewer than ${FEWEST_REDEMPTIONS} people came in the last ${RATE_MINUTES} minutes, which says nothing about who is still to come.`,
}
