// Where a sequence stands, and what somebody might pick from it.
import type { BookState } from './book.ts'
import type { Address } from './calls.ts'
import { addressOf } from './cast.ts'
import type { Campaign, Shard, Status } from './coupons.ts'
import type { Random } from './random.ts'
import { endsAt } from './terms.ts'

/** What is known when the next call is thought of. */
export type Situation = {
  random: Random
  state: BookState
  book: Address
  wallet: Address
  now: bigint
}

/** A campaign and its number. */
export type Found = { campaignId: bigint; campaign: Campaign }

/** A campaign looked at now. */
export type Pointed = { situation: Situation; found: Found }

/** A seat of a shard. */
export type Seat = { shard: Shard; seat: number }

/** Those who may be given coupons: people, a contract, and two who have other things to do as well. */
export function possibleHolders({ wallet }: Situation): Address[] {
  const names = ['holder 1', 'holder 2', 'holder 3', 'holder 4', 'holder 5'] as const
  return [...names.map(addressOf), wallet, addressOf('counter'), addressOf('manager')]
}

/** Campaigns that are not over. */
export function alive({ state, now }: Pick<Situation, 'state' | 'now'>): Found[] {
  return foundIn(state).filter(({ campaign }) => now < endsAt(campaign.terms))
}

/** Whether coupons of the campaign can be used now. */
export function isOpen({ situation: { now }, found }: Pointed): boolean {
  const { terms, pausedAt } = found.campaign
  return pausedAt === 0n && now >= terms.opensAt && now < endsAt(terms)
}

/** All campaigns. */
export function foundIn({ campaigns }: BookState): Found[] {
  return [...campaigns].map(([campaignId, campaign]) => ({ campaignId, campaign }))
}

/** One of the campaigns that fit, else any; where the book has none, nothing. */
export function pickCampaign({
  situation,
  fits,
}: {
  situation: Situation
  fits: (found: Found) => boolean
}): Found | undefined {
  const { random, state } = situation
  const all = foundIn(state)
  const fitting = all.filter(fits)
  if (fitting.length > 0 && random.chance(0.9)) return random.pick(fitting)
  return all.length > 0 ? random.pick(all) : undefined
}

/** The campaign's number, or now and then one that no campaign has. */
export function numberOf({
  situation: { random, state },
  found,
}: {
  situation: Situation
  found: Found | undefined
}): bigint {
  const unknown = random.pick([0n, BigInt(state.campaigns.size) + 1n, 2n ** 255n])
  return found === undefined || random.chance(0.02) ? unknown : found.campaignId
}

/** The seats of a campaign that stand so. */
export function seatsOf({
  campaign: { shards, standby },
  status,
}: {
  campaign: Campaign
  status?: Status
}): Seat[] {
  return [...shards, ...standby].flatMap((shard) =>
    shard.statuses.flatMap((one, seat) =>
      status === undefined || one === status ? [{ shard, seat }] : [],
    ),
  )
}
