// People who stand near the edge of a hall, and the positions that their phones tell.
import { decide, type Decision } from '@coupon-secure/protocol/decide'
import { MILLIMETRES_PER_E7 } from '@coupon-secure/protocol/earth'
import type { Evidence, Fix } from '@coupon-secure/protocol/evidence'
import { defaultPolicy, type GeofenceDocument } from '@coupon-secure/protocol/geofence'

/** Numbers of the half-open [0, 1), the same at every run. */
export type Random = () => number

/** An error in metres, and the radius that the phone claims for it. */
export type Miss = { east: number; north: number; accuracyMetres: number }

/** How a phone errs; each person gets one of their own, which errs anew at every fix. */
export type Receiver = (random: Random) => () => Miss

export const NOW = 2_000_000_000_000
/** Metres from the edge of the hall, outside below zero. */
export const DISTANCES = [-100, -50, -20, -10, -5, 0, 5, 10, 20, 50, 100] as const

const HALF_METRES = 200
const METRE_E7 = 1_000 / MILLIMETRES_PER_E7
const EAST = 759_235_000
const NORTH = 269_359_000
const METRE_EAST_E7 = METRE_E7 / Math.cos((NORTH / 1e7 / 180) * Math.PI)
const RADII_PER_95_PERCENT = 2.4477

/** A hall of 400 m by 400 m, with the policy of an organiser who asks for nothing else. */
export const hall: GeofenceDocument = {
  version: 1,
  readers: 'anybody',
  salt: `0x${'5a'.repeat(32)}`,
  policy: defaultPolicy,
  sites: [
    {
      number: 1,
      name: 'Hall',
      rings: [
        [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ].map(([x = 0, y = 0]) => ({
          longitudeE7: EAST + Math.round(x * HALF_METRES * METRE_EAST_E7),
          latitudeE7: NORTH + Math.round(y * HALF_METRES * METRE_E7),
        })),
      ],
    },
  ],
}

/** The receivers that people carry, from as good as they say to much worse. */
export const receivers: Record<string, Receiver> = {
  'as claimed, 20 m': independent({ claimed: 20, real: 20 }),
  'as claimed, 5 m': independent({ claimed: 5, real: 5 }),
  'as claimed, 60 m': independent({ claimed: 60, real: 60 }),
  'says 20 m, is 40 m': independent({ claimed: 20, real: 40 }),
  'drift, 20 m': drifting({ claimed: 20, kept: 0.95 }),
  'street canyon, says 20 m': reflected({ claimed: 20 }),
  'radio cell': cell(),
}

/** A fix of somebody `metres` inside the middle of the north edge. */
export function fixOf({
  metres,
  miss: { east, north, accuracyMetres },
  takenAt = NOW,
}: {
  metres: number
  miss: Miss
  takenAt?: number
}): Fix {
  return {
    longitudeE7: EAST + Math.round(east * METRE_EAST_E7),
    latitudeE7: NORTH + Math.round((HALF_METRES - metres + north) * METRE_E7),
    accuracyMillimetres: Math.round(accuracyMetres * 1_000),
    takenAt,
  }
}

/** What the hall's oracle decides. */
export function decisionOn(evidence: Evidence): Decision {
  return decide({ document: hall, evidence, now: NOW })
}

/** An error whose 95 % radius is this. */
export function gaussian({ radius, random }: { radius: number; random: Random }) {
  const length = (radius / RADII_PER_95_PERCENT) * Math.sqrt(-2 * Math.log(1 - random()))
  const angle = 2 * Math.PI * random()
  return { east: length * Math.cos(angle), north: length * Math.sin(angle) }
}

function independent({ claimed, real }: { claimed: number; real: number }): Receiver {
  return (random) => () => ({
    ...gaussian({ radius: real, random }),
    accuracyMetres: claimed,
  })
}

/** Errors that stay much the same from one fix to the next: trying again is worth little. */
function drifting({ claimed, kept }: { claimed: number; kept: number }): Receiver {
  return (random) => {
    let last = gaussian({ radius: claimed, random })
    return () => {
      const fresh = gaussian({ radius: claimed * Math.sqrt(1 - kept * kept), random })
      last = { east: kept * last.east + fresh.east, north: kept * last.north + fresh.north }
      return { ...last, accuracyMetres: claimed }
    }
  }
}

/** Three in ten fixes come by way of a wall, 30 to 80 m off to one side of the street, and claim to be good. */
function reflected({ claimed }: { claimed: number }): Receiver {
  return (random) => {
    const side = 2 * Math.PI * random()
    return () => {
      const off = random() < 0.3 ? 30 + 50 * random() : 0
      const { east, north } = gaussian({ radius: claimed, random })
      return {
        east: east + off * Math.cos(side),
        north: north + off * Math.sin(side),
        accuracyMetres: claimed,
      }
    }
  }
}

function cell(): Receiver {
  return (random) => {
    const accuracyMetres = 300 + 1_700 * random()
    return () => ({ ...gaussian({ radius: accuracyMetres, random }), accuracyMetres })
  }
}
