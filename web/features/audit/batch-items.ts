import { type Hex, hexToBigInt, hexToNumber, size, slice } from 'viem'

// docs/protocol.md#batch: serial 5 bytes, deadline 4, counts 1, signature 64; then the proof's nodes.
const SERIAL = 5
const COUNTS_AT = 9
const FIXED = 74
const NODE = 20

/** The coupons that a packed batch names, in its order, each with how many of the batch's statements are its own. */
export function itemsIn(items: Hex): { serial: bigint; statementCount: number }[] {
  const found: { serial: bigint; statementCount: number }[] = []
  for (let at = 0; at < size(items);) {
    const serial = hexToBigInt(slice(items, at, at + SERIAL, { strict: true }))
    const counts = hexToNumber(slice(items, at + COUNTS_AT, at + COUNTS_AT + 1, { strict: true }))
    found.push({ serial, statementCount: counts >> 4 })
    at += FIXED + NODE * (counts & 0xf)
  }
  return found
}
