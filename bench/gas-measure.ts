import {
  packProof,
  proofOf,
  rootOf,
  serialAt,
  SEATS_PER_SHARD,
  shardsOfIssue,
  type Shard,
} from '@coupon-secure/protocol/coupon'
import { CLASSES, redeemTypes } from '@coupon-secure/protocol/presence'
import type { NetworkConnection } from 'hardhat/types/network'
import { type Address } from 'viem'

import { BATCH_SIZES, keyedSeats, measureBatches } from './gas-batch.ts'
import { type Breakdown, breakdownOf } from './gas-breakdown.ts'
import { redeemAtFloor } from './gas-floor.ts'
import {
  COUPONS,
  gasOf,
  HOUR,
  ISSUED_AT_ONCE,
  MIDDLE,
  raiseStage,
  randomHolders,
  SEATS,
  type Stage,
} from './gas-stage.ts'
import { eachOf, type L2Bytes, l2BytesOf } from './l2-bytes.ts'

/** The gas of each scenario by receipts, and the bytes of calldata where the name says so. */
export type GasRecord = Record<string, number>

/** What the bench found out about our own contracts. */
export type Measured = {
  record: GasRecord
  /** Of a redemption through a book, and of the least that a redemption could be. */
  breakdown: Record<'ours' | 'floor', Breakdown>
  /** Whole signed transactions as a rollup sees them, of a batch for each coupon. */
  l2: Record<string, L2Bytes>
}

const BATCH_CAMPAIGN = 2n

/** Measures every scenario on a chain with mainnet's rules. */
export async function measureGas(connection: NetworkConnection): Promise<Measured> {
  const stage = await raiseStage(connection)
  const { people, book, terms, time, witness, domain } = stage
  const { counter, holder, me } = people
  const createCampaign = await gasOf(book.createCampaign('Lunch, Saturday', terms, ''))
  const mine = Object.values(SEATS).map((seat) => MIDDLE * SEATS_PER_SHARD + seat)
  const holders = randomHolders(new Map(mine.map((seat) => [seat, me])))
  const issue = await issueAll({ stage, campaignId: 1n, holders })
  const issueOne = await gasOf(book.issue(1, [me]))
  const issueHundred = await gasOf(book.issue(1, holders.slice(0, 100)))
  const shards = shardsOfIssue({ campaignId: 1n, firstShard: 0n, holders })
  const last = BigInt(shards.length)
  const lone = { campaignId: 1n, index: last, holders: [me] }
  const hundred = { campaignId: 1n, index: last + 1n, holders: holders.slice(0, 100) }
  const instead = { campaignId: 1n, index: last + 2n, holders: [me] }

  await time.increaseTo(terms.opensAt + HOUR)
  const middle = shards[MIDDLE]
  const visit = async ({ shard, seat }: { shard: Shard | undefined; seat: number }) => {
    if (shard === undefined) throw new Error('The list made fewer shards than it should.')
    const serial = serialAt({ shard: shard.index, seat })
    const statement = await stage.statementFor({ campaignId: 1n, serial })
    return { serial, proof: packProof(proofOf({ shard, seat })), statements: [statement] }
  }
  const redeem = async (at: Parameters<typeof visit>[0]) => {
    const { serial, proof, statements } = await visit(at)
    return book.connect(holder).redeem(1, serial, statements, 1, proof)
  }
  const redeemEarlySeat = await gasOf(redeem({ shard: middle, seat: SEATS.early }))
  const later = redeem({ shard: middle, seat: SEATS.later })
  const redeemLaterSeat = await gasOf(later)
  const redeemLone = await gasOf(redeem({ shard: lone, seat: 0 }))

  const { serial, proof, statements } = await visit({ shard: middle, seat: SEATS.last })
  const deadline = terms.closesAt
  const permit = await holder.signTypedData(
    domain,
    { Redeem: [...redeemTypes.Redeem] },
    { campaignId: 1n, serial, site: 1, deadline },
  )
  const signature = stage.ethers.Signature.from(permit).compactSerialized
  const relayed = book
    .connect(counter)
    .redeemFor(1, serial, statements, 1, proof, me, deadline, signature)
  const redeemFor = await gasOf(relayed)

  const addWitness = await gasOf(
    book.addWitness({ ...witness, key: counter, classes: CLASSES.counter }),
  )
  const seats = keyedSeats({ coupons: COUPONS })
  const people2 = randomHolders(new Map([...seats].map(([seat, { address }]) => [seat, address])))
  await book.createCampaign(
    'Lunch, Sunday',
    { ...terms, opensAt: await time.latest(), requiredWitnesses: CLASSES.counter },
    '',
  )
  await issueAll({ stage, campaignId: BATCH_CAMPAIGN, holders: people2 })
  const batches = await measureBatches({
    book: book.connect(counter),
    domain,
    campaignId: BATCH_CAMPAIGN,
    shards: shardsOfIssue({ campaignId: BATCH_CAMPAIGN, firstShard: 0n, holders: people2 }),
    seats,
    deadline: BigInt(deadline),
  })

  const roots = [...shards, lone, hundred, instead].map(rootOf)
  const firstRoot = roots[0] ?? ''
  const revokeOne = await gasOf(book.revoke(1, firstRoot, [0], 'not coming'))
  const ten = Array.from({ length: 10 }, (_, i) => i + 1)
  const revokeTen = await gasOf(book.revoke(1, firstRoot, ten, 'not coming'))
  const reallotOne = await gasOf(book.reallot(1, firstRoot, [11], [me], 'a lost phone'))
  const pause = await gasOf(book.pause(1))
  const resume = await gasOf(book.resume(1))
  const removeWitness = await gasOf(book.removeWitness(counter))
  await time.increaseTo(terms.closesAt + terms.grace + HOUR)
  const closeAll = await gasOf(book.close(1, roots))
  const floor = await redeemAtFloor(stage)
  const batchFigures = Object.fromEntries(
    BATCH_SIZES.flatMap((count) => [
      [`batch${count}`, batches.shared[count].gasEach],
      [`batch${count}Unshared`, batches.unshared[count].gasEach],
    ]),
  )
  const record = {
    issuePerCoupon: Math.ceil(issue / COUPONS),
    redeem: Math.max(redeemEarlySeat, redeemLaterSeat),
    redeemFor,
    ...batchFigures,
    bytesPerBatched: batches.shared[100].bytesEach,
    bytesPerBatchedUnshared: batches.unshared[100].bytesEach,
    newBook: stage.newBook,
    createCampaign,
    issueOne,
    issueHundred,
    redeemEarlySeat,
    redeemLaterSeat,
    redeemLone,
    redeemFloor: floor.gas,
    revokeOne,
    revokeTen,
    reallotOne,
    pause,
    resume,
    closeAll,
    addWitness,
    removeWitness,
  }
  const l2Of = async (hash: string) => l2BytesOf(await stage.serialised(hash))
  const ours = { gas: redeemLaterSeat, hash: (await later).hash, isClone: true }
  return {
    record,
    breakdown: {
      ours: await breakdownOf({ connection, ...ours }),
      floor: await breakdownOf({ connection, ...floor, isClone: false }),
    },
    l2: {
      redeem: await l2Of(ours.hash),
      redeemFor: await l2Of((await relayed).hash),
      'batch of 100, each': eachOf({ bytes: await l2Of(batches.shared[100].hash), count: 100 }),
    },
  }
}

/** Issues the whole list, in as many transactions as it takes. */
async function issueAll({
  stage: { book },
  campaignId,
  holders,
}: {
  stage: Stage
  campaignId: bigint
  holders: readonly Address[]
}): Promise<number> {
  let gas = 0
  for (let first = 0; first < holders.length; first += ISSUED_AT_ONCE) {
    const part = holders.slice(first, first + ISSUED_AT_ONCE)
    gas += await gasOf(book.issue(campaignId, part, { gasLimit: 16_700_000 }))
  }
  return gas
}
