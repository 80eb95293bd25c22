import type { Failure } from '../../chain/explain-revert.ts'

/** Used by an earlier redemption, on this phone or another. */
export const alreadyUsed: Failure = {
  code: 'COUPON_REDEEMED',
  sentence: 'This coupon has already been used. It cannot be used again.',
}

/** Cancelled in the wallet after it was sent. */
export const cancelled: Failure = {
  code: 'TRANSACTION_CANCELLED',
  sentence: 'The transaction was cancelled in your wallet. Your coupon is not used.',
}

/** Declined in the wallet. */
export const notSigned: Failure = {
  code: 'SIGNATURE_REJECTED',
  sentence: 'You did not sign; nothing was used.',
}

/** Mined, and refused by the contract. */
export const reverted: Failure = {
  code: 'TRANSACTION_REVERTED',
  sentence: 'The contract refused the transaction. Your coupon is not used; try again.',
}

/** The wallet looks at another chain. */
export const wrongNetwork: Failure = {
  code: 'WRONG_NETWORK',
  sentence: 'Your wallet is on another network than this book. Switch it, then go on.',
}

/** A chunk of the page did not arrive. */
export const incomplete: Failure = {
  code: 'PAGE_INCOMPLETE',
  sentence: 'A part of this page could not be loaded. Look at your connection and try again.',
}

/** A reload in the middle, found again in the journal. */
export const interrupted: Failure = {
  code: 'INTERRUPTED',
  sentence: 'You were in the middle of this. Nothing is lost: go on where you stopped.',
}

/** The relayer gave no answer, or none that can be understood. */
export const relayerAway: Failure = {
  code: 'RELAYER_AWAY',
  sentence: 'The service that sends coupons for free does not answer. Your coupon is safe.',
}

/** Nobody sent what the holder had signed. */
export const handedTooLate: Failure = {
  code: 'HANDED_TOO_LATE',
  sentence:
    'Nobody sent it in time, so your coupon is not used. Try again, and have it sent at once.',
}

/** The wallet went away. */
export const notConnected: Failure = {
  code: 'NOT_CONNECTED',
  sentence: 'Your wallet is no longer connected. Connect it and try again.',
}

/** A position taken just now that is old to the oracle. */
export const clockBehind: Failure = {
  code: 'CLOCK_BEHIND',
  sentence:
    'Your phone’s clock is behind, so each position looks old. Set date and time to automatic in the phone’s settings, then try again.',
}

/** An answer that was given for another coupon, or cannot be read. */
export const pairingForAnother: Failure = {
  code: 'PAIRING_FOR_ANOTHER',
  sentence: 'That was for another coupon or another person. Make a new code and open that one.',
}

/** A code of another network's page. */
export const pairingElsewhere: Failure = {
  code: 'PAIRING_FOR_OTHER_CHAIN',
  sentence: 'This code belongs to another network. Open the link at the very address it came with.',
}

/** What was typed is no code. */
export const codeUnreadable: Failure = {
  code: 'PAIRING_CODE_WRONG',
  sentence: 'A letter or digit of the code is wrong or missing. Look at your wallet’s page again.',
}
