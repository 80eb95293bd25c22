import { decide } from '@coupon-secure/protocol/decide'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { sentenceFor } from '@coupon-secure/protocol/wire'
import { fixFrom, type Position } from '@coupon-secure/protocol/wire-evidence'
import type { Direction, Whereabouts } from './pocket.ts'
import { wayToEdge } from './site-points.ts'

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

/** What the oracle would make of this position and document, had it been taken just now. */
export function whereaboutsOf({
  document,
  position,
}: {
  document: GeofenceDocument
  position: Position
}): Whereabouts {
  const evidence = { source: 'browser' as const, fixes: [fixFrom(position)] }
  // What else the place asks for (a code, a device) is asked for when the coupon is used; here it is only where the phone is.
  const policy = { ...document.policy, sources: [evidence.source], isBeaconRequired: false }
  const decision = decide({ document: { ...document, policy }, evidence, now: position.takenAt })
  switch (decision.verdict) {
    case 'inside':
      return { kind: 'inside', site: nameOf({ document, site: decision.site }) }
    case 'outside': {
      const [nearest] = document.sites
        .map((site) => {
          const way = wayToEdge({ site, point: position })
          return { site: site.name, metres: Math.hypot(way.x, way.y), towards: directionOf(way) }
        })
        .sort((a, b) => a.metres - b.metres)
      return nearest ? { kind: 'outside', ...nearest } : { kind: 'unknown' }
    }
    case 'unsure':
    case 'refused':
      return { kind: 'unsure', sentence: sentenceFor[decision.reason] }
  }
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
