import type { L2Bytes } from './l2-bytes.ts'
import { COUPONS, type Sent, type Stage } from './peer-stage.ts'

/** What one peer costs, in gas by receipts, next to ours. */
export type PeerFigures = {
  /** The package with its version, and whether it came compiled or was compiled here. */
  source: string
  /** A contract for a new gathering, to compare with a new book; where a peer needs none, what it needs. */
  newEvent: number
  /** Gas for each coupon, when this many are allotted in a fresh contract. */
  allotEach1: number
  allotEach100: number
  allotEach10200: number
  /** All of the 10,200, and the transactions of at most 16.7 M gas that they took. */
  allotTotal10200: number
  allotTransactions10200: number
  /** The first coupon that is redeemed (in a fresh word, where there is a bitmap), and a later one. */
  redeemFirst: number
  redeemLater: number
  /** Calldata of the later redemption, and the whole signed transaction as a rollup sees it. */
  redeemBytes: number
  redeemL2: L2Bytes
  /** Gas for each of a hundred in one transaction; null where the peer has no such thing. */
  batch100Each: number | null
  /** Does the redemption itself verify that the holder is there? No peer's does. */
  checksPlace: false
  /** How it was measured, and what favours the peer or us. */
  note: string
}

/** The gas of allotting so many coupons, and the transactions it took. */
export type Allotment = { gas: number; transactions: number }

/** Puts a peer's measurements into the form in which all are compared. */
export async function figuresOf({
  stage,
  allotted: { one, hundred, all },
  first,
  later,
  ...rest
}: {
  stage: Stage
  allotted: { one: Allotment; hundred: Allotment; all: Allotment }
  first: Sent
  later: Sent
} & Pick<PeerFigures, 'source' | 'newEvent' | 'batch100Each' | 'note'>): Promise<PeerFigures> {
  const { source, newEvent, batch100Each, note } = rest
  return {
    source,
    newEvent,
    allotEach1: one.gas,
    allotEach100: Math.round(hundred.gas / 100),
    allotEach10200: Math.round(all.gas / COUPONS),
    allotTotal10200: all.gas,
    allotTransactions10200: all.transactions,
    redeemFirst: first.gas,
    redeemLater: later.gas,
    redeemBytes: later.bytes,
    redeemL2: await stage.l2Bytes(later),
    batch100Each,
    checksPlace: false,
    note,
  }
}

/** Allots to these holders, in transactions of `atOnce`. */
export async function allotInParts({
  holders,
  atOnce,
  allot,
}: {
  holders: readonly string[]
  atOnce: number
  allot: (part: readonly string[]) => Promise<{ gas: number }>
}): Promise<Allotment> {
  let gas = 0
  let transactions = 0
  for (let start = 0; start < holders.length; start += atOnce) {
    gas += (await allot(holders.slice(start, start + atOnce))).gas
    transactions += 1
  }
  return { gas, transactions }
}

/** An allotment that costs the same for any number of coupons: one root for all. */
export function sameForAll(allotment: Allotment) {
  return { one: allotment, hundred: allotment, all: allotment }
}
