import { packBatch } from '@coupon-secure/protocol/batch'
import { proofOf, SEATS_PER_SHARD, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import { redeemTypes } from '@coupon-secure/protocol/presence'
import { keccak256, toHex, type TypedDataDomain } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

import type { CouponBook } from '../types/ethers-contracts/CouponBook.js'

/** The sizes that are measured, each with seats of its own. */
export const BATCH_SIZES = [1, 10, 100] as const

/** What a batch costs: gas and calldata bytes for each coupon, and its transaction. */
export type BatchFigures = { gasEach: number; bytesEach: number; hash: string }

type BatchSize = (typeof BATCH_SIZES)[number]

const KEYED = BATCH_SIZES.reduce((sum, count) => sum + 2 * count, 0) // each size with and without sharing

/** People with keys of their own, at seats that look random and are always the same. */
export function keyedSeats({ coupons }: { coupons: number }): Map<number, PrivateKeyAccount> {
  const seats = new Map<number, PrivateKeyAccount>()
  for (let turn = 0; seats.size < KEYED; turn++) {
    const drawn = keccak256(toHex(`seat ${turn}`))
    const seat = Number(BigInt(drawn) % BigInt(coupons))
    if (!seats.has(seat)) seats.set(seat, privateKeyToAccount(drawn))
  }
  return seats
}

/** Sends a batch of each size, as a counter: holders sign, seats lie at random over all shards. */
export async function measureBatches(stage: {
  /** The book, connected to the counter that sends. */
  book: CouponBook
  domain: TypedDataDomain
  campaignId: bigint
  shards: readonly Shard[]
  seats: Map<number, PrivateKeyAccount>
  deadline: bigint
}): Promise<Record<'shared' | 'unshared', Record<BatchSize, BatchFigures>>> {
  const queue = [...stage.seats]
  const measure = async ({ count, isSharing }: { count: BatchSize; isSharing: boolean }) => {
    const people = queue.splice(0, count)
    const items = await Promise.all(people.map(([seat, key]) => itemOf({ ...stage, seat, key })))
    const packed = packBatch({ items, isSharing })
    const sent = await stage.book.redeemBatch(stage.campaignId, 1, packed.items, packed.statements)
    const receipt = await sent.wait()
    const redeemed = (receipt?.logs ?? []).filter(
      (log) => stage.book.interface.parseLog(log)?.name === 'CouponRedeemed',
    )
    if (redeemed.length !== count) throw new Error('A batch did not redeem every coupon.')
    return {
      gasEach: Math.ceil(Number(receipt?.gasUsed) / count),
      bytesEach: Math.ceil((sent.data.length - 2) / 2 / count),
      hash: sent.hash,
    }
  }
  const measureAll = async (isSharing: boolean) => ({
    1: await measure({ count: 1, isSharing }),
    10: await measure({ count: 10, isSharing }),
    100: await measure({ count: 100, isSharing }),
  })
  return { shared: await measureAll(true), unshared: await measureAll(false) }
}

async function itemOf({
  shards,
  seat,
  key,
  domain,
  campaignId,
  deadline,
}: {
  shards: readonly Shard[]
  seat: number
  key: PrivateKeyAccount
  domain: TypedDataDomain
  campaignId: bigint
  deadline: bigint
}) {
  const shard = shards[Math.floor(seat / SEATS_PER_SHARD)]
  if (shard === undefined) throw new Error('The list made fewer shards than it should.')
  const inShard = seat % SEATS_PER_SHARD
  const serial = serialAt({ shard: shard.index, seat: inShard })
  const signature = await key.signTypedData({
    domain,
    types: redeemTypes,
    primaryType: 'Redeem',
    message: { campaignId, serial, site: 1, deadline },
  })
  return {
    serial,
    proof: proofOf({ shard, seat: inShard }),
    deadline,
    signature,
    statements: [],
  }
}
