import { CLASSES } from '@coupon-secure/protocol/presence'
import { type Address, getAddress, isAddress } from 'viem'
import type { FieldProblem } from '../../ui/Field.tsx'
import { instantOf } from './zoned-time.ts'

/** What the organiser typed for a witness; `site` 0: all; times as clocks in `zone` show them. */
export type WitnessDraft = {
  key: string
  isCounter: boolean
  isLocation: boolean
  site: number
  validUntil: string
  zone: string
}

/** What is wrong, each beside its field. */
export type WitnessProblems = Partial<Record<'key' | 'classes' | 'validUntil', FieldProblem>>

/** A witness as the contract takes it. */
export type NewWitness = {
  key: Address
  classes: number
  site: number
  validFrom: bigint
  validUntil: bigint
}

const LATEST_TIME = 4_102_444_800

/** Checks a witness by the contract's rules; `now` in unix seconds. */
export function checkWitness({
  draft,
  now,
}: {
  draft: WitnessDraft
  now: number
}): { ok: true; witness: NewWitness } | { ok: false; problems: WitnessProblems } {
  const problems: WitnessProblems = {}
  const key = draft.key.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(key) || /^0x0{40}$/.test(key)) {
    problems.key = {
      code: 'ADDRESS_INVALID',
      message: 'Paste the address that the counter shows: 0x and 40 digits.',
    }
  } else if (!isAddress(key)) {
    problems.key = {
      code: 'ADDRESS_CHECKSUM',
      message: 'The address has a wrong checksum, so a character may be wrong. Copy it again.',
    }
  }
  const classes =
    (draft.isCounter ? CLASSES.counter : 0) | (draft.isLocation ? CLASSES.location : 0)
  if (classes === 0) {
    problems.classes = { code: 'CLASS_MISSING', message: 'Say what it vouches as.' }
  }
  const until = instantOf({ local: draft.validUntil, zone: draft.zone })
  if (!until.ok) problems.validUntil = until
  else if (until.seconds <= now || until.seconds > LATEST_TIME) {
    problems.validUntil = {
      code: 'UNTIL_OUT_OF_RANGE',
      message: 'It must count until a time to come, and not after 2099.',
    }
  }
  if (!until.ok || Object.keys(problems).length > 0) return { ok: false, problems }
  return {
    ok: true,
    witness: {
      key: getAddress(key),
      classes,
      site: draft.site,
      validFrom: 0n, // the contract takes the moment it is added
      validUntil: BigInt(until.seconds),
    },
  }
}

/** What a witness vouches as, in words. */
export function classWords(classes: number): string {
  const words = [
    (classes & CLASSES.location) !== 0 ? 'Location oracle' : '',
    (classes & CLASSES.counter) !== 0 ? 'Counter' : '',
  ].filter((word) => word !== '')
  return words.length > 0 ? words.join(', ') : 'Other'
}
