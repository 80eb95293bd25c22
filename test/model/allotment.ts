// Who gets a coupon, and how a campaign's coupons are counted in the end.
import type { Root } from './calls.ts'
import { existing, running, unpaused, type Answer, type Moment } from './campaigns.ts'
import {
  countOf,
  FIRST_STANDBY,
  ledgerOf,
  openShards,
  SEATS,
  shardWith,
  supplyLeft,
  type Campaign,
} from './coupons.ts'
import { refuse, type Happening } from './outcome.ts'
import { endsAt, isLate } from './terms.ts'
import { serialOf } from './trees.ts'

const LONGEST_LIST = 50n * BigInt(SEATS)
const ADDRESS_END = 2n ** 160n

/** Gives one coupon to each holder, within the supply or beyond it. */
export function issue({ campaigns, call, now }: Moment<'issue' | 'issueStandby'>): {
  events: Happening[]
  returns: [bigint]
} {
  const { campaignId, holders } = call
  const isStandby = call.to === 'issueStandby'
  const campaign = existing({ campaigns, campaignId })
  const asked = BigInt(holders.length)
  if (asked === 0n) refuse({ error: 'EmptyList', args: [] })
  if (asked > LONGEST_LIST) refuse({ error: 'ListTooLong', args: [asked, LONGEST_LIST] })
  const { closesAt, heldUntil } = campaign.terms
  if (now >= closesAt) refuse({ error: 'CampaignHasClosed', args: [closesAt, now] })
  if (isStandby && heldUntil === 0n) refuse({ error: 'NoStandby', args: [campaignId] })
  const left = supplyLeft(campaign)
  if (!isStandby && asked > left) refuse({ error: 'SupplyExceeded', args: [asked, left] })
  const invalid = holders.findIndex((holder) => !isAddress(holder))
  if (invalid >= 0) refuse({ error: 'HolderInvalid', args: [BigInt(invalid)] })
  const firstShard = openShards({ campaign, holders, isStandby })
  return {
    events: [{ event: 'Issued', args: [campaignId, firstShard, holders] }],
    returns: [firstShard],
  }
}

/** Takes unused coupons of one shard back. */
export function revoke({ campaigns, call, now }: Moment<'revoke' | 'reallot'>): Answer {
  const { campaignId, root, serials, reason } = call
  const campaign = existing({ campaigns, campaignId })
  const asked = BigInt(serials.length)
  if (asked === 0n) refuse({ error: 'EmptyList', args: [] })
  if (asked > BigInt(SEATS)) refuse({ error: 'ListTooLong', args: [asked, BigInt(SEATS)] })
  const end = endsAt(campaign.terms)
  if (now >= end) refuse({ error: 'CampaignIsOver', args: [end, now] })
  const events = serials.map((serial): Happening => {
    const index = serial >> 8n
    const shard = shardWith({ campaign, index, root })
    if (shard === undefined) {
      return refuse({ error: 'UnknownShard', args: [campaignId, index, root.bytes] })
    }
    const seat = Number(serial & 255n)
    const status = shard.statuses[seat]
    if (status === 'revoked') refuse({ error: 'CouponIsRevoked', args: [campaignId, serial] })
    // A seat that nobody ever had looks used (docs/decisions.md#missing-seats).
    if (status !== 'unused') refuse({ error: 'CouponAlreadyRedeemed', args: [campaignId, serial] })
    shard.statuses[seat] = 'revoked'
    return { event: 'CouponRevoked', args: [campaignId, serial, reason] }
  })
  return { events }
}

/** Takes coupons back and gives others in their stead. */
export function reallot({ campaigns, call, now }: Moment<'reallot'>): Answer {
  const { campaignId, serials, holders } = call
  if (serials.length !== holders.length) {
    const lengths = [BigInt(serials.length), BigInt(holders.length)]
    refuse({ error: 'ListsDiffer', args: lengths })
  }
  const revoked = revoke({ campaigns, call, now })
  const isStandby = serials[0]! >> 8n >= FIRST_STANDBY
  const to = isStandby ? 'issueStandby' : 'issue'
  const issued = issue({ campaigns, call: { to, campaignId, holders }, now })
  const [firstShard] = issued.returns
  const named = serials.map((replaced, i) => ({
    event: 'CouponReallotted',
    args: [campaignId, replaced, serialOf({ index: firstShard, seat: i })],
  }))
  return { events: [...revoked.events, ...issued.events, ...named], returns: issued.returns }
}

/** Counts the next shards once nothing is held any more. */
export function release({ campaigns, call, now }: Moment<'release' | 'close'>): Answer {
  const { campaignId, roots } = call
  const campaign = running({ campaigns, campaignId, now })
  const { terms } = campaign
  if (terms.heldUntil === 0n) refuse({ error: 'NoStandby', args: [campaignId] })
  if (!isLate({ terms, now })) refuse({ error: 'StandbyNotYet', args: [terms.heldUntil, now] })
  if (roots.length === 0) refuse({ error: 'EmptyList', args: [] })
  const unused = countShards({ campaign, campaignId, roots })
  const args = [campaignId, BigInt(roots.length), unused]
  return { events: [{ event: 'UnusedReleased', args }] }
}

/** Counts what is not counted yet, and says how it ended once that is all. */
export function close({ campaigns, call, now }: Moment<'release' | 'close'>): Answer {
  const { campaignId, roots } = call
  const campaign = unpaused({ campaigns, campaignId })
  const end = endsAt(campaign.terms)
  if (now < end) refuse({ error: 'CampaignNotOver', args: [end, now] })
  const unused = countShards({ campaign, campaignId, roots })
  if (campaign.counted < campaign.shards.length) {
    if (roots.length === 0) refuse({ error: 'EmptyList', args: [] })
    const args = [campaignId, BigInt(roots.length), unused]
    return { events: [{ event: 'ShardsCounted', args }] }
  }
  campaign.isClosed = true
  return { events: [{ event: 'CampaignClosed', args: [campaignId, ...ledgerOf(campaign)] }] }
}

function countShards({
  campaign,
  campaignId,
  roots,
}: {
  campaign: Campaign
  campaignId: bigint
  roots: readonly Root[]
}): bigint {
  if (campaign.isClosed) refuse({ error: 'AlreadyClosed', args: [campaignId] })
  const { counted, shards } = campaign
  const uncounted = shards.length - counted
  if (roots.length > uncounted) {
    refuse({ error: 'RootsDoNotFit', args: [BigInt(roots.length), BigInt(uncounted)] })
  }
  const next = roots.map((root, i) => {
    const index = BigInt(counted + i)
    const args = [campaignId, index, root.bytes]
    return shardWith({ campaign, index, root }) ?? refuse({ error: 'UnknownShard', args })
  })
  campaign.counted += roots.length
  return countOf({ shards: next, status: 'unused' })
}

function isAddress(holder: string): boolean {
  const number = BigInt(holder)
  return number > 0n && number < ADDRESS_END
}
