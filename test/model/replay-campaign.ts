// A campaign rebuilt from its events.
import type { Terms } from './calls.ts'
import {
  countOf,
  FIRST_STANDBY,
  ledgerOf,
  openShards,
  shardAt,
  type Campaign,
  type Status,
} from './coupons.ts'
import { asBig, asList, asText, type Value } from './outcome.ts'

type Told = { campaign: Campaign; args: readonly Value[] }

/** Takes an event of this campaign in, `args` being those after its number. Returns what is wrong with it. */
export function replayOn({
  campaign,
  event,
  args,
  at,
}: Told & { event: string; at: bigint }): string | undefined {
  switch (event) {
    case 'TermsChanged':
      campaign.terms = termsIn(args[0])
      return undefined
    case 'CampaignPaused':
      campaign.pausedAt = at
      return undefined
    case 'CampaignResumed':
      campaign.terms = termsIn(args[0])
      campaign.pausedAt = 0n
      return undefined
    case 'Issued':
      return issued({ campaign, args })
    case 'CouponRedeemed': {
      const [serial, holder] = [asBig(args[0]), asText(args[1])]
      const found = shardAt({ campaign, index: serial >> 8n })?.holders[seatOf(serial)]
      return found === holder
        ? becomes({ campaign, serial, status: 'redeemed' })
        : 'the coupon is not this holder’s'
    }
    case 'CouponRevoked':
      return becomes({ campaign, serial: asBig(args[0]), status: 'revoked' })
    case 'CouponReallotted': {
      const [replaced, serial] = [asBig(args[0]), asBig(args[1])]
      const isTrue =
        statusOf({ campaign, serial: replaced }) === 'revoked' &&
        statusOf({ campaign, serial }) === 'unused'
      return isTrue ? undefined : 'one was not revoked, or the other not issued'
    }
    case 'UnusedReleased':
    case 'ShardsCounted': {
      const [shards, unused] = [Number(asBig(args[0])), asBig(args[1])]
      const next = campaign.shards.slice(campaign.counted, campaign.counted + shards)
      campaign.counted += shards
      return countOf({ shards: next, status: 'unused' }) === unused
        ? undefined
        : 'another number is unused in them'
    }
    case 'CampaignClosed':
      campaign.counted = campaign.shards.length
      campaign.isClosed = true
      return ledgerOf(campaign).every((number, i) => number === args[i])
        ? undefined
        : 'the coupons say something else'
    default:
      return 'nobody knows this event'
  }
}

/** The terms as an event tells them. */
export function termsIn(told: Value | undefined): Terms {
  const fields = asList(told)
  const [opensAt, closesAt, heldUntil, grace, supply, sites, requiredWitnesses] = fields
    .slice(0, -1)
    .map(asBig)
  return {
    opensAt: opensAt!,
    closesAt: closesAt!,
    heldUntil: heldUntil!,
    grace: grace!,
    supply: supply!,
    sites: sites!,
    requiredWitnesses: requiredWitnesses!,
    geofenceHash: asText(fields.at(-1)),
  }
}

function issued({ campaign, args }: Told): string | undefined {
  const firstShard = asBig(args[0])
  const isStandby = firstShard >= FIRST_STANDBY
  const holders = asList(args[1]).map(asText)
  const opened = openShards({ campaign, holders, isStandby })
  return opened === firstShard ? undefined : `shard ${opened} would be the next`
}

function becomes({
  campaign,
  serial,
  status,
}: {
  campaign: Campaign
  serial: bigint
  status: Status
}): string | undefined {
  if (statusOf({ campaign, serial }) !== 'unused') return 'the coupon was not unused'
  shardAt({ campaign, index: serial >> 8n })!.statuses[seatOf(serial)] = status
  return undefined
}

function statusOf({
  campaign,
  serial,
}: {
  campaign: Campaign
  serial: bigint
}): Status | undefined {
  return shardAt({ campaign, index: serial >> 8n })?.statuses[seatOf(serial)]
}

function seatOf(serial: bigint): number {
  return Number(serial & 255n)
}
