import * as z from 'zod/mini'
import { decide, type Decision, type Reason } from './decide.ts'
import { hashEvidence, RULESET } from './evidence.ts'
import { geofenceDocumentSchema, hashGeofence } from './geofence.ts'
import { type BookPlace, hashPresence } from './presence.ts'
import { hashRefusal } from './refusal.ts'
import { addressField, chainIdField } from './wire-fields.ts'
import { presenceAnswerSchema, type RefusalCode } from './wire.ts'

/** What a holder keeps of an oracle's answer, so that anybody they give it to can decide again. */
export const evidenceFileSchema = z.strictObject({
  version: z.literal(1),
  chainId: chainIdField,
  book: addressField,
  answer: presenceAnswerSchema,
  geofence: geofenceDocumentSchema,
})

/** What a holder keeps of an oracle's answer. */
export type EvidenceFile = z.infer<typeof evidenceFileSchema>

/** What deciding again came to. */
export type Replay = {
  /** What the oracle answered, and what is decided now: `inside` with the site, or a refusal's code. */
  answered: string
  decided: string
  /** Whether the statement or refusal, made anew from the opening, the document and this decision, has the signed bytes. */
  isSame: boolean
  /** Why not, or why it cannot be said; a sentence each. */
  problems: string[]
  /** What the oracle signed, as it is made anew. */
  digest: `0x${string}`
}

const OF_THE_CHAIN: ReadonlySet<RefusalCode> = new Set<Exclude<RefusalCode, Reason>>([
  'CAMPAIGN_PAUSED',
  'CAMPAIGN_UNKNOWN',
  'COUPON_REDEEMED',
  'COUPON_REVOKED',
  'COUPON_UNKNOWN',
  'GEOFENCE_UNKNOWN',
  'LOCATION_NOT_REQUIRED',
  'NOTHING_LEFT',
  'STANDBY_NOT_YET',
  'WINDOW_CLOSED',
  'WINDOW_NOT_OPEN',
])

/** Decides again by what is in the file alone, as of the second that was signed. */
export function replay(file: EvidenceFile): Replay {
  const { answer, geofence } = file
  const { opening } = answer
  const problems: string[] = []
  if (opening.ruleset !== RULESET) {
    problems.push(`It was decided by ruleset ${opening.ruleset}; this is ${RULESET}.`)
  }
  const decision = decide({
    document: geofence,
    evidence: opening.evidence,
    now: Number(answer.granted ? answer.presence.observedAt : answer.refusal.refusedAt) * 1000,
  })
  const decided = textOf(decision)
  const answered = answer.granted ? textOf({ verdict: 'inside', site: answer.site }) : answer.code
  if (!answer.granted && OF_THE_CHAIN.has(answer.code)) {
    problems.push(`${answer.code} is no matter of the position: the chain says whether it is true.`)
  } else if (decided !== answered) problems.push(`Decided again it is ${decided}, not ${answered}.`)

  const { signed, digest } = madeAnew({ file, decision })
  if (digest !== signed) problems.push('The bytes that were signed do not come out again.')
  return { answered, decided, isSame: problems.length === 0, problems, digest }
}

/** The digest of what was signed, and of the same made from the opening, the document and the decision. */
function madeAnew({ file, decision }: { file: EvidenceFile; decision: Decision }) {
  const { answer, geofence } = file
  const place: BookPlace = file
  const evidenceHash = hashEvidence(answer.opening)
  if (answer.granted) {
    const { presence } = answer
    const site = decision.verdict === 'inside' ? decision.site : 0
    const geofenceHash = hashGeofence(geofence)
    return {
      signed: hashPresence({ ...place, presence }),
      digest: hashPresence({
        ...place,
        presence: { ...presence, site, geofenceHash, evidenceHash },
      }),
    }
  }
  const { refusal } = answer
  const code = decision.verdict === 'inside' ? '' : decision.reason
  return {
    signed: hashRefusal({ ...place, refusal }),
    digest: hashRefusal({ ...place, refusal: { ...refusal, code, evidenceHash } }),
  }
}

function textOf(
  decision: Exclude<Decision, { verdict: 'inside' }> | { verdict: 'inside'; site: number },
): string {
  return decision.verdict === 'inside' ? `inside, site ${decision.site}` : decision.reason
}
