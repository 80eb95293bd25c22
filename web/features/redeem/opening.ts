import { hashEvidence, hashSubmission, type Submission } from '@coupon-secure/protocol/evidence'
import type { Opening } from '@coupon-secure/protocol/wire-evidence'
import type { Hex } from 'viem'

/** Whether an opening is of this commitment, of these rules and challenge, and of what was submitted. */
export function opens({
  opening: { challenge, ruleset, evidence },
  evidenceHash,
  submission,
  bound,
}: {
  opening: Opening
  evidenceHash: Hex
  submission: Submission
  bound: { challenge: Hex; ruleset: string }
}): boolean {
  const { source, fixes, beacon } = evidence
  const seen = {
    source,
    fixes: source === 'browser' ? fixes : submission.fixes, // a device's own are the oracle's to find
    ...(beacon && {
      beacon: { site: beacon.site, shownAt: beacon.shownAt, signature: beacon.signature },
    }),
  }
  return (
    challenge === bound.challenge &&
    ruleset === bound.ruleset &&
    hashSubmission({ submission: seen, ...bound }) === hashSubmission({ submission, ...bound }) &&
    hashEvidence({ evidence, ...bound }) === evidenceHash.toLowerCase()
  )
}
