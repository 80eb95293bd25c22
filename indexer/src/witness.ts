import type { Coupon } from '@coupon-secure/protocol/coupon'
import {
  type BookPlace,
  compactOf,
  hashPresence,
  type Statement,
} from '@coupon-secure/protocol/presence'
import { recover } from 'tiny-secp256k1'
import { type Address, concatHex, hexToBytes, keccak256 } from 'viem'

/**
 * Whose key signed a statement for exactly this redemption, in small letters: what the protocol's `witnessOf` says, with the curve's
 * arithmetic in WebAssembly. A hundred thousand of them are recovered when the index begins from nothing.
 */
export function witnessOf({
  chainId,
  book,
  statement: { r, vs, ...observed },
  ...seen
}: BookPlace & Coupon & { holder: Address; site: number; statement: Statement }):
  Address | undefined {
  const { campaignId, serial, holder, site } = seen
  const presence = { campaignId, serial, holder, site, ...observed }
  const signature = concatHex([r, vs])
  try {
    compactOf(signature) // the contract takes the lower s alone
    const bytes = hexToBytes(signature)
    const parity = (bytes[32] ?? 0) >> 7 === 1 ? 1 : 0
    bytes[32] = (bytes[32] ?? 0) & 0x7f
    const digest = hexToBytes(hashPresence({ chainId, book, presence }))
    const point = recover(digest, bytes, parity, false)
    return point === null ? undefined : `0x${keccak256(point.subarray(1)).slice(26)}`
  } catch {
    return undefined // no point of the curve
  }
}
