// What honest phones do that looks odd, and what those do who pretend: one labelled trace for each.
import {
  type Evidence,
  type Fix,
  type Sighting,
  sightingOf,
} from '@coupon-secure/protocol/evidence'
import { fixOf, gaussian, NOW, type Random } from './corpus-people.ts'

/** Whether somebody is where their phone says. */
export type Trace = {
  name: string
  isHonest: boolean
  evidence: (random: Random) => Evidence
}

const ALTITUDE_MILLIMETRES = 431_000
const SECOND = 1_000
const MINUTE = 60 * SECOND

/** All labelled traces; those who pretend stand nowhere near and claim the middle of the hall. */
export const traces: readonly Trace[] = [
  honest('stands still, satellites', (random) => watch({ random })),
  honest('stands still, satellites, accuracy never changes', (random) =>
    watch({ random, isAccuracyFixed: true }),
  ),
  honest('stands still, altitude and position in steps of 0.1 m', (random) =>
    watch({ random }).map((fix) => ({
      ...fix,
      altitudeMillimetres: Math.round((fix.altitudeMillimetres ?? 0) / 100) * 100,
      longitudeE7: Math.round(fix.longitudeE7 / 10) * 10,
      latitudeE7: Math.round(fix.latitudeE7 / 10) * 10,
    })),
  ),
  honest('stands still, networks: the same five times', (random) => {
    const seen = plain(random)
    return every(5, () => seen)
  }),
  honest('a hundred phones on one point of a network', () => [centre()]),
  honest('a receiver that holds its position while one stands', (random) => {
    const seen = satellite(random)
    return every(5, () => seen)
  }),
  honest('a cell’s guess 3 km away, a second before', (random) => [
    { ...away(3_000), accuracyMillimetres: 500_000, takenAt: NOW - SECOND },
    plain(random),
  ]),
  honest(
    'asks again after 2 s',
    (random) => [plain(random)],
    () => seen(centre(), 2 * SECOND),
  ),
  honest(
    'off a train, 90 m/s, seen 10 min before',
    (random) => [plain(random)],
    () => seen(away(54_000), 10 * MINUTE),
  ),
  honest(
    'off an airliner, 250 m/s, seen 50 min before',
    (random) => [plain(random)],
    () => seen(away(750_000), 50 * MINUTE),
  ),
  honest('a clock 3 s ahead', (random) => [{ ...plain(random), takenAt: NOW + 3 * SECOND }]),
  honest('a clock 2 min ahead', (random) => [{ ...plain(random), takenAt: NOW + 2 * MINUTE }]),
  honest('a clock 2 min behind', (random) => [{ ...plain(random), takenAt: NOW - 2 * MINUTE }]),

  pretending('a browser’s developer tools', () => [centre()]),
  pretending('a mock that leaves the rest blank', () => [
    { ...centre(), altitudeMillimetres: 0, headingCentidegrees: 0, speedMillimetresPerSecond: 0 },
  ]),
  pretending('a mock with an altitude, one fix', () => [
    { ...centre(), altitudeMillimetres: ALTITUDE_MILLIMETRES },
  ]),
  pretending('a mock with an altitude, a watch of 3 s', () =>
    every(4, () => ({ ...centre(), altitudeMillimetres: ALTITUDE_MILLIMETRES })),
  ),
  pretending('a mock that trembles, accuracy never changes', (random) =>
    watch({ random, isAccuracyFixed: true }),
  ),
  pretending('a mock put on during the watch, 500 m off', (random) => [
    { ...away(500), takenAt: NOW - SECOND },
    plain(random),
  ]),
  pretending(
    'teleports 500 km in 5 min',
    () => [centre()],
    () => seen(away(500_000), 5 * MINUTE),
  ),
  pretending('teleports 500 km, was not seen for an hour', () => [centre()]),
  pretending(
    'pretends from 8 km away',
    () => [centre()],
    () => seen(away(8_000), MINUTE),
  ),
  pretending(
    'replays the fix that was taken',
    () => [centre()],
    () => seen(centre(), 0),
  ),
  pretending('replays a fix of two minutes ago', () => [
    { ...centre(), takenAt: NOW - 2 * MINUTE },
  ]),
  pretending('replays a friend’s fix within the minute', () => [centre()]),
  pretending('a hundred phones on one point', () => [centre()]),
  pretending('null island', () => [{ ...centre(), longitudeE7: 0, latitudeE7: 0 }]),
]

function honest(name: string, fixes: (random: Random) => Fix[], earlier?: () => Sighting): Trace {
  return { name, isHonest: true, evidence: evidenceOf({ fixes, earlier }) }
}

function pretending(
  name: string,
  fixes: (random: Random) => Fix[],
  earlier?: () => Sighting,
): Trace {
  return { name, isHonest: false, evidence: evidenceOf({ fixes, earlier }) }
}

function evidenceOf({
  fixes,
  earlier,
}: {
  fixes: (random: Random) => Fix[]
  earlier: (() => Sighting) | undefined
}): Trace['evidence'] {
  return (random) => ({ source: 'browser', fixes: fixes(random), earlier: earlier?.() })
}

function centre(): Fix {
  return fixOf({ metres: 200, miss: { east: 0, north: 0, accuracyMetres: 10 } })
}

/** A place so many metres north of the middle of the hall. */
function away(metres: number): Fix {
  return fixOf({ metres: 200 - metres, miss: { east: 0, north: 0, accuracyMetres: 10 } })
}

function plain(random: Random): Fix {
  const { east, north } = gaussian({ radius: 10, random })
  return fixOf({ metres: 200, miss: { east, north, accuracyMetres: 10 } })
}

function satellite(random: Random): Fix {
  const altitudeMillimetres = ALTITUDE_MILLIMETRES + Math.round(3_000 * (random() - 0.5))
  return { ...plain(random), altitudeMillimetres, altitudeAccuracyMillimetres: 3_000 }
}

/** Five fixes, a second apart, that wander by centimetres as a receiver's filter lets them. */
function watch({ random, isAccuracyFixed }: { random: Random; isAccuracyFixed?: boolean }): Fix[] {
  const base = satellite(random)
  return every(5, () => ({
    ...base,
    longitudeE7: base.longitudeE7 + wander(random, 40),
    latitudeE7: base.latitudeE7 + wander(random, 40),
    accuracyMillimetres: base.accuracyMillimetres + (isAccuracyFixed ? 0 : wander(random, 600)),
    altitudeMillimetres: (base.altitudeMillimetres ?? 0) + wander(random, 300),
  }))
}

function wander(random: Random, most: number): number {
  return Math.round((random() - 0.5) * 2 * most)
}

function every(count: number, fix: (index: number) => Fix): Fix[] {
  return Array.from({ length: count }, (_, index) => ({
    ...fix(index),
    takenAt: NOW - SECOND * (count - 1 - index),
  }))
}

function seen(fix: Fix, ago: number): Sighting {
  return sightingOf({ ...fix, takenAt: NOW - ago })
}
