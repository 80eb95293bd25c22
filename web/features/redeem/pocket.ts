import { type HeldCoupon, isSeatUsed, seatOf, shardOf } from '@coupon-secure/protocol/coupon'
import { CLASSES } from '@coupon-secure/protocol/presence'
import type { Campaign, Counters } from '../../chain/book-queries.ts'
import { turnOf } from './turn.ts'
import { distanceText, momentText, spanText } from './when.ts'

/** The two words of a shard, as `seatsOf` returns them. */
export type Seats = { used: bigint; revoked: bigint }

/** What the device itself makes of its position and one geofence. The oracle decides; this only sorts. */
export type Whereabouts =
  | { kind: 'unknown' }
  | { kind: 'inside'; site: string }
  | { kind: 'outside'; site: string; metres: number; towards: Direction }
  | { kind: 'unsure'; sentence: string }

/** Where a place lies, seen from here. */
export type Direction =
  'north' | 'north-east' | 'east' | 'south-east' | 'south' | 'south-west' | 'west' | 'north-west'

/** How a coupon stands for its holder now, in the order in which a pocket shows them. */
export const STANDINGS = [
  'here',
  'usable',
  'paused',
  'standby',
  'later',
  'elsewhere',
  'counter',
  'nothing-left',
  'used',
  'expired',
  'revoked',
] as const

/** One of `STANDINGS`, or not known before the chain has answered. */
export type Standing = (typeof STANDINGS)[number] | 'unread'

/** A coupon with its campaign, how it stands and why. */
export type PocketCoupon = {
  key: string
  coupon: HeldCoupon
  campaign: Campaign
  standing: Standing
  why: string
}

/** Coupons that stand alike. */
export type PocketGroup = { standing: Standing; title: string; coupons: PocketCoupon[] }

const TITLES: Record<Standing, string> = {
  here: 'Usable here, now',
  usable: 'Usable now',
  paused: 'Paused',
  standby: 'Standby',
  later: 'Later',
  elsewhere: 'At another place',
  counter: 'At a counter only',
  'nothing-left': 'Nothing left',
  used: 'Used',
  expired: 'Expired',
  revoked: 'Taken back',
  unread: 'Looking at the chain …',
}

/** A holder's coupons in groups: what can be used here and now first; empty groups are left out. */
export function pocketOf({
  coupons,
  campaigns,
  seats,
  counters,
  whereabouts,
  now,
  zone,
}: {
  coupons: readonly HeldCoupon[]
  campaigns: readonly Campaign[]
  /** By `seatsKey`. */
  seats: ReadonlyMap<string, Seats>
  /** By campaign; they matter where coupons are held for a time only. */
  counters: ReadonlyMap<bigint, Counters>
  /** By geofence hash. */
  whereabouts: ReadonlyMap<string, Whereabouts>
  /** Unix seconds. */
  now: number
  zone?: string
}): PocketGroup[] {
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
  const standing = coupons.flatMap((coupon): PocketCoupon[] => {
    const campaign = byId.get(coupon.campaignId)
    if (campaign === undefined) return []
    const where = whereabouts.get(campaign.terms.geofenceHash) ?? { kind: 'unknown' }
    const chain = { seats: seats.get(seatsKey(coupon)), counters: counters.get(campaign.id) }
    const facts = { coupon, campaign, ...chain, where, now, zone }
    return [{ key: couponKey(coupon), coupon, campaign, ...standingOf(facts) }]
  })
  return [...STANDINGS, 'unread' as const].flatMap((one) => {
    const alike = standing.filter((coupon) => coupon.standing === one).sort(byUrgency)
    return alike.length > 0 ? [{ standing: one, title: TITLES[one], coupons: alike }] : []
  })
}

/** The coupon's name within its book. */
export function couponKey({ campaignId, serial }: { campaignId: bigint; serial: bigint }): string {
  return `${campaignId}.${serial}`
}

/** The name of the shard's words that say how the coupon stands. */
export function seatsKey({ campaignId, serial }: { campaignId: bigint; serial: bigint }): string {
  return `${campaignId}.${shardOf(serial)}`
}

/** Whether a coupon may be tried now; the rest have their reason in `why`. */
export function isUsable({ standing }: PocketCoupon): boolean {
  return standing === 'here' || standing === 'usable' || standing === 'elsewhere'
}

/** Whether the campaign asks a location oracle. */
export function asksForPlace({ terms }: Campaign): boolean {
  return (terms.requiredWitnesses & CLASSES.location) !== 0
}

/** Whether the campaign asks for a witness that no oracle can be, such as the counter's device. */
export function asksForMore({ terms }: Campaign): boolean {
  return (terms.requiredWitnesses & ~CLASSES.location) !== 0
}

type Facts = {
  coupon: HeldCoupon
  campaign: Campaign
  seats: Seats | undefined
  counters: Counters | undefined
  where: Whereabouts
  now: number
  zone: string | undefined
}

function standingOf({ coupon, campaign, seats, counters, where, now, zone }: Facts): {
  standing: Standing
  why: string
} {
  if (seats === undefined) return { standing: 'unread', why: 'The chain has not answered yet.' }
  const seat = seatOf(coupon.serial)
  const times = { now, ...(zone && { zone }) }
  const opensAt = Number(campaign.terms.opensAt)
  const closesAt = Number(campaign.terms.closesAt)

  if (isSeatUsed({ word: seats.used, seat })) {
    return isSeatUsed({ word: seats.revoked, seat })
      ? { standing: 'revoked', why: 'The organiser took this coupon back before it was used.' }
      : { standing: 'used', why: 'This coupon has been used. It cannot be used again.' }
  }
  // Paused after its window, it is over all the same: what resuming gives back then is the grace.
  if (campaign.pausedAt !== 0n && Number(campaign.pausedAt) < closesAt) {
    return {
      standing: 'paused',
      why: 'Paused by the organiser. The time lost will be given back.',
    }
  }
  if (now >= closesAt) {
    return {
      standing: 'expired',
      why: `Its time ended ${momentText({ at: closesAt, ...times })}. It was not used.`,
    }
  }
  const turn = turnOf({ coupon, terms: campaign.terms, counters, ...times })
  if (turn.kind === 'waits') return { standing: 'standby', why: turn.note }
  if (now < opensAt) {
    const wait = spanText(opensAt - now)
    return { standing: 'later', why: `Opens ${momentText({ at: opensAt, ...times })}, in ${wait}.` }
  }
  if (turn.kind === 'nothing-left') return { standing: 'nothing-left', why: turn.note }
  if (asksForMore(campaign)) {
    return {
      standing: 'counter',
      why: 'This coupon also needs the counter’s own device. Show it to the staff there.',
    }
  }
  const until = `until ${momentText({ at: closesAt, ...times })} (${spanText(closesAt - now)} left)`
  const { standing, why } = placed({ campaign, where, until: until.replace('today at ', '') })
  return { standing, why: turn.note === '' ? why : `${why} ${turn.note}` }
}

function placed({
  campaign,
  where,
  until,
}: {
  campaign: Campaign
  where: Whereabouts
  until: string
}): { standing: Standing; why: string } {
  if (!asksForPlace(campaign)) return { standing: 'here', why: `At any place, ${until}.` }
  switch (where.kind) {
    case 'inside':
      return { standing: 'here', why: `You are at ${where.site}. Open ${until}.` }
    case 'outside':
      return {
        standing: 'elsewhere',
        why: `${where.site} is about ${distanceText(where.metres)} to the ${where.towards}. Open there ${until}.`,
      }
    case 'unsure':
      return { standing: 'usable', why: `${where.sentence} Open ${until}.` }
    case 'unknown':
      return {
        standing: 'usable',
        why: `Open ${until}. When you use it, we check that you are there.`,
      }
  }
}

// Soonest to close, or soonest to open, first; of what is over the latest first.
function byUrgency(a: PocketCoupon, b: PocketCoupon): number {
  const over = a.standing === 'used' || a.standing === 'expired' || a.standing === 'revoked'
  const by =
    a.standing === 'later' ? 'opensAt' : a.standing === 'standby' ? 'heldUntil' : 'closesAt'
  const order = Number(a.campaign.terms[by] - b.campaign.terms[by]) * (over ? -1 : 1)
  return order || Number(a.coupon.campaignId - b.coupon.campaignId) || compare(a, b)
}

function compare(a: PocketCoupon, b: PocketCoupon): number {
  return a.coupon.serial < b.coupon.serial ? -1 : 1
}
