import type { Keccak } from '@coupon-secure/protocol/keccak'
import { createKeccak } from 'hash-wasm'

/** Keccak-256 in WebAssembly: four to six times as fast as in JavaScript (docs/decisions.md#speed). */
export async function keccakInWasm(): Promise<Keccak> {
  const keccak = await createKeccak(256)
  return (bytes) => keccak.init().update(bytes).digest('binary')
}
