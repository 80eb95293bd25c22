import type { Hex } from 'viem'
import type { DeviceCode } from './device.ts'
import { hashStruct } from './typed-data.ts'

/** The rules by which `decide` decides, named in every piece of evidence (docs/protocol.md#decision). */
export const RULESET = 'coupon-secure/2'

/** Where positions come from; a policy lists those it accepts. */
export const SOURCES = ['browser', 'hypertrack'] as const

/** The most fixes of one watch. */
export const MOST_FIXES = 5

const fixTypes = {
  Fix: [
    { name: 'longitudeE7', type: 'int32' },
    { name: 'latitudeE7', type: 'int32' },
    { name: 'accuracyMillimetres', type: 'uint32' },
    { name: 'takenAt', type: 'uint64' },
    { name: 'altitudeMillimetres', type: 'int32[]' },
    { name: 'altitudeAccuracyMillimetres', type: 'uint32[]' },
    { name: 'headingCentidegrees', type: 'uint16[]' },
    { name: 'speedMillimetresPerSecond', type: 'uint32[]' },
  ],
} as const

/** What a holder submits, as it is hashed for their `Claim` (docs/protocol.md#evidence). */
export const submissionTypes = {
  ...fixTypes,
  Submission: [
    { name: 'ruleset', type: 'string' },
    { name: 'challenge', type: 'bytes32' },
    { name: 'source', type: 'string' },
    { name: 'fixes', type: 'Fix[]' },
    { name: 'beacon', type: 'ScannedBeacon[]' },
  ],
  ScannedBeacon: [
    { name: 'site', type: 'uint16' },
    { name: 'shownAt', type: 'uint64' },
    { name: 'signature', type: 'bytes' },
  ],
} as const

/** All that an oracle decides by, as it is hashed for the statement (docs/protocol.md#evidence). */
export const evidenceTypes = {
  ...fixTypes,
  Evidence: [
    { name: 'ruleset', type: 'string' },
    { name: 'challenge', type: 'bytes32' },
    { name: 'source', type: 'string' },
    { name: 'fixes', type: 'Fix[]' },
    { name: 'condition', type: 'string[]' },
    { name: 'earlier', type: 'Sighting[]' },
    { name: 'beacon', type: 'CheckedBeacon[]' },
  ],
  Sighting: [
    { name: 'longitudeCell', type: 'int16' },
    { name: 'latitudeCell', type: 'int16' },
    { name: 'takenAt', type: 'uint64' },
  ],
  CheckedBeacon: [
    { name: 'site', type: 'uint16' },
    { name: 'shownAt', type: 'uint64' },
    { name: 'signature', type: 'bytes' },
    { name: 'isFromCounter', type: 'bool' },
  ],
} as const

const CELL_E7 = 1_000_000

/** Where a position comes from. */
export type Source = (typeof SOURCES)[number]

/** How a managed device is: able to vouch for itself, or the code of what keeps it from that. */
export type Condition = 'ACTIVE' | DeviceCode

/** One position fix in integers, `takenAt` in unix milliseconds, with what the device adds where it adds it. */
export type Fix = {
  longitudeE7: number
  latitudeE7: number
  accuracyMillimetres: number
  takenAt: number
  altitudeMillimetres?: number
  altitudeAccuracyMillimetres?: number
  headingCentidegrees?: number
  speedMillimetresPerSecond?: number
}

/** A turn of a counter's beacon as the holder scanned it; `shownAt` in unix seconds, the signature of 64 bytes. */
export type ScannedBeacon = { site: number; shownAt: number; signature: Hex }

/** What the holder submits and signs for; `fixes` of one watch, the oldest first, none where a device service has them. */
export type Submission = { source: Source; fixes: Fix[]; beacon?: ScannedBeacon }

/** When this holder's last fix was taken, and the cell of 0.1° × 0.1° it lay in: all that is remembered of it. */
export type Sighting = { longitudeCell: number; latitudeCell: number; takenAt: number }

/** All that is decided by, apart from the geofence document and the time. An absent part is left out. */
export type Evidence = {
  source: Source
  fixes: Fix[]
  /** Only of managed devices. */
  condition?: Condition
  earlier?: Sighting
  /** Whether its signer was, as the chain had it then, a COUNTER witness of the book for that site. */
  beacon?: ScannedBeacon & { isFromCounter: boolean }
}

/** What the holder's `Claim` commits to: what they submit, the rules and the challenge; no domain. */
export function hashSubmission({
  submission: { source, fixes, beacon },
  challenge,
  ruleset,
}: {
  submission: Submission
  challenge: Hex
  ruleset: string
}): Hex {
  return hashStruct({
    types: submissionTypes,
    primaryType: 'Submission',
    data: {
      ruleset,
      challenge,
      source,
      fixes: fixes.map(hashable),
      beacon: listOf(beacon).map(timed),
    },
  })
}

/** What a statement or a refusal commits to: the evidence, the rules and the challenge; no domain. */
export function hashEvidence({
  evidence: { source, fixes, condition, earlier, beacon },
  challenge,
  ruleset,
}: {
  evidence: Evidence
  challenge: Hex
  ruleset: string
}): Hex {
  return hashStruct({
    types: evidenceTypes,
    primaryType: 'Evidence',
    data: {
      ruleset,
      challenge,
      source,
      fixes: fixes.map(hashable),
      condition: listOf(condition),
      earlier: listOf(earlier).map((sighting) => ({
        ...sighting,
        takenAt: BigInt(sighting.takenAt),
      })),
      beacon: listOf(beacon).map(timed),
    },
  })
}

/** All that may be remembered of a fix, for an hour at most. */
export function sightingOf({ longitudeE7, latitudeE7, takenAt }: Fix): Sighting {
  return {
    longitudeCell: Math.floor(longitudeE7 / CELL_E7),
    latitudeCell: Math.floor(latitudeE7 / CELL_E7),
    takenAt,
  }
}

function hashable(fix: Fix) {
  return {
    longitudeE7: fix.longitudeE7,
    latitudeE7: fix.latitudeE7,
    accuracyMillimetres: fix.accuracyMillimetres,
    takenAt: BigInt(fix.takenAt),
    altitudeMillimetres: listOf(fix.altitudeMillimetres),
    altitudeAccuracyMillimetres: listOf(fix.altitudeAccuracyMillimetres),
    headingCentidegrees: listOf(fix.headingCentidegrees),
    speedMillimetresPerSecond: listOf(fix.speedMillimetresPerSecond),
  }
}

function timed<beacon extends ScannedBeacon>(beacon: beacon) {
  return { ...beacon, shownAt: BigInt(beacon.shownAt) }
}

// A part that may be absent is hashed as a list of none or one, so that no value stands for absence.
function listOf<part>(part: part | undefined): part[] {
  return part === undefined ? [] : [part]
}
