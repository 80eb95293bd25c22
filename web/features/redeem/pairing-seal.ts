import { bytesToHex, type Hex, hexToBytes } from 'viem'

// How two browsers that know one code speak through a service that does not (docs/protocol.md#pairing).

const IV_BYTES = 12
const PURPOSES = { id: 'coupon-secure pairing id', key: 'coupon-secure pairing key' } as const

/** Which of the two says something, so that nothing of one can be shown to it as the other's. */
export type PairingSide = 'wallet' | 'other'

/** What a code opens: where its messages lie, and what reads them. The service only ever hears of `id`. */
export type Pairing = { id: Hex; key: CryptoKey }

/** What a code opens. */
export async function openPairing(code: string): Promise<Pairing> {
  const secret = await crypto.subtle.importKey('raw', bytesOf(code), 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ])
  const purposeOf = (purpose: keyof typeof PURPOSES) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: bytesOf(PURPOSES[purpose]),
  })
  const [id, key] = await Promise.all([
    crypto.subtle.deriveBits(purposeOf('id'), secret, 256),
    crypto.subtle.deriveKey(
      purposeOf('key'),
      secret,
      { name: 'AES-GCM', length: 256 },
      false, // not extractable
      ['encrypt', 'decrypt'],
    ),
  ])
  return { id: bytesToHex(new Uint8Array(id)), key }
}

/** A message as it lies with the service: an initialisation vector, and what only the code reads. */
export async function sealMessage({
  pairing,
  from,
  message,
}: {
  pairing: Pairing
  from: PairingSide
  message: unknown
}): Promise<Hex> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const plain = bytesOf(JSON.stringify(message))
  const sealed = await crypto.subtle.encrypt(cipherOf({ pairing, from, iv }), pairing.key, plain)
  return bytesToHex(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
}

/** What a message says; undefined where the code does not read it, or the other side did not write it. */
export async function openMessage({
  pairing,
  from,
  sealed,
}: {
  pairing: Pairing
  from: PairingSide
  sealed: Hex
}): Promise<unknown> {
  const bytes = hexToBytes(sealed)
  const iv = new Uint8Array(bytes.slice(0, IV_BYTES))
  const rest = new Uint8Array(bytes.slice(IV_BYTES))
  try {
    const plain = await crypto.subtle.decrypt(cipherOf({ pairing, from, iv }), pairing.key, rest)
    return JSON.parse(new TextDecoder().decode(plain))
  } catch {
    return undefined // WebCrypto does not say why, and there is nothing that anybody could do about it
  }
}

function cipherOf({
  pairing: { id },
  from,
  iv,
}: {
  pairing: Pairing
  from: PairingSide
  iv: Uint8Array<ArrayBuffer>
}) {
  return { name: 'AES-GCM', iv, additionalData: bytesOf(`${id} ${from}`) }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}
