import { decide } from '@coupon-secure/protocol/decide'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { sentenceFor } from '@coupon-secure/protocol/wire'
import { fixFrom, type Position } from '@coupon-secure/protocol/wire-evidence'
import type { Direction, Whereabouts } from './pocket.ts'
import { isRoughlyInside, pointInside, wayTo, wayToEdge } from './site-points.ts'

const DIRECTIONS: readonly Direction[] = [
  'north',
  'north-east',
  'east',
  'south-east',
  'south',
  'south-west',
  'west',
  'north-west',
]

// How well a phone knows its position that has had time and a view of the sky.
const SHARP_METRES = 8

type Here = { document: GeofenceDocument; position: Position }

/** What to do to be surely there: nothing, wait for a better position, or walk so far in that direction. */
export type Guidance =
  | { kind: 'inside'; site: string }
  | { kind: 'wait'; site: string }
  | { kind: 'move'; site: string; metres: number; towards: Direction; isInside: boolean }

/** What the oracle would make of this position and document, had it been taken just now. */
export function whereaboutsOf({ document, position }: Here): Whereabouts {
  const decision = decideHere({ document, position })
  switch (decision.verdict) {
    case 'inside':
      return { kind: 'inside', site: nameOf({ document, site: decision.site }) }
    case 'outside': {
      const nearest = nearestOf({ document, position })
      return nearest
        ? { kind: 'outside', ...nearest, site: nearest.site.name }
        : { kind: 'unknown' }
    }
    case 'unsure':
    case 'refused':
      return {
        kind: 'unsure',
        failure: { code: decision.reason, sentence: sentenceFor[decision.reason] },
      }
  }
}

/** Whether a better position would do where somebody stands, and if not, which way to go. Computed here, and told to nobody. */
export function guidanceOf({ document, position }: Here): Guidance | undefined {
  const decision = decideHere({ document, position })
  if (decision.verdict === 'inside') {
    return { kind: 'inside', site: nameOf({ document, site: decision.site }) }
  }
  if (decision.verdict !== 'outside' && position.accuracyMetres > SHARP_METRES) {
    const sharp = decideHere({ document, position: { ...position, accuracyMetres: SHARP_METRES } })
    if (sharp.verdict === 'inside') {
      return { kind: 'wait', site: nameOf({ document, site: sharp.site }) }
    }
  }
  const nearest = nearestOf({ document, position })
  if (nearest === undefined) return undefined
  const { site, metres, towards } = nearest
  // From inside, the nearest edge would be the way out.
  if (!isRoughlyInside({ site, point: position })) {
    return { kind: 'move', site: site.name, metres, towards, isInside: false }
  }
  const way = wayTo({ from: position, to: pointInside(site) })
  const further = { metres: Math.hypot(way.x, way.y), towards: directionOf(way) }
  return { kind: 'move', site: site.name, ...further, isInside: true }
}

/** A direction as people say it; x goes east, y goes north. */
export function directionOf({ x, y }: { x: number; y: number }): Direction {
  const eighths = Math.round(Math.atan2(x, y) / (Math.PI / 4))
  return DIRECTIONS[(eighths + 8) % 8] ?? 'north'
}

/** What people call a site of this document. */
export function nameOf({ document, site }: { document: GeofenceDocument; site: number }): string {
  return document.sites.find(({ number }) => number === site)?.name ?? `site ${site}`
}

function decideHere({ document, position }: Here) {
  const evidence = { source: 'browser' as const, fixes: [fixFrom(position)] }
  // What else the place asks for (a code, a device) is asked for when the coupon is used; here it is only where the phone is.
  const policy = { ...document.policy, sources: [evidence.source], isBeaconRequired: false }
  return decide({ document: { ...document, policy }, evidence, now: position.takenAt })
}

function nearestOf({ document, position }: Here) {
  const [nearest] = document.sites
    .map((site) => {
      const way = wayToEdge({ site, point: position })
      return { site, metres: Math.hypot(way.x, way.y), towards: directionOf(way) }
    })
    .sort((a, b) => a.metres - b.metres)
  return nearest
}
