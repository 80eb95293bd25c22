import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { keysAt } from '@coupon-secure/service/keystore'
import { keccak256, type Address, type Hex } from 'viem'
import { privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import type { Fees } from './chain.ts'
import type { BookCall } from './redemption.ts'
import type { Envelope } from './store-transactions.ts'

/** An account that pays: it signs calls of books on one chain, and nothing else. */
export type Payer = {
  address: Address
  sign: (call: {
    call: BookCall
    nonce: number
    gas: bigint
    fees: Fees
    now: number
  }) => Promise<Envelope>
}

/** The payer of a private key. */
export function payerOf({ key, chainId }: { key: Hex; chainId: number }): Payer {
  const account = accountOf(key)
  return {
    address: account.address,
    sign: async ({ call: { book, data }, nonce, gas, fees: { maxFee, tip }, now }) => {
      const raw = await account.signTransaction({
        type: 'eip1559',
        chainId,
        nonce,
        to: book,
        data,
        gas,
        maxFeePerGas: maxFee,
        maxPriorityFeePerGas: tip,
      })
      return { raw, hash: keccak256(raw), maxFee, tip, signedAt: now }
    },
  }
}

/** The payers of keys in hex, or of the keystores at a path. */
export async function payersOf({
  keys,
  keystore,
  chainId,
}: {
  keys: readonly Hex[] | undefined
  keystore: { path: string; password: string } | undefined
  chainId: number
}): Promise<Payer[]> {
  const all = keys ?? (keystore ? await keysAt(keystore) : [])
  const payers = all.map((key) => payerOf({ key, chainId }))
  if (payers.length === 0) throw new KeyUnreadableError({ reason: 'there is none' })
  if (new Set(payers.map(({ address }) => address)).size < payers.length) {
    throw new KeyUnreadableError({ reason: 'one is there twice' })
  }
  return payers
}

function accountOf(key: Hex): PrivateKeyAccount {
  try {
    return privateKeyToAccount(key)
  } catch {
    // Without its cause, which would quote the key.
    throw new KeyUnreadableError({ reason: 'RELAYER_KEY is no secp256k1 private key' })
  }
}
