import * as secp256k1 from 'tiny-secp256k1'
import { bytesToHex, hexToBytes, keccak256, type Address, type Hex } from 'viem'

// The curve's arithmetic in WebAssembly (libsecp256k1): five to six times as fast as in JavaScript (docs/decisions.md#speed).

/** Signs a digest with a private key; deterministic (RFC 6979), 65 bytes, the lower s of the two. */
export function signDigest({ digest, key }: { digest: Hex; key: Uint8Array }): Hex {
  const { signature, recoveryId } = secp256k1.signRecoverable(hexToBytes(digest), key)
  return bytesToHex(Uint8Array.of(...signature, 27 + recoveryId))
}

/** The address, in small letters, whose key signed a digest; undefined where no key can have. */
export function recoverSigner({
  digest,
  signature,
}: {
  digest: Hex
  signature: Hex
}): Address | undefined {
  const bytes = hexToBytes(signature)
  const v = bytes[64] ?? NaN
  const recoveryId = [27, 28].includes(v) ? v - 27 : v
  if (bytes.length !== 65 || (recoveryId !== 0 && recoveryId !== 1)) return undefined
  try {
    const point = secp256k1.recover(hexToBytes(digest), bytes.subarray(0, 64), recoveryId, false)
    return point ? `0x${keccak256(point.subarray(1)).slice(26)}` : undefined
  } catch {
    return undefined // r or s beyond the curve's order
  }
}
