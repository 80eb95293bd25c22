import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { keyInKeystore, keysAt } from '@coupon-secure/service/keystore'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { signerOfKey, type Signer } from './signer.ts'

/** The signer of a private key in hex. */
export function signerFromHex(key: Hex): Signer {
  try {
    return signerOfKey({ address: privateKeyToAccount(key).address, key })
  } catch {
    // Without its cause, which would quote the key.
    throw new KeyUnreadableError({ reason: 'ORACLE_KEY is no secp256k1 private key' })
  }
}

/** The signer in an encrypted keystore file (Web3 Secret Storage, version 3), opened with its password. */
export async function signerFromKeystore(keystore: {
  json: string
  password: string
}): Promise<Signer> {
  return signerFromHex(await keyInKeystore(keystore))
}

/** The signers in the keystores at a path, the newest first; one password opens them all. */
export async function signersAt(keystores: { path: string; password: string }): Promise<Signer[]> {
  return (await keysAt(keystores)).map(signerFromHex)
}
