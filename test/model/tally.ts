// What came up in a run, and what did not.
import type { Interface } from 'ethers'

import type { Call } from './calls.ts'
import type { Tally } from './driver.ts'

const calls: Record<Call['to'], 'succeeds' | 'never succeeds'> = {
  createCampaign: 'succeeds',
  changeTerms: 'succeeds',
  issue: 'succeeds',
  issueStandby: 'succeeds',
  redeem: 'succeeds',
  redeemFor: 'succeeds',
  redeemBatch: 'succeeds',
  revoke: 'succeeds',
  reallot: 'succeeds',
  pause: 'succeeds',
  resume: 'succeeds',
  release: 'succeeds',
  close: 'succeeds',
  addWitness: 'succeeds',
  removeWitness: 'succeeds',
  grantRole: 'succeeds',
  revokeRole: 'succeeds',
  renounceRole: 'succeeds',
  beginDefaultAdminTransfer: 'succeeds',
  cancelDefaultAdminTransfer: 'succeeds',
  acceptDefaultAdminTransfer: 'succeeds',
  rollbackDefaultAdminDelay: 'succeeds',
  setContractURI: 'succeeds',
  multicall: 'succeeds',
  changeDefaultAdminDelay: 'never succeeds',
  initialize: 'never succeeds',
  nothing: 'never succeeds',
}

// Errors of OpenZeppelin's that the book inherits, and no call of it can end in.
const UNREACHABLE = new Set([
  'AddressEmptyCode', // a delegate call to the book itself
  'FailedCall', // a call in a multicall that fails without a word: only bytes that are no call do
  'InvalidShortString', // the domain's name and version are short, and of our own making
  'StringTooLong',
  'NotInitializing', // nothing but `initialize` asks
  'SafeCastOverflowedUintDowncast', // in the year 8,925,512
])

/** Calls that can succeed, and never did. */
export function neverDone(tally: Tally): string[] {
  return Object.entries(calls).flatMap(([name, what]) =>
    what === 'succeeds' && !tally.has(name) ? [name] : [],
  )
}

/** Errors of the book that never came up. */
export function neverRefused({ tally, abi }: { tally: Tally; abi: Interface }): string[] {
  const seen = new Set([...tally.keys()].map((name) => name.split(': ')[1]))
  const all: string[] = []
  abi.forEachError(({ name }) => all.push(name))
  return all.filter((name) => !seen.has(name) && !UNREACHABLE.has(name))
}

/** Everything, with how often. */
export function summaryOf(tally: Tally): string {
  const lines = [...tally].sort(([one], [other]) => (one < other ? -1 : 1))
  return lines.map(([name, count]) => `${String(count).padStart(7)} ${name}`).join('\n')
}
