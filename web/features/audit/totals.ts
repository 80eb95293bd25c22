import { FIRST_STANDBY_SHARD, rootOf, shardsOfIssue } from '@coupon-secure/protocol/coupon'
import type { Hex } from 'viem'
import type { Entry } from './history.ts'

/** `issued = redeemed + revoked + unused`, for one campaign. */
export type Totals = { issued: bigint; redeemed: bigint; revoked: bigint; unused: bigint }

/** What the events say of one campaign. */
export type CampaignTotals = {
  campaignId: bigint
  name: string
  supply: bigint
  totals: Totals
  isPaused: boolean
  isClosed: boolean
}

/** Every campaign's ledger by its events alone, by number. */
export function totalsOf(entries: readonly Entry[]): CampaignTotals[] {
  const found = new Map<bigint, CampaignTotals>()
  // Oldest first, so that later terms replace earlier ones.
  for (const entry of entries.toReversed()) {
    if (!('campaignId' in entry)) continue
    const known = found.get(entry.campaignId) ?? blank(entry.campaignId)
    found.set(entry.campaignId, after({ known, entry }))
  }
  return [...found.values()]
    .map((campaign) => ({ ...campaign, totals: withUnused(campaign.totals) }))
    .sort((a, b) => (a.campaignId < b.campaignId ? -1 : 1))
}

/** The roots of a campaign's shards in order, standby left out, rebuilt from its issues, for the contract's `ledger`. */
export function rootsOf({
  entries,
  campaignId,
}: {
  entries: readonly Entry[]
  campaignId: bigint
}): Hex[] {
  return entries
    .flatMap((entry) =>
      entry.kind === 'issue' && entry.campaignId === campaignId ? shardsOfIssue(entry) : [],
    )
    .filter(({ index }) => index < FIRST_STANDBY_SHARD)
    .sort((a, b) => (a.index < b.index ? -1 : 1))
    .map(rootOf)
}

/** Where two ledgers differ; empty where they agree. */
export function differencesOf({
  events,
  chain,
}: {
  events: Totals
  chain: Totals
}): { name: keyof Totals; events: bigint; chain: bigint }[] {
  const names = ['issued', 'redeemed', 'revoked', 'unused'] as const
  return names.flatMap((name) =>
    events[name] === chain[name] ? [] : [{ name, events: events[name], chain: chain[name] }],
  )
}

function blank(campaignId: bigint): CampaignTotals {
  return {
    campaignId,
    name: `Campaign ${campaignId}`,
    supply: 0n,
    totals: { issued: 0n, redeemed: 0n, revoked: 0n, unused: 0n },
    isPaused: false,
    isClosed: false,
  }
}

function after({ known, entry }: { known: CampaignTotals; entry: Entry }): CampaignTotals {
  const { totals } = known
  switch (entry.kind) {
    case 'campaign':
      return { ...known, name: entry.name, supply: entry.terms.supply }
    case 'terms':
      return { ...known, supply: entry.terms.supply }
    case 'pause':
      return { ...known, isPaused: true }
    case 'resumption':
      return { ...known, isPaused: false, supply: entry.terms.supply }
    case 'issue': {
      const issued = totals.issued + BigInt(entry.holders.length)
      return { ...known, totals: { ...totals, issued } }
    }
    case 'redemption':
      return { ...known, totals: { ...totals, redeemed: totals.redeemed + 1n } }
    case 'revocation':
      return { ...known, totals: { ...totals, revoked: totals.revoked + 1n } }
    case 'closing':
      return { ...known, isClosed: true }
    default:
      return known
  }
}

function withUnused({ issued, redeemed, revoked }: Totals): Totals {
  return { issued, redeemed, revoked, unused: issued - redeemed - revoked }
}
