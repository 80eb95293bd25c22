import { distanceBetween, leastDistanceToCell } from './earth.ts'
import type { Evidence, Fix } from './evidence.ts'

/** What shows that a fix was not taken where and when it says. */
export type Giveaway =
  'FROZEN' | 'LOCATION_IMPLAUSIBLE' | 'MOCKED' | 'REPLAYED' | 'TRAVEL_IMPOSSIBLE'

// An airliner does 250.
const FASTEST_MILLIMETRES_PER_MILLISECOND = 300
const FROZEN = { fixes: 3, milliseconds: 2_000 } as const

/**
 * The first thing that gives these fixes away (docs/protocol.md#giveaways). Each is something that hardly any honest receiver
 * does, and that trying again elsewhere or later cures for one that did; docs/presence.md has the figures.
 */
export function giveawayOf({
  evidence: { source, fixes, earlier },
  maxAccuracyMillimetres,
}: {
  evidence: Pick<Evidence, 'source' | 'fixes' | 'earlier'>
  maxAccuracyMillimetres: number
}): Giveaway | undefined {
  const fix = fixes.at(-1)
  if (fix === undefined) return undefined
  if (fixes.some((each, index) => each.takenAt <= (fixes[index - 1]?.takenAt ?? -1))) {
    return 'LOCATION_IMPLAUSIBLE' // a watch goes forward in time
  }
  if (isBlank(fix)) return 'MOCKED'

  // The coarse ones before it are a receiver's first guesses, which may be anywhere.
  const watch = fixes.filter(
    ({ accuracyMillimetres }) => accuracyMillimetres <= maxAccuracyMillimetres,
  )
  if (isFrozen(watch)) return 'FROZEN'
  // What the oracle reads from a device service nobody can hand in twice, and it changes only when the device reports.
  if (source === 'browser' && earlier !== undefined && fix.takenAt <= earlier.takenAt) {
    return 'REPLAYED'
  }
  const isTooFast =
    (fix.speedMillimetresPerSecond ?? 0) > FASTEST_MILLIMETRES_PER_MILLISECOND * 1000 ||
    watch.some((each, index) => index > 0 && isJump(watch[index - 1], each)) ||
    (earlier !== undefined &&
      isTooFar({
        millimetres: leastDistanceToCell(fix, earlier) - fix.accuracyMillimetres,
        milliseconds: fix.takenAt - earlier.takenAt,
      }))
  return isTooFast ? 'TRAVEL_IMPOSSIBLE' : undefined
}

// A location that a program made and filled in only where it must: a receiver that stands still has no heading.
function isBlank({
  altitudeMillimetres,
  headingCentidegrees,
  speedMillimetresPerSecond,
}: Fix): boolean {
  return altitudeMillimetres === 0 && headingCentidegrees === 0 && speedMillimetresPerSecond === 0
}

// Satellites give an altitude, and with it a position that trembles by centimetres even in a vice. What comes from
// radio cells and networks has none, and honestly stays the same.
function isFrozen(watch: readonly Fix[]): boolean {
  const tail = watch.slice(-FROZEN.fixes)
  const [first] = tail
  const last = tail.at(-1)
  return (
    first?.altitudeMillimetres !== undefined &&
    last !== undefined &&
    tail.length === FROZEN.fixes &&
    last.takenAt - first.takenAt >= FROZEN.milliseconds &&
    tail.every(
      (fix) =>
        fix.longitudeE7 === first.longitudeE7 &&
        fix.latitudeE7 === first.latitudeE7 &&
        fix.accuracyMillimetres === first.accuracyMillimetres &&
        fix.altitudeMillimetres === first.altitudeMillimetres,
    )
  )
}

function isJump(before: Fix | undefined, after: Fix): boolean {
  return (
    before !== undefined &&
    isTooFar({
      millimetres:
        distanceBetween(before, after) - before.accuracyMillimetres - after.accuracyMillimetres,
      milliseconds: after.takenAt - before.takenAt,
    })
  )
}

function isTooFar({
  millimetres,
  milliseconds,
}: {
  millimetres: number
  milliseconds: number
}): boolean {
  return millimetres > FASTEST_MILLIMETRES_PER_MILLISECOND * Math.abs(milliseconds)
}
