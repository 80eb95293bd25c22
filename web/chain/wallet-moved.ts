import { CouponSecureError } from '@coupon-secure/protocol/errors'
import type { Address } from 'viem'
import type { Eip1193 } from './eip1193.ts'

/** How a wallet can have moved away from what a page began with, and what to do about it. */
const SENTENCES = {
  ACCOUNT_CHANGED:
    'Your wallet has changed to another account meanwhile, so it was asked nothing and nothing was sent. Change it back and go on, or start again as the other.',
  WALLET_LOCKED:
    'Your wallet is locked, or does not let this page in any more. Nothing was sent. Unlock it and try again.',
  WRONG_NETWORK: 'The wallet is on another network. Switch it and try again.',
} as const

/** The wallet is not what the page began with; it has been asked nothing. */
export class WalletMovedError extends CouponSecureError {
  override name = 'WalletMovedError'
  readonly code: keyof typeof SENTENCES
  constructor({ code }: { code: keyof typeof SENTENCES }) {
    super(SENTENCES[code])
    this.code = code
  }
}

/**
 * Asks the wallet itself, just before it is to sign, whether it still has this account chosen and is on this network. Not every
 * wallet tells when that changes, and what was vouched for one account must never be signed as another.
 */
export async function requireUnmoved({
  provider,
  account,
  chainId,
}: {
  provider: Eip1193
  account: Address
  chainId: number
}): Promise<void> {
  const [accounts, network] = await Promise.all([
    provider.request({ method: 'eth_accounts' }),
    provider.request({ method: 'eth_chainId' }),
  ])
  const chosen: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  if (typeof chosen !== 'string') throw new WalletMovedError({ code: 'WALLET_LOCKED' })
  if (chosen.toLowerCase() !== account.toLowerCase()) {
    throw new WalletMovedError({ code: 'ACCOUNT_CHANGED' })
  }
  if (Number(network) !== chainId) throw new WalletMovedError({ code: 'WRONG_NETWORK' })
}
