import { type Hex, numberToHex, size } from 'viem'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Bytes as base64url without padding (RFC 4648). */
export function toBase64url(hex: Hex): string {
  const digits = digitsFor(size(hex))
  const bits = BigInt(hex) << spareFor(size(hex))
  return Array.from({ length: digits }, (_, place) => {
    const digit = (bits >> BigInt(6 * (digits - 1 - place))) & 63n
    return DIGITS.charAt(Number(digit))
  }).join('')
}

/** The so many bytes that a text holds; undefined where it does not. Spare bits are zero, so that the same bytes have one text. */
export function fromBase64url({ text, bytes }: { text: string; bytes: number }): Hex | undefined {
  const digits = Array.from(text, (digit) => DIGITS.indexOf(digit))
  if (digits.length !== digitsFor(bytes) || digits.includes(-1)) return undefined
  const bits = digits.reduce((sum, digit) => (sum << 6n) | BigInt(digit), 0n)
  const spare = spareFor(bytes)
  if ((bits & ((1n << spare) - 1n)) !== 0n) return undefined
  return numberToHex(bits >> spare, { size: bytes })
}

function digitsFor(bytes: number): number {
  return Math.ceil((8 * bytes) / 6)
}

function spareFor(bytes: number): bigint {
  return BigInt(6 * digitsFor(bytes) - 8 * bytes)
}
