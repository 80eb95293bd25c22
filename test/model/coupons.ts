// The coupons of a campaign, each with its one life. Nothing is counted as it happens: every number is looked up.
import type { Address, Root, Terms, Tree } from './calls.ts'
import { treeOf } from './trees.ts'

export const FIRST_STANDBY = 2n ** 31n
export const SEATS = 255

/** Where a coupon stands. */
export type Status = 'unused' | 'redeemed' | 'revoked'

export type Shard = { index: bigint; holders: Address[]; statuses: Status[] }

export type Campaign = {
  terms: Terms
  /** 0 while it runs. */
  pausedAt: bigint
  shards: Shard[]
  standby: Shard[]
  /** So many of `shards` were counted: what is unused in them is held no longer. */
  counted: number
  isClosed: boolean
}

/** A new campaign. */
export function campaignOf(terms: Terms): Campaign {
  return { terms, pausedAt: 0n, shards: [], standby: [], counted: 0, isClosed: false }
}

/** The shard of that number. */
export function shardAt({
  campaign,
  index,
}: {
  campaign: Campaign
  index: bigint
}): Shard | undefined {
  const { shards, standby } = campaign
  return index < FIRST_STANDBY ? shards[Number(index)] : standby[Number(index - FIRST_STANDBY)]
}

/** The shard of that number, if this is its root. */
export function shardWith({
  campaign,
  index,
  root,
}: {
  campaign: Campaign
  index: bigint
  root: Root
}): Shard | undefined {
  const shard = shardAt({ campaign, index })
  return shard !== undefined && root.tree !== undefined && isSameTree({ shard, tree: root.tree })
    ? shard
    : undefined
}

/** Adds coupons in new shards of up to 255. Returns the number of the first. */
export function openShards({
  campaign,
  holders,
  isStandby,
}: {
  campaign: Campaign
  holders: readonly Address[]
  isStandby: boolean
}): bigint {
  const into = isStandby ? campaign.standby : campaign.shards
  const first = (isStandby ? FIRST_STANDBY : 0n) + BigInt(into.length)
  for (let from = 0; from < holders.length; from += SEATS) {
    const some = holders.slice(from, from + SEATS)
    const index = first + BigInt(from / SEATS)
    into.push({ index, holders: some, statuses: some.map((): Status => 'unused') })
  }
  return first
}

/** Whether the shard's coupons wait for nobody: they are standby, or were counted. */
export function isForAll({ campaign, index }: { campaign: Campaign; index: bigint }): boolean {
  return index >= FIRST_STANDBY || index < BigInt(campaign.counted)
}

/** How many coupons stand so in these shards. */
export function countOf({ shards, status }: { shards: readonly Shard[]; status?: Status }): bigint {
  const statuses = shards.flatMap((shard) => shard.statuses)
  return BigInt(statuses.filter((one) => status === undefined || one === status).length)
}

/** What is neither used, by anybody, nor still held for somebody. */
export function leftForAll({ terms, shards, standby, counted }: Campaign): bigint {
  const held = countOf({ shards: shards.slice(counted), status: 'unused' })
  return terms.supply - held - countOf({ shards: [...shards, ...standby], status: 'redeemed' })
}

/** How many stand issued: neither revoked nor standby. */
export function standing({ shards }: Campaign): bigint {
  return countOf({ shards }) - countOf({ shards, status: 'revoked' })
}

/** How many coupons could still be issued. */
export function supplyLeft(campaign: Campaign): bigint {
  const left = campaign.terms.supply - standing(campaign)
  const free = leftForAll(campaign)
  return left < free ? left : free
}

/** The ledger: issued, redeemed, revoked, unused. */
export function ledgerOf({ shards: within, standby }: Campaign): [bigint, bigint, bigint, bigint] {
  const shards = [...within, ...standby]
  return [
    countOf({ shards }),
    countOf({ shards, status: 'redeemed' }),
    countOf({ shards, status: 'revoked' }),
    countOf({ shards, status: 'unused' }),
  ]
}

function isSameTree({ shard, tree }: { shard: Shard; tree: Tree }): boolean {
  return treeOf(shard).root === treeOf(tree).root
}
