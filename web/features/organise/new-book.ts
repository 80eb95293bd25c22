import type { OracleAnswer } from '@coupon-secure/protocol/wire'
import { CLASSES } from '@coupon-secure/protocol/presence'
import { type Address, getAddress, type Hex, isAddress, isAddressEqual, zeroAddress } from 'viem'
import type { AppConfig } from '../../chain/parse-config.ts'
import type { FieldProblem } from '../../ui/Field.tsx'
import { instantOf } from './zoned-time.ts'

/** What the organiser typed for a new book. */
export type BookDraft = { name: string; witness: string; validUntil: string; zone: string }

/** What is wrong with which field. */
export type BookProblems = Partial<Record<keyof BookDraft, FieldProblem>>

/** The arguments of the factory's `createBook`, less the salt. */
export type NewBook = {
  name: string
  witnesses: [
    { key: Address; classes: number; site: number; validFrom: bigint; validUntil: bigint },
  ]
}

const LONGEST_NAME = 80
const LATEST_TIME = 4_102_444_800 // 2100-01-01, as the contract

/** Checks a new book by the contract's rules; `now` in unix seconds. */
export function checkBook({
  draft,
  now,
}: {
  draft: BookDraft
  now: number
}): { ok: true; book: NewBook } | { ok: false; problems: BookProblems } {
  const problems: BookProblems = {}
  const name = draft.name.trim()
  if (name === '') problems.name = { code: 'NAME_MISSING', message: 'Give the book a name.' }
  if (name.length > LONGEST_NAME) {
    problems.name = {
      code: 'NAME_TOO_LONG',
      message: `A name has ${LONGEST_NAME} characters at most; this one has ${name.length}.`,
    }
  }

  const key = draft.witness.trim()
  if (!isAddress(key) || isAddressEqual(key, zeroAddress)) {
    problems.witness = {
      code: 'WITNESS_INVALID',
      message: 'The witness must be an address: 0x and 40 digits, its capitals unharmed.',
    }
  }

  const until = instantOf({ local: draft.validUntil, zone: draft.zone })
  if (!until.ok) {
    problems.validUntil = until
  } else if (until.seconds <= now) {
    problems.validUntil = { code: 'TIME_PASSED', message: 'This time has passed.' }
  } else if (until.seconds > LATEST_TIME) {
    problems.validUntil = {
      code: 'TIME_TOO_LATE',
      message: 'The contract knows no time after 2099.',
    }
  }

  if (!until.ok || !isAddress(key) || Object.keys(problems).length > 0) {
    return { ok: false, problems }
  }
  const witness = {
    key: getAddress(key),
    classes: CLASSES.location,
    site: 0, // all sites
    validFrom: 0n, // the contract makes it the moment of adding
    validUntil: BigInt(until.seconds),
  }
  return { ok: true, book: { name, witnesses: [witness] } }
}

/** Why this oracle does not fit this app's chain and factory, or undefined. */
export function mismatchOf({
  oracle,
  config,
}: {
  oracle: OracleAnswer
  config: Pick<AppConfig, 'chainId' | 'factory'>
}): FieldProblem | undefined {
  if (oracle.chainId !== config.chainId) {
    return {
      code: 'ORACLE_ON_OTHER_CHAIN',
      message: `The oracle serves chain ${oracle.chainId}, this app chain ${config.chainId}. It could vouch for nothing here.`,
    }
  }
  if (!isAddressEqual(oracle.factory, config.factory)) {
    return {
      code: 'ORACLE_FOR_OTHER_FACTORY',
      message: `The oracle serves the books of another factory (${oracle.factory}).`,
    }
  }
  return undefined
}

/** 32 random bytes, for salts. */
export function randomSalt(): Hex {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
