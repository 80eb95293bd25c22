import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Hex } from 'viem'
import { keptDocument } from './documents.ts'
import type { Pocket } from './journal.ts'
import { whereaboutsOf } from './whereabouts.ts'

const TIMEOUT_MILLISECONDS = 15_000
const PATIENCE_MILLISECONDS = 10_000
const SURER = 0.7
const MOVED_DEGREES = 0.0001 // some ten metres

/**
 * What to wait for after a position that was not good enough: a newer one, and where the oracle was unsure of a `place`, one that is
 * inside as far as this phone can tell, or at least surer or from elsewhere.
 */
export function betterThan({
  than,
  place,
}: {
  than: Position
  place: { pocket: Pocket; geofenceHash: Hex } | undefined
}) {
  const newer = { after: than.takenAt, timeout: TIMEOUT_MILLISECONDS }
  if (place === undefined) return newer
  const document = keptDocument({ shelf: localStorage, ...place })
  const isGood = (position: Position) =>
    document
      ? whereaboutsOf({ document, position }).kind === 'inside'
      : position.accuracyMetres < SURER * than.accuracyMetres || hasMoved({ position, than })
  return { ...newer, isGood, patience: PATIENCE_MILLISECONDS }
}

function hasMoved({ position, than }: { position: Position; than: Position }): boolean {
  const far = (part: 'longitude' | 'latitude') => Math.abs(position[part] - than[part])
  return Math.max(far('longitude'), far('latitude')) > MOVED_DEGREES
}
