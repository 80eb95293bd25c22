import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import type { ExtractAbiErrorNames } from 'abitype'
import { type Abi, decodeErrorResult, type Hex, isHex } from 'viem'
import { isPhoneWalletCode, PHONE_WALLET_SENTENCES } from './wallet-connect-errors.ts'

/**
 * Why something did not happen: a code for the machine, a sentence for the person, in English. Other languages have a sentence of
 * their own for the code, and put the facts into it.
 */
export type Failure = { code: string; sentence: string; facts?: Facts }

/** What a sentence names, by its place there. */
export type Facts = Readonly<Record<string, string | number | Date>>

type ErrorName =
  ExtractAbiErrorNames<typeof couponBookAbi> | ExtractAbiErrorNames<typeof couponBookFactoryAbi>

// {0} is the error's first fact, {0:time} the same as a local time. A new error without a sentence does not build.
/** What each of the contracts’ errors means for people. */
export const sentences: Record<ErrorName, string> = {
  AccessControlBadConfirmation: 'A role can be given up only by the account that has it.',
  AccessControlEnforcedDefaultAdminDelay: 'The hand-over of this book may be completed {0:time}.',
  AccessControlEnforcedDefaultAdminRules: 'The book’s admin is handed over in two steps only.',
  AccessControlInvalidDefaultAdmin: '{0} is not the one the book is being handed to.',
  AccessControlUnauthorizedAccount:
    'This account may not do that in this book. Switch to the account that made it.',
  AddressEmptyCode: 'There is no contract at {0}.',
  AdminCannotLeave: 'The last admin cannot leave: nobody could mend the book’s witnesses then.',
  AdminDelayIsFixed: 'Handing a book over takes no delay; there is none to set.',
  AlreadyClosed: 'Campaign {0} has had its closing statement.',
  BatchCutShort: 'The batch breaks off: it has {0} bytes, and its items need {1}. Send it whole.',
  CampaignHasClosed: 'The window closed {0:time}.',
  CampaignIsOver: 'The campaign was over {0:time}.',
  CampaignIsPaused:
    'Paused by the organiser ({1:time}). The time lost will be given back; try again when it goes on.',
  CampaignNotOpen: 'Too early: the window opens {0:time}.',
  CampaignNotOver: 'The campaign is not over before {0:time}.',
  CampaignNotPaused: 'Campaign {0} is not paused: it goes on already.',
  CloneArgumentsTooLong: 'The book’s name is too long.',
  CouponAlreadyRedeemed: 'This coupon has already been used.',
  CouponIsRevoked: 'This coupon was taken back by the organiser.',
  Create2EmptyBytecode: 'There is no code to make a book from.',
  EmptyList: 'The list is empty.',
  FailedCall: 'One of the calls sent together failed and did not say why. Nothing changed.',
  FailedDeployment: 'This book exists already, or could not be made. Try again.',
  GeofenceMissing: 'A campaign that asks for a place needs a geofence with one site at least.',
  GraceTooLong: 'The grace may be {1} seconds (thirty days) at most.',
  HeldUntilOutsideWindow: 'The time until which coupons are held must lie inside the window.',
  HolderInvalid:
    'Holder number {0} in the list (counted from 0) is no address that can hold a coupon.',
  HolderSignatureInvalid: 'The signature is not that of the holder {0}.',
  ImplementationWithoutCode: 'There is no contract at {0} to make books from.',
  InsufficientBalance: 'The contract has too little money for that.',
  InvalidInitialization: 'This book has been set up already.',
  InvalidShortString: 'The contract refused a text.',
  ListTooLong: 'The list is too long: {0}, where one transaction takes {1} at most. Split it.',
  ListsDiffer: 'Two lists that belong together differ in length: {0} and {1}.',
  NoStandby: 'Campaign {0} holds its coupons to the end, so it has no standby.',
  NotAWitness:
    '{0} is no witness of this book, or it signed for something else than this coupon, here and now.',
  NotInitializing: 'This book cannot be set up again.',
  NotIssued: 'This coupon was not issued to {2}.',
  NothingLeft: 'Nothing is left: all that was unused has gone to those who came first.',
  ObservedInFuture: 'The witness’s clock is ahead of the chain’s. Try again in a minute.',
  ObservedOutsideWindow: 'You were seen there outside the window ({1:time} to {2:time}).',
  PresenceMissing: 'Nobody vouched that you are there, and this campaign asks for it.',
  ProofTooLong: 'A proof has {0} nodes; {1} are the most that a coupon’s can have.',
  RedeemExpired: 'The permission to redeem ended {0:time}. Sign again.',
  RootsDoNotFit: 'The campaign has changed meanwhile. Try again.',
  SafeCastOverflowedUintDowncast: 'A number is too large for the contract.',
  StandbyNotYet: 'Too early: unused coupons are held for their holders until {0:time}.',
  StatementExpired: 'The statement of your presence ended {0:time}. Ask again.',
  StatementForOtherGeofence:
    'The witness looked at another place than this campaign’s. Ask for a new statement.',
  StatementTooLong: 'A statement of presence may not live that long.',
  StatementsDoNotFit: 'The batch came with {0} statements, but its items name {1}.',
  StringTooLong: 'A text is too long for the contract.',
  SupplyBelowIssued: 'The supply cannot be {0}: {1} coupons stand issued.',
  SupplyExceeded: 'That would be {0} coupons; the supply has {1} left.',
  SupplyOutOfRange: 'The supply must be between 1 and {1}.',
  TermsFrozen: 'The campaign opened {0:time}; since then only its end and its grace may grow.',
  TimeNotInSeconds: 'A time lies beyond the year 2100.',
  UnknownCampaign: 'The book has no campaign {0}.',
  UnknownFunction: 'This book does not know what it was asked ({0}). Load the page again.',
  UnknownShard: 'That shard was not issued in campaign {0}.',
  UnknownSite: 'There is no site {0}; the campaign has {1}.',
  WindowHasPassed: 'The window has ended already ({0:time}).',
  WindowTooLong: 'The window may be a year long at most.',
  WindowTooShort: 'The window must last five minutes at least, and end after it begins.',
  WitnessInvalid: 'A witness needs an address, a class, and an end that lies ahead.',
  WitnessNotAtSite: 'The witness {0} may vouch at site {1} only.',
  WitnessNotValid: 'The witness {0} is valid from {1:time} to {2:time} only.',
}

const ERRORS: Abi = [...couponBookAbi, ...couponBookFactoryAbi].filter(
  ({ type }) => type === 'error',
)

/** Why the contract refused, by the error's bytes alone, as `RedemptionRefused` keeps them. */
export function explainErrorData(data: Hex): Failure {
  return (
    revertIn({ data }) ?? {
      code: 'ERROR_UNKNOWN',
      sentence: `The contract gave a reason that this page does not know (${data.slice(0, 10)}).`,
    }
  )
}

/** Why a call, a signature or a request to the chain failed, whichever library said so. */
export function explainRevert(error: unknown): Failure {
  const layers = layersOf(error)
  for (const layer of layers) {
    const known = revertIn(layer)
    if (known !== undefined) return known
  }
  for (const layer of layers) {
    const known = outageIn(layer)
    if (known !== undefined) return known
  }
  const text = layers.map(({ shortMessage, message }) => shortMessage ?? message).find(isText)
  return { code: 'UNEXPECTED', sentence: text ?? 'Something unexpected happened. Try again.' }
}

type Layer = Readonly<Record<string, unknown>>

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** The error, and every error that libraries have wrapped in it, outermost first. */
function layersOf(error: unknown): Layer[] {
  const found: Layer[] = []
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null || found.length > 30) return
    const layer = Object.fromEntries(
      ['name', 'code', 'message', 'shortMessage', 'data', 'raw'].map((key) => [
        key,
        Reflect.get(value, key),
      ]),
    )
    found.push(layer)
    for (const inner of ['cause', 'error', 'info', 'data', 'originalError']) {
      visit(Reflect.get(value, inner))
    }
  }
  visit(error)
  return found
}

function revertIn({ raw, data }: Layer): Failure | undefined {
  const bytes = [raw, data].find((value): value is Hex => isHex(value) && value.length >= 10)
  if (bytes === undefined) return undefined
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data: bytes })
    if (isKnown(errorName)) {
      return {
        code: errorName,
        sentence: fill({ sentence: sentences[errorName], args: args ?? [] }),
        facts: factsOf({ sentence: sentences[errorName], args: args ?? [] }),
      }
    }
    // The compiler's own checks say it in a text.
    const words = isText(args?.[0]) ? args[0] : errorName
    return { code: errorName, sentence: `The contract refused: ${words}.` }
  } catch {
    return undefined // not one of ours: another layer may know more
  }
}

function isKnown(name: string): name is ErrorName {
  return Object.hasOwn(sentences, name)
}

const FACT = /\{(\d)(:time)?\}/g

function factsOf({ sentence, args }: { sentence: string; args: readonly unknown[] }): Facts {
  const facts = [...sentence.matchAll(FACT)].map(([, index = '', time]) => {
    const value = args[Number(index)]
    return [index, time === undefined ? String(value) : new Date(Number(value) * 1000)] as const
  })
  return Object.fromEntries(facts)
}

function fill({ sentence, args }: { sentence: string; args: readonly unknown[] }): string {
  return sentence.replace(FACT, (_, index: string, time?: string) => {
    const value = args[Number(index)]
    if (time === undefined) return String(value)
    return new Date(Number(value) * 1000).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    })
  })
}

function outageIn({ name, code, message }: Layer): Failure | undefined {
  const text = isText(message) ? message : ''
  if (name === 'WalletMovedError' && isText(code)) return { code, sentence: text }
  if (isPhoneWalletCode(code)) return { code, sentence: PHONE_WALLET_SENTENCES[code] }
  if (code === 4001 || code === 'ACTION_REJECTED' || name === 'UserRejectedRequestError') {
    return {
      code: 'SIGNATURE_REJECTED',
      sentence: 'You declined in the wallet. Nothing was sent; try again when you are ready.',
    }
  }
  if (code === 'INSUFFICIENT_FUNDS' || /insufficient funds/i.test(text)) {
    return {
      code: 'INSUFFICIENT_FUNDS',
      sentence: 'This account has too little money for the network fee. Top it up and try again.',
    }
  }
  if (code === 4902 || name === 'SwitchChainError' || name === 'ConnectorChainMismatchError') {
    return {
      code: 'WRONG_NETWORK',
      sentence: 'The wallet is on another network. Switch it and try again.',
    }
  }
  if (code === -32002) {
    return {
      code: 'WALLET_BUSY',
      sentence: 'The wallet is still waiting for an answer. Open it and look.',
    }
  }
  if (
    name === 'HttpRequestError' ||
    name === 'TimeoutError' ||
    code === 'NETWORK_ERROR' ||
    /failed to fetch|networkerror|load failed/i.test(text)
  ) {
    return {
      code: 'CHAIN_AWAY',
      sentence: 'The chain does not answer. Look at your connection and try again.',
    }
  }
  if (name === 'WaitForTransactionReceiptTimeoutError') {
    return {
      code: 'NOT_MINED_YET',
      sentence: 'The transaction was sent and is not mined yet. It is not lost: look again later.',
    }
  }
  return undefined
}
