import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { Address, Hex } from 'viem'
import { decodeFunctionData } from 'viem'

/** A statement that a redemption was sent with; times in unix seconds. */
export type Voucher = {
  witness: Address
  observedAt: bigint
  validUntil: bigint
  evidenceHash: Hex
}

/** Who vouched for a redemption, as its transaction says. */
export type Vouchers =
  | { kind: 'decoded'; sentBy: 'holder' | 'somebody else'; vouchers: Voucher[] }
  | { kind: 'unreadable' }

/** Decodes the calldata of a redemption's transaction; a call through another contract cannot be read this way. */
export function vouchersIn({
  input,
  to,
  book,
}: {
  input: Hex
  to: Address | null
  book: Address
}): Vouchers {
  if (to?.toLowerCase() !== book.toLowerCase()) return { kind: 'unreadable' }
  try {
    const call = decodeFunctionData({ abi: couponBookAbi, data: input })
    if (call.functionName !== 'redeem' && call.functionName !== 'redeemFor') {
      return { kind: 'unreadable' }
    }
    // By shape, not by place: the order of the parameters is a matter of gas.
    const vouchers = call.args.flatMap((argument) =>
      Array.isArray(argument) ? argument.filter(isVoucher) : [],
    )
    const sentBy = call.functionName === 'redeem' ? 'holder' : 'somebody else'
    return { kind: 'decoded', sentBy, vouchers }
  } catch {
    return { kind: 'unreadable' }
  }
}

function isVoucher(value: unknown): value is Voucher {
  return typeof value === 'object' && value !== null && 'witness' in value && 'observedAt' in value
}
