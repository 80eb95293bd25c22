import { TURN_SECONDS } from '@coupon-secure/protocol/beacon'
import { type Decision, decide } from '@coupon-secure/protocol/decide'
import type { Evidence } from '@coupon-secure/protocol/evidence'
import type { GeofenceDocument, Vertex } from '@coupon-secure/protocol/geofence'

/** The accuracies that a point is tried at, metres: a good receiver outdoors to a bad one indoors. */
export const TRIED_ACCURACIES = [5, 20, 50, 100] as const

const RANKS = { inside: 0, unsure: 1, outside: 2, refused: 3 } as const

/** What the oracle would say of one fix. */
export type PointVerdict = { accuracyMetres: number; decision: Decision }

/** What the oracle would say of a holder who stands at a point, by the very rules it decides by; `now` in unix milliseconds. */
export function testPoint({
  document,
  point,
  now,
}: {
  document: GeofenceDocument
  point: Vertex
  now: number
}): PointVerdict[] {
  return TRIED_ACCURACIES.map((accuracyMetres) => {
    const decisions = evidencesAt({ document, point, accuracyMetres, now }).map((evidence) =>
      decide({ document, evidence, now }),
    )
    const [best] = decisions.toSorted((a, b) => RANKS[a.verdict] - RANKS[b.verdict])
    return { accuracyMetres, decision: best ?? { verdict: 'refused', reason: 'FIX_MISSING' } }
  })
}

/** A decision in words. */
export function verdictText({
  decision,
  document: { policy, sites },
}: {
  decision: Decision
  document: GeofenceDocument
}): { answer: 'Yes' | 'Not sure' | 'No'; why: string } {
  switch (decision.verdict) {
    case 'inside': {
      const name = sites.find(({ number }) => number === decision.site)?.name ?? ''
      const percent = decision.confidencePermille / 10
      return { answer: 'Yes', why: `At ${name}, ${percent} % sure.` }
    }
    case 'unsure':
      return {
        answer: 'Not sure',
        why: `Too close to an edge to be ${policy.minConfidencePermille / 10} % sure. A better fix may help.`,
      }
    case 'outside':
      return { answer: 'No', why: 'Outside every site.' }
    case 'refused':
      return {
        answer: 'No',
        why:
          decision.reason === 'ACCURACY_POOR'
            ? `Not exact enough: ${policy.maxAccuracyMetres} m or better is asked for.`
            : 'Such a fix does not count at all.',
      }
  }
}

/** One fix; where the counter's code is asked for, once with the code of each site: the holder has scanned the one where they stand. */
function evidencesAt({
  document: { policy, sites },
  point,
  accuracyMetres,
  now,
}: {
  document: GeofenceDocument
  point: Vertex
  accuracyMetres: number
  now: number
}): Evidence[] {
  const source = policy.sources[0] ?? 'browser'
  const seen: Evidence = {
    source,
    fixes: [{ ...point, accuracyMillimetres: accuracyMetres * 1000, takenAt: now }],
    ...(source === 'hypertrack' && { condition: 'ACTIVE' }),
  }
  if (!policy.isBeaconRequired) return [seen]
  const shownAt = Math.floor(now / 1000 / TURN_SECONDS) * TURN_SECONDS
  return sites.map(({ number }) => ({
    ...seen,
    beacon: { site: number, shownAt, signature: '0x', isFromCounter: true },
  }))
}
