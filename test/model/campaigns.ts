// What a campaign promises, and when that may change.
import type { Call, Terms } from './calls.ts'
import { campaignOf, countOf, standing, type Campaign } from './coupons.ts'
import { refuse, type Happening, type Value } from './outcome.ts'
import { endsAt, givenBack, isOnlyLonger, termsFault, valuesOf } from './terms.ts'

export type Campaigns = Map<bigint, Campaign>

/** What a call does: its events, and what it returns. */
export type Answer = { events: Happening[]; returns?: Value[] }

/** A call of one kind, and the campaigns that it is about. */
export type Moment<Name extends Call['to']> = {
  campaigns: Campaigns
  call: Extract<Call, { to: Name }>
  now: bigint
}

/** Makes a campaign whose window has not passed. */
export function createCampaign({ campaigns, call, now }: Moment<'createCampaign'>): Answer {
  const { name, terms, details } = call
  requireGood(terms)
  requireFuture({ terms, now })
  const campaignId = BigInt(campaigns.size) + 1n
  campaigns.set(campaignId, campaignOf(terms))
  const args = [campaignId, name, valuesOf(terms), details]
  return { events: [{ event: 'CampaignCreated', args }], returns: [campaignId] }
}

/** Before it opens any terms, as long as they hold what was issued; after that only longer ones. */
export function changeTerms({ campaigns, call, now }: Moment<'changeTerms'>): Answer {
  const { campaignId, terms } = call
  const campaign = running({ campaigns, campaignId, now })
  requireGood(terms)
  const { opensAt } = campaign.terms
  if (now >= opensAt) {
    const isFrozen = !isOnlyLonger({ from: campaign.terms, to: terms })
    if (isFrozen) refuse({ error: 'TermsFrozen', args: [opensAt, now] })
  } else {
    requireFuture({ terms, now })
    const least = standing(campaign)
    if (terms.supply < least) refuse({ error: 'SupplyBelowIssued', args: [terms.supply, least] })
    const hasStandby = countOf({ shards: campaign.standby }) > 0n
    if (terms.heldUntil === 0n && hasStandby) refuse({ error: 'NoStandby', args: [campaignId] })
  }
  campaign.terms = terms
  return { events: [{ event: 'TermsChanged', args: [campaignId, valuesOf(terms)] }] }
}

/** Stops redemptions. */
export function pause({
  campaigns,
  call: { campaignId },
  now,
}: Moment<'pause' | 'resume'>): Answer {
  running({ campaigns, campaignId, now }).pausedAt = now
  return { events: [{ event: 'CampaignPaused', args: [campaignId] }] }
}

/** Goes on, with the lost time given back. */
export function resume({ campaigns, call, now }: Moment<'pause' | 'resume'>): Answer {
  const { campaignId } = call
  const campaign = existing({ campaigns, campaignId })
  const { terms, pausedAt } = campaign
  if (pausedAt === 0n) refuse({ error: 'CampaignNotPaused', args: [campaignId] })
  campaign.terms = givenBack({ terms, pausedAt, now })
  campaign.pausedAt = 0n
  const args = [campaignId, valuesOf(campaign.terms)]
  return { events: [{ event: 'CampaignResumed', args }] }
}

/** The campaign, if there is one. */
export function existing({
  campaigns,
  campaignId,
}: {
  campaigns: Campaigns
  campaignId: bigint
}): Campaign {
  return campaigns.get(campaignId) ?? refuse({ error: 'UnknownCampaign', args: [campaignId] })
}

/** The campaign, if it is not paused. */
export function unpaused({
  campaigns,
  campaignId,
}: {
  campaigns: Campaigns
  campaignId: bigint
}): Campaign {
  const campaign = existing({ campaigns, campaignId })
  const { pausedAt } = campaign
  if (pausedAt !== 0n) refuse({ error: 'CampaignIsPaused', args: [campaignId, pausedAt] })
  return campaign
}

/** The campaign, if it is neither paused nor over. */
export function running({
  campaigns,
  campaignId,
  now,
}: {
  campaigns: Campaigns
  campaignId: bigint
  now: bigint
}): Campaign {
  const campaign = unpaused({ campaigns, campaignId })
  const end = endsAt(campaign.terms)
  if (now >= end) refuse({ error: 'CampaignIsOver', args: [end, now] })
  return campaign
}

function requireGood(terms: Terms): void {
  const fault = termsFault(terms)
  if (fault !== undefined) refuse(fault)
}

function requireFuture({ terms: { closesAt }, now }: { terms: Terms; now: bigint }): void {
  if (now >= closesAt) refuse({ error: 'WindowHasPassed', args: [closesAt, now] })
}
