import {
  proofOf,
  rootOf,
  serialAt,
  SEATS_PER_SHARD,
  shardsOfIssue,
  type Shard,
} from '@coupon-secure/protocol/coupon'
import {
  CLASSES,
  domainOf,
  presenceTypes,
  redeemTypes,
  toStatement,
} from '@coupon-secure/protocol/presence'
import { network } from 'hardhat'
import {
  type Address,
  getAddress,
  type Hex,
  hexToBytes,
  isHex,
  keccak256,
  slice,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import type {} from '../types/ethers-contracts/hardhat.js'

/** The gas of each scenario, by receipts. `redeem` is the larger of an early and a later seat. */
export type GasRecord = Record<
  | 'issuePerCoupon'
  | 'redeem'
  | 'redeemFor'
  | 'newBook'
  | 'createCampaign'
  | 'issueOne'
  | 'redeemEarlySeat'
  | 'redeemLaterSeat'
  | 'redeemLone'
  | 'revokeOne'
  | 'revokeTen'
  | 'closeAll'
  | 'addWitness'
  | 'removeWitness',
  number
>

/** Where the gas of one redemption goes, in the order of size. */
export type Breakdown = Record<string, number>

type Sent = Promise<{ hash: string; wait(): Promise<{ gasUsed: bigint } | null> }>
type Step = { op: string; gas: number; gasCost: number; depth: number }

const CHAIN_ID = 31337
const COUPONS = 10_200
const ISSUED_AT_ONCE = 5_100 // a transaction is capped at 16.7 M gas
const MIDDLE = 20n // the shard of the holder who redeems, of forty
const SEATS = { early: 7, later: 200, last: 254 }
const HOUR = 3_600

/** Measures every scenario on Hardhat's own chain, with mainnet's rules and a fixed calendar. */
export async function measureGas(): Promise<{ record: GasRecord; breakdown: Breakdown }> {
  const { ethers, networkHelpers, provider } = await network.create({
    override: { hardfork: 'osaka', initialDate: '2026-06-01T06:00:00Z' },
  })
  const { time } = networkHelpers
  const organiser = await ethers.provider.getSigner(0)
  const holder = await ethers.provider.getSigner(1)
  const relayer = await ethers.provider.getSigner(2)
  const me = getAddress(holder.address)
  const oracle = privateKeyToAccount(hash('the location oracle'))
  const now = await time.latest()
  const opensAt = now + HOUR
  const geofenceHash = hash('the mess hall')
  const terms = {
    opensAt,
    closesAt: opensAt + 2 * HOUR,
    heldUntil: 0,
    grace: 24 * HOUR,
    supply: 2 * COUPONS,
    sites: 3,
    requiredWitnesses: CLASSES.location,
    geofenceHash,
  }

  const factory = await ethers.deployContract('CouponBookFactory', [
    await ethers.deployContract('CouponBook'),
  ])
  const validUntil = now + 90 * 24 * HOUR
  const witness = { key: oracle.address, classes: 1, site: 0, validFrom: 0, validUntil }
  const place = await factory.predictBook(organiser, 'LNMhacks', [witness], hash('salt'))
  const newBook = await gasOf(factory.createBook('LNMhacks', [witness], hash('salt')))
  const book = await ethers.getContractAt('CouponBook', place, organiser)
  const domain = domainOf({ chainId: CHAIN_ID, book: getAddress(place) })

  const createCampaign = await gasOf(book.createCampaign('Lunch, Saturday', terms, ''))
  const holders = randomHolders({ me })
  let issue = 0
  for (let first = 0; first < COUPONS; first += ISSUED_AT_ONCE) {
    const part = holders.slice(first, first + ISSUED_AT_ONCE)
    issue += await gasOf(book.issue(1, part, { gasLimit: 16_700_000 }))
  }
  const issueOne = await gasOf(book.issue(1, [me]))
  const shards = shardsOfIssue({ campaignId: 1n, firstShard: 0n, holders })
  const lone = { campaignId: 1n, index: BigInt(shards.length), holders: [me] }

  await time.increaseTo(opensAt + HOUR)
  const visit = async ({ shard, seat }: { shard: Shard | undefined; seat: number }) => {
    if (shard === undefined) throw new Error('The list made fewer shards than it should.')
    const coupon = { campaignId: 1n, serial: serialAt({ shard: shard.index, seat }) }
    const observedAt = BigInt(await time.latest())
    const evidenceHash = hash(`evidence of ${coupon.serial.toString()}`)
    const seen = { site: 1, geofenceHash, observedAt, validUntil: observedAt + 300n, evidenceHash }
    const presence = { ...coupon, ...seen, holder: me }
    const signature = await oracle.signTypedData({
      domain,
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    const statements = [toStatement({ presence, witness: oracle.address, signature })]
    return { coupon, proof: proofOf({ shard, seat }), statements }
  }
  const redeem = async (seat: Parameters<typeof visit>[0]) => {
    const { coupon, proof, statements } = await visit(seat)
    return book.connect(holder).redeem(coupon, proof, 1, statements)
  }
  const middle = shards[Number(MIDDLE)]
  const redeemEarlySeat = await gasOf(redeem({ shard: middle, seat: SEATS.early }))
  const later = redeem({ shard: middle, seat: SEATS.later })
  const redeemLaterSeat = await gasOf(later)
  const redeemLone = await gasOf(redeem({ shard: lone, seat: 0 }))

  const { coupon, proof, statements } = await visit({ shard: middle, seat: SEATS.last })
  const deadline = opensAt + 2 * HOUR
  const types = { Redeem: [...redeemTypes.Redeem] }
  const permit = await holder.signTypedData(domain, types, { ...coupon, site: 1, deadline })
  const { compactSerialized } = ethers.Signature.from(permit)
  const redeemFor = await gasOf(
    book.connect(relayer).redeemFor(coupon, proof, me, 1, deadline, compactSerialized, statements),
  )

  const roots = [...shards, lone].map(rootOf)
  const firstRoot = roots[0] ?? ''
  const revokeOne = await gasOf(book.revoke(1, firstRoot, [0], 'not coming'))
  const ten = Array.from({ length: 10 }, (_, i) => i + 1)
  const revokeTen = await gasOf(book.revoke(1, firstRoot, ten, 'not coming'))
  const addWitness = await gasOf(book.addWitness({ ...witness, key: relayer }))
  const removeWitness = await gasOf(book.removeWitness(relayer))
  await time.increaseTo(terms.closesAt + terms.grace)
  const closeAll = await gasOf(book.close(1, roots))

  const { hash: transaction } = await later
  const { structLogs } = (await provider.request({
    method: 'debug_traceTransaction',
    params: [transaction, { disableStorage: true, disableMemory: true, disableStack: true }],
  })) as { structLogs: Step[] } // debug_traceTransaction's own form
  const data = (await ethers.provider.getTransaction(transaction))?.data
  const breakdown = breakdownOf({ gas: redeemLaterSeat, data, steps: structLogs })

  const record = {
    issuePerCoupon: Math.ceil(issue / COUPONS),
    redeem: Math.max(redeemEarlySeat, redeemLaterSeat),
    redeemFor,
    newBook,
    createCampaign,
    issueOne,
    redeemEarlySeat,
    redeemLaterSeat,
    redeemLone,
    revokeOne,
    revokeTen,
    closeAll,
    addWitness,
    removeWitness,
  }
  return { record, breakdown }
}

/** 10,200 addresses that look random and are always the same; `me` has three seats in the middle shard. */
function randomHolders({ me }: { me: Address }): Address[] {
  const mine = Object.values(SEATS).map((seat) => Number(MIDDLE) * SEATS_PER_SHARD + seat)
  return Array.from({ length: COUPONS }, (_, i) =>
    mine.includes(i) ? me : getAddress(slice(hash(`holder ${i}`), 12)),
  )
}

function breakdownOf({
  gas,
  data,
  steps,
}: {
  gas: number
  data: string | undefined
  steps: Step[]
}): Breakdown {
  if (!isHex(data)) throw new Error('The transaction carries no data.')
  const costOf = (op: RegExp) =>
    steps.filter((step) => op.test(step.op)).reduce((sum, { gasCost }) => sum + gasCost, 0)
  const parts = {
    'base of a transaction': 21_000,
    calldata: hexToBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0),
    'cold words (SLOAD)': costOf(/^SLOAD$/),
    'the store of the seat (SSTORE)': costOf(/^SSTORE$/),
    'the event (LOG)': costOf(/^LOG/),
    'recovering the signer': 3_100, // the precompile and a warm call
    "the clone's call (cold account)": 2_600,
    hashing: costOf(/^KECCAK256$/),
  }
  const known = Object.values(parts).reduce((sum, part) => sum + part, 0)
  return { ...parts, 'everything else': gas - known }
}

async function gasOf(sent: Sent): Promise<number> {
  return Number((await (await sent).wait())?.gasUsed)
}

function hash(text: string): Hex {
  return keccak256(toHex(text))
}
