import type { Address } from 'abitype'
import { decodeFunctionData, type Hex } from 'viem'
import { couponBookAbi } from './abi.ts'
import type { Coupon } from './coupon.ts'
import type { Statement } from './presence.ts'

/** How a redemption was sent, as the transaction says: by whom it was sent, and with which statements. */
export type SentRedemption =
  | { kind: 'decoded'; sentBy: 'holder' | 'somebody else'; statements: readonly Statement[] }
  | { kind: 'unreadable' }

/** A transaction as far as it says what was sent. */
export type Call = { input: Hex; to: Address | null; book: Address }

// In hexadecimal digits, docs/protocol.md#batch: serial 5 bytes, deadline 4, counts 1, signature 64; then nodes of 20.
const SERIAL = 10
const COUNTS_AT = 18
const FIXED = 148
const NODE = 40

/**
 * Finds the redemption of one coupon in a transaction's calldata. A call through another contract cannot be read this way; nor can a
 * batch that names the coupon twice, since the calldata does not say which of the two counted.
 */
export function redemptionIn({ coupon, ...call }: Call & { coupon: Coupon }): SentRedemption {
  return redemptionsIn(call)(coupon)
}

/** Reads a transaction once, for all redemptions in it. */
export function redemptionsIn({ input, to, book }: Call): (coupon: Coupon) => SentRedemption {
  const found = new Map<string, SentRedemption>()
  for (const { campaignId, serial, ...sent } of to === null || !isSame(to, book)
    ? []
    : readable(input)) {
    const key = `${campaignId}.${serial}`
    found.set(key, found.has(key) ? { kind: 'unreadable' } : { kind: 'decoded', ...sent })
  }
  return ({ campaignId, serial }) => found.get(`${campaignId}.${serial}`) ?? { kind: 'unreadable' }
}

/** The coupons that a packed batch names, in its order, each with how many of the batch's statements are its own. */
export function itemsIn(items: Hex): { serial: bigint; statementCount: number }[] {
  const digits = items.slice(2)
  const found: { serial: bigint; statementCount: number }[] = []
  for (let at = 0; at < digits.length;) {
    const [statementCount = NaN, nodes = NaN] = Array.from(
      digits.slice(at + COUNTS_AT, at + COUNTS_AT + 2),
      (digit) => parseInt(digit, 16),
    )
    const serial = BigInt(`0x${digits.slice(at, at + SERIAL)}`)
    at += FIXED + NODE * nodes
    if (!(at <= digits.length)) throw new RangeError('The batch breaks off.')
    found.push({ serial, statementCount })
  }
  return found
}

type Named = Coupon & { sentBy: 'holder' | 'somebody else'; statements: readonly Statement[] }

function readable(input: Hex): Named[] {
  try {
    return namedIn(input)
  } catch {
    return [] // no call of a book's, or one that breaks off
  }
}

function namedIn(input: Hex): Named[] {
  const call = decodeFunctionData({ abi: couponBookAbi, data: input })
  switch (call.functionName) {
    case 'multicall':
      return call.args[0].flatMap(namedIn)
    case 'redeem': {
      const [campaignId, serial, statements] = call.args
      return [{ campaignId, serial, sentBy: 'holder', statements }]
    }
    case 'redeemFor': {
      const [campaignId, serial, statements] = call.args
      return [{ campaignId, serial, sentBy: 'somebody else', statements }]
    }
    case 'redeemBatch': {
      const [campaignId, , items, statements] = call.args
      let first = 0
      return itemsIn(items).map(({ serial, statementCount }) => {
        const own = statements.slice(first, first + statementCount)
        first += statementCount
        return { campaignId, serial, sentBy: 'somebody else', statements: own }
      })
    }
    default:
      return []
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
