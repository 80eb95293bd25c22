import { CouponSecureError } from '@coupon-secure/protocol/errors'

/** How a wallet on another device can fail a page, and what to do about it. */
export const PHONE_WALLET_SENTENCES = {
  PHONE_RELAY_AWAY:
    'The relay to wallets on phones does not answer. Look at your connection and try again, or take another way. Should your wallet still ask for something, decline it.',
  PHONE_CODE_ENDED: 'The code was not used in time. Nothing was connected; make a new one.',
  PHONE_NETWORK_MISSING:
    'Your wallet did not let this page use its network. Add the network in your wallet, disconnect it here, and connect it again.',
  PHONE_WALLET_GONE:
    'Your wallet has ended its connection to this page. Connect it again, then go on.',
  PHONE_WALLET_SILENT:
    'Your wallet has not answered. Open it, decline what it still asks, and try again.',
  PHONE_WALLET_LEFT:
    'You stopped waiting for your wallet. Decline there what it still asks before you try again.',
} as const

/** Why a wallet on another device did not do what a page asked of it. */
export class PhoneWalletError extends CouponSecureError {
  override name = 'PhoneWalletError'
  readonly code: keyof typeof PHONE_WALLET_SENTENCES
  constructor({ code }: { code: keyof typeof PHONE_WALLET_SENTENCES }) {
    super(PHONE_WALLET_SENTENCES[code])
    this.code = code
  }
}

/** Whether an error's code is one of these; libraries that pass an error on keep its code and drop its class. */
export function isPhoneWalletCode(code: unknown): code is keyof typeof PHONE_WALLET_SENTENCES {
  return typeof code === 'string' && Object.hasOwn(PHONE_WALLET_SENTENCES, code)
}
