import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { type ChainClient, clientOf } from './client.ts'
import type { AppConfig } from './parse-config.ts'

/** A book on the configured chain. */
export type BookOf = { config: AppConfig; book: Address }

/**
 * Asks a contract's view. viem's own `readContract` brings overrides, blobs, multicall and CCIP with it, which no page here
 * uses: 14 kB (gzip) that every phone would load before the first coupon shows.
 */
export async function ask({
  client,
  address,
  data,
}: {
  client: ChainClient
  address: Address
  data: Hex
}): Promise<Hex> {
  return await client.request({ method: 'eth_call', params: [{ to: address, data }, 'latest'] })
}

/** What a campaign promises, as the contract says it now. */
export async function readTerms({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  const view = { abi: couponBookAbi, functionName: 'campaign' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** Since when a campaign is paused, unix seconds; 0 where it is not. */
export async function readPausedAt({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  const view = { abi: couponBookAbi, functionName: 'pausedAt' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** What a campaign's own counters say: shards, standby, what is left for all. */
export async function readCounters({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  const view = { abi: couponBookAbi, functionName: 'countersOf' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** How many coupons could still be issued in a campaign. */
export async function readSupplyLeft({
  config,
  book,
  campaignId,
}: BookOf & { campaignId: bigint }) {
  const view = { abi: couponBookAbi, functionName: 'supplyLeft' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** A campaign's count; the contract checks the roots it is given, those of the shards not counted yet. */
export async function readLedger({
  config,
  book,
  campaignId,
  roots,
}: BookOf & { campaignId: bigint; roots: readonly Hex[] }) {
  const view = { abi: couponBookAbi, functionName: 'ledger' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId, roots] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** The used and the revoked seats of a shard, as words of bits. */
export async function readSeats({
  config,
  book,
  campaignId,
  shard,
  root,
}: BookOf & { campaignId: bigint; shard: bigint; root: Hex }) {
  const view = { abi: couponBookAbi, functionName: 'seatsOf' } as const
  const data = encodeFunctionData({ ...view, args: [campaignId, shard, root] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  const [used, revoked] = decodeFunctionResult({ ...view, data: answer })
  return { used, revoked }
}

/** A witness's entry; all zero where the key is none. */
export async function readWitness({ config, book, key }: BookOf & { key: Address }) {
  const view = { abi: couponBookAbi, functionName: 'witness' } as const
  const data = encodeFunctionData({ ...view, args: [key] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** Whether an account has one of the book's roles. */
export async function readHasRole({
  config,
  book,
  role,
  account,
}: BookOf & { role: Hex; account: Address }) {
  const view = { abi: couponBookAbi, functionName: 'hasRole' } as const
  const data = encodeFunctionData({ ...view, args: [role, account] })
  const answer = await ask({ client: clientOf(config), address: book, data })
  return decodeFunctionResult({ ...view, data: answer })
}

/** To whom the book is being handed over, the zero address where to nobody. */
export async function readPendingAdmin({ config, book }: BookOf): Promise<Address> {
  const view = { abi: couponBookAbi, functionName: 'pendingDefaultAdmin' } as const
  const data = encodeFunctionData(view)
  const answer = await ask({ client: clientOf(config), address: book, data })
  const [newAdmin] = decodeFunctionResult({ ...view, data: answer })
  return newAdmin
}
