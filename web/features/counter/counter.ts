import { beaconTypes, TURN_SECONDS, turnAt, writeBeacon } from '@coupon-secure/protocol/beacon'
import { CLASSES, domainOf, type BookPlace } from '@coupon-secure/protocol/presence'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { BookWitness, Campaign } from '../../chain/book-queries.ts'

/** Whether holders' codes from this device count, and if not, what to do. */
export type Standing =
  | { isReady: true; until: bigint }
  | { isReady: false; code: string; title: string; sentence: string }

/** One code as it is on the screen; `shownAt` in unix seconds. */
export type ShownBeacon = { text: string; shownAt: number }

type Now = { now: number }

/** What the book says of this device's key; `now` in unix milliseconds. */
export function standingOf({ witness, now }: { witness: BookWitness | undefined } & Now): Standing {
  const seconds = BigInt(Math.floor(now / 1000))
  if (witness === undefined || (witness.classes & CLASSES.counter) === 0) {
    return no({
      code: 'COUNTER_UNKNOWN',
      title: 'The book does not know this counter yet',
      sentence: 'Show the address below to the organiser, who adds it as a counter of the book.',
    })
  }
  if (seconds < witness.validFrom) {
    return no({
      code: 'COUNTER_NOT_YET',
      title: 'This counter’s time has not come',
      sentence: 'The organiser has added it for later. Its codes count from then on.',
    })
  }
  if (seconds >= witness.validUntil) {
    return no({
      code: 'COUNTER_OVER',
      title: 'This counter’s time is over',
      sentence: 'The organiser can add it again, for longer.',
    })
  }
  return { isReady: true, until: witness.validUntil }
}

/** The campaigns that ask for a place, the one to serve now first: open, else the next to open, else the last. */
export function campaignsToServe({
  campaigns,
  now,
}: { campaigns: readonly Campaign[] } & Now): Campaign[] {
  const seconds = BigInt(Math.floor(now / 1000))
  const rank = ({ terms }: Campaign) =>
    seconds >= terms.closesAt ? 2 : seconds >= terms.opensAt ? 0 : 1
  return campaigns
    .filter(({ terms }) => terms.sites > 0)
    .toSorted((a, b) => rank(a) - rank(b) || Number(a.terms.opensAt - b.terms.opensAt))
}

/** The sites that this counter may show for a campaign. */
export function sitesToServe({
  campaign,
  witness,
}: {
  campaign: Campaign
  witness: BookWitness | undefined
}): number[] {
  const all = Array.from({ length: campaign.terms.sites }, (_, index) => index + 1)
  return witness === undefined || witness.site === 0
    ? all
    : all.filter((site) => site === witness.site)
}

/** The code of the turn that `now` lies in, signed in this browser without any network. */
export async function beaconAt({
  account,
  chainId,
  book,
  campaignId,
  site,
  now,
}: BookPlace & {
  account: PrivateKeyAccount
  campaignId: bigint
  site: number
} & Now): Promise<ShownBeacon> {
  const shownAt = turnAt(now)
  const beacon = { campaignId, site, shownAt: BigInt(shownAt) }
  const signature = await account.signTypedData({
    domain: domainOf({ chainId, book }),
    types: beaconTypes,
    primaryType: 'Beacon',
    message: beacon,
  })
  return { text: writeBeacon({ ...beacon, signature }), shownAt }
}

/** How many whole seconds a turn still has, 15 to 1. */
export function secondsLeft({ shownAt, now }: { shownAt: number } & Now): number {
  return Math.min(Math.max(Math.ceil(shownAt + TURN_SECONDS - now / 1000), 1), TURN_SECONDS)
}

function no(why: { code: string; title: string; sentence: string }): Standing {
  return { isReady: false, ...why }
}
