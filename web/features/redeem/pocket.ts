import { type HeldCoupon, isSeatUsed, seatOf, shardOf } from '@coupon-secure/protocol/coupon'
import { CLASSES } from '@coupon-secure/protocol/presence'
import type { Campaign, Counters } from '../../chain/book-queries.ts'
import type { Failure } from '../../chain/explain-revert.ts'
import type { Words } from '../../words/words.ts'
import { turnOf } from './turn.ts'
import { distanceText, momentText, spanText } from './when.ts'

/** The two words of a shard, as `seatsOf` returns them. */
export type Seats = { used: bigint; revoked: bigint }

/** What the device itself makes of its position and one geofence. The oracle decides; this only sorts. */
export type Whereabouts =
  | { kind: 'unknown' }
  | { kind: 'inside'; site: string }
  | { kind: 'outside'; site: string; metres: number; towards: Direction }
  | { kind: 'unsure'; failure: Failure }

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
export type PocketGroup = { standing: Standing; coupons: PocketCoupon[] }

/** A holder's coupons in groups: what can be used here and now first; empty groups are left out. */
export function pocketOf({
  coupons,
  campaigns,
  seats,
  counters,
  whereabouts,
  now,
  zone,
  words,
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
  words: Words
}): PocketGroup[] {
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
  const standing = coupons.flatMap((coupon): PocketCoupon[] => {
    const campaign = byId.get(coupon.campaignId)
    if (campaign === undefined) return []
    const where = whereabouts.get(campaign.terms.geofenceHash) ?? { kind: 'unknown' }
    const chain = { seats: seats.get(seatsKey(coupon)), counters: counters.get(campaign.id) }
    const facts = { coupon, campaign, ...chain, where, now, zone, words }
    return [{ key: couponKey(coupon), coupon, campaign, ...standingOf(facts) }]
  })
  return [...STANDINGS, 'unread' as const].flatMap((one) => {
    const alike = standing.filter((coupon) => coupon.standing === one).sort(byUrgency)
    return alike.length > 0 ? [{ standing: one, coupons: alike }] : []
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
  words: Words
}

function standingOf({ coupon, campaign, seats, counters, where, now, zone, words }: Facts): {
  standing: Standing
  why: string
} {
  const { say } = words
  if (seats === undefined) return { standing: 'unread', why: say('why.unread') }
  const seat = seatOf(coupon.serial)
  const times = { now, zone, words }
  const opensAt = Number(campaign.terms.opensAt)
  const closesAt = Number(campaign.terms.closesAt)

  if (isSeatUsed({ word: seats.used, seat })) {
    return isSeatUsed({ word: seats.revoked, seat })
      ? { standing: 'revoked', why: say('why.revoked') }
      : { standing: 'used', why: say('why.used') }
  }
  // Paused after its window, it is over all the same: what resuming gives back then is the grace.
  if (campaign.pausedAt !== 0n && Number(campaign.pausedAt) < closesAt) {
    return { standing: 'paused', why: say('why.paused') }
  }
  if (now >= closesAt) {
    const moment = momentText({ at: closesAt, ...times })
    return { standing: 'expired', why: say('why.expired', { moment }) }
  }
  const turn = turnOf({ coupon, terms: campaign.terms, counters, ...times })
  if (turn.kind === 'waits') return { standing: 'standby', why: turn.note }
  if (now < opensAt) {
    const moment = momentText({ at: opensAt, ...times })
    const span = spanText({ seconds: opensAt - now, words })
    return { standing: 'later', why: say('why.later', { moment, span }) }
  }
  if (turn.kind === 'nothing-left') return { standing: 'nothing-left', why: turn.note }
  if (asksForMore(campaign)) {
    return { standing: 'counter', why: say('why.counter') }
  }
  const moment = momentText({ at: closesAt, ...times, isShort: true })
  const until = say('why.until', { moment, span: spanText({ seconds: closesAt - now, words }) })
  const { standing, why } = placed({ campaign, where, until, words })
  return { standing, why: turn.note === '' ? why : `${why} ${turn.note}` }
}

function placed({
  campaign,
  where,
  until,
  words,
}: {
  campaign: Campaign
  where: Whereabouts
  until: string
  words: Words
}): { standing: Standing; why: string } {
  const { say, explain } = words
  if (!asksForPlace(campaign)) return { standing: 'here', why: say('why.anywhere', { until }) }
  switch (where.kind) {
    case 'inside':
      return { standing: 'here', why: say('why.here', { site: where.site, until }) }
    case 'outside': {
      const { site, metres } = where
      const towards = say(`direction.${where.towards}`)
      const distance = distanceText({ metres, words })
      return {
        standing: 'elsewhere',
        why: say('why.elsewhere', { site, distance, towards, until }),
      }
    }
    case 'unsure':
      return {
        standing: 'usable',
        why: say('why.unsure', { sentence: explain(where.failure), until }),
      }
    case 'unknown':
      return { standing: 'usable', why: say('why.usable', { until }) }
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
