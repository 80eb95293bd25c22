import {
  hashEvidence,
  RULESET,
  sightingOf,
  type Sighting,
  type Submission,
} from '@coupon-secure/protocol/evidence'
import type { PresenceRequest, RefusalCode } from '@coupon-secure/protocol/wire'
import type { Opening } from '@coupon-secure/protocol/wire-evidence'
import type { Logged } from '@coupon-secure/protocol/wire-log'
import type { AppendLog } from './append-log.ts'
import type { Gather } from './gather.ts'
import { Problem } from '@coupon-secure/service/problem'
import type { Store } from './store.ts'
import type { Verdict, Witness } from './witness.ts'

const MOST_TRIES = 4
// Nos about the place, not about the fix: wherever it was, the holder may well have been there.
const PLAUSIBLE_NOS: readonly RefusalCode[] = [
  'BEACON_ELSEWHERE',
  'OUTSIDE_GEOFENCE',
  'TOO_CLOSE_TO_EDGE',
]

/** Answers a claim that was admitted: gathers, decides, signs, and writes down; what it returns may leave. */
export type Vouch = (asked: {
  request: PresenceRequest
  submission: Submission
  /** Where its holder was last seen, as of when it was admitted. */
  earlier: Sighting | undefined
}) => Promise<{ verdict: Verdict; opening: Opening; logged: Logged }>

/** An answer to claims, over what gathers, what decides and signs, and what remembers. */
export function createVouch({
  now,
  store,
  gather,
  witness,
  log,
}: {
  now: () => number
  store: Pick<Store, 'sighting'>
  gather: Gather
  witness: Witness
  log: Pick<AppendLog, 'append'>
}): Vouch {
  return async ({ request, submission, earlier: admittedWith }) => {
    const { book, holder, challenge } = request
    const gathered = await gather({ request, submission })
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = tries === 0 ? admittedWith : await store.sighting({ book, holder, now: now() })
      const evidence = { ...gathered, ...(before && { earlier: before }) }
      const opening = { ruleset: RULESET, challenge, evidence }
      const evidenceHash = hashEvidence(opening)
      const { verdict, digest } = await witness({ request, evidence, evidenceHash })

      const fix = evidence.fixes.at(-1)
      const isPlausible = verdict.granted || PLAUSIBLE_NOS.includes(verdict.refusal.code)
      const sighting = fix && isPlausible ? sightingOf(fix) : undefined
      // Before anybody has it: what was signed and is not in the log does not leave.
      const logged = await log.append({
        kind: verdict.granted ? 'statement' : 'refusal',
        digest,
        ...(sighting && { sighting: { book, holder, sighting, before, now: now() } }),
      })
      // Two claims at once from two places: whoever comes second is decided about by the first one's sighting.
      if (logged) return { verdict, opening, logged }
    }
    throw new Problem('RATE_LIMITED', { headers: { 'Retry-After': '1' } })
  }
}
