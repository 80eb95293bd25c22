import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { shardOf } from '@coupon-secure/protocol/coupon'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem'
import type { ContractCall } from '../../../chain/ethers-signer.ts'
import type { FieldProblem } from '../../../ui/Field.tsx'
import type { ShardState, Standings } from './shard-states.ts'

/** The most coupons that one signature takes back: at some 6,000 gas each, and more to give to others, far below what a transaction may use. */
export const MOST_AT_ONCE = 600

/** The most characters of a reason: each of them is stored with each coupon, for ever. */
export const LONGEST_REASON = 120

/** A call that takes coupons back, or gives them to others. */
export type TakeBackCall = ContractCall<typeof couponBookAbi, 'revoke' | 'reallot' | 'multicall'>

/**
 * The call that takes these coupons back, or, with `holders`, issues one to each of them instead: one call to the contract for each shard,
 * all in one signature. Coupons are in the order of `holders`; no more than `MOST_AT_ONCE`.
 */
export function takeBackCall({
  book,
  campaignId,
  coupons,
  holders,
  shards,
  reason,
}: {
  book: Address
  campaignId: bigint
  coupons: readonly Pick<Standings, 'serial'>[]
  holders?: readonly Address[] | undefined
  shards: readonly Pick<ShardState, 'index' | 'root'>[]
  reason: string
}): TakeBackCall {
  const roots = new Map(shards.map(({ index, root }) => [index, root]))
  const groups = new Map<bigint, { serials: bigint[]; holders: Address[] }>()
  for (const [place, { serial }] of coupons.entries()) {
    const group = groups.get(shardOf(serial)) ?? { serials: [], holders: [] }
    group.serials.push(serial)
    const holder = holders?.[place]
    if (holder !== undefined) group.holders.push(holder)
    groups.set(shardOf(serial), group)
  }
  const of = { abi: couponBookAbi, address: book } as const
  const calls = [...groups].map(([shard, group]): TakeBackCall => {
    const root: Hex = roots.get(shard) ?? '0x'
    const { serials } = group
    return holders === undefined
      ? { ...of, functionName: 'revoke', args: [campaignId, root, serials, reason] }
      : { ...of, functionName: 'reallot', args: [campaignId, root, serials, group.holders, reason] }
  })
  const [only] = calls
  if (calls.length === 1 && only !== undefined) return only
  return { ...of, functionName: 'multicall', args: [calls.map((call) => encodeFunctionData(call))] }
}

/** What is wrong with a reason, which stands in the public record. */
export function checkReason(reason: string): FieldProblem | undefined {
  const text = reason.trim()
  if (text === '') {
    return { code: 'REASON_MISSING', message: 'Say why: it stands in the public record.' }
  }
  if (text.length <= LONGEST_REASON) return undefined
  const message = `A reason has ${LONGEST_REASON} characters at most; this one has ${text.length}.`
  return { code: 'REASON_TOO_LONG', message }
}

/** What a mined transaction has come to, by its own events. */
export function takenBack({ logs }: Pick<TransactionReceipt, 'logs'>): string {
  const events = parseEventLogs({
    abi: couponBookAbi,
    eventName: ['CouponRevoked', 'CouponReallotted'],
    logs,
  })
  const revoked = events.filter(({ eventName }) => eventName === 'CouponRevoked').length
  const given = events.length - revoked
  const coupons = `${revoked.toLocaleString('en-GB')} coupon${revoked === 1 ? '' : 's'}`
  if (given === 0) return `Taken back: ${coupons}. Nobody can use them any more.`
  return `Given to others: ${coupons}. The record names each new one and the one that it replaces.`
}
