import { keccak256 as keccakOfViem, type Hex } from 'viem'

/** What makes 32 bytes of any. */
export type Keccak = (bytes: Uint8Array) => Uint8Array

let keccak: Keccak = (bytes) => keccakOfViem(bytes, 'bytes')

/** Lets a faster Keccak take the place of the one in JavaScript, which every browser has, in all of this process. */
export function hashWith(faster: Keccak): void {
  keccak = faster
}

/** The Keccak-256 of bytes, as bytes. */
export function keccakOf(bytes: Uint8Array): Uint8Array {
  return keccak(bytes)
}

/** The Keccak-256 of what hexadecimal digits say. */
export function keccak256(hex: Hex): Hex {
  const bytes = new Uint8Array((hex.length - 2) / 2)
  writeHex({ hex, into: bytes, at: 0 })
  return hexOf(keccak(bytes))
}

const NIBBLES = new Int8Array(128).fill(-1)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  NIBBLES[digit.charCodeAt(0)] = value
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value
}
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes the bytes that `0x…` says; throws where it is not whole bytes of hexadecimal digits. */
export function writeHex({ hex, into, at }: { hex: string; into: Uint8Array; at: number }): void {
  const isWhole = hex.length % 2 === 0 && hex.startsWith('0x')
  if (!isWhole) throw new TypeError('Bytes are 0x and two hexadecimal digits each.')
  for (let digit = 2, place = at; digit < hex.length; digit += 2, place++) {
    const high = NIBBLES[hex.charCodeAt(digit)] ?? -1
    const low = NIBBLES[hex.charCodeAt(digit + 1)] ?? -1
    if (high < 0 || low < 0) throw new TypeError('Bytes are 0x and two hexadecimal digits each.')
    into[place] = (high << 4) | low
  }
}

/** Bytes as `0x…`. */
export function hexOf(bytes: Uint8Array): Hex {
  let digits = ''
  for (const byte of bytes) digits += BYTES[byte] ?? ''
  return `0x${digits}`
}
