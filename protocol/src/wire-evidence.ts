import * as z from 'zod/mini'
import { isDeviceCode } from './device.ts'
import { type Condition, type Fix, MOST_FIXES, SOURCES, type Submission } from './evidence.ts'
import { toE7 } from './geofence.ts'
import {
  bytes32Field,
  degreesField,
  hexField,
  millisecondsField,
  secondsField,
  siteField,
} from './wire-fields.ts'

const LARGEST_UINT32 = 2 ** 32 - 1
const LARGEST_INT32 = 2 ** 31 - 1

/** Where a browser says it is, and what else it says of that; what it does not know is left out. */
export const positionSchema = z.strictObject({
  longitude: degreesField({ limit: 180, code: 'LONGITUDE_INVALID' }),
  latitude: degreesField({ limit: 90, code: 'LATITUDE_INVALID' }),
  accuracyMetres: z
    .number({ error: 'ACCURACY_INVALID' })
    .check(z.gt(0, { error: 'ACCURACY_INVALID' })),
  takenAt: millisecondsField,
  altitudeMetres: z.optional(z.number()),
  altitudeAccuracyMetres: z.optional(z.number().check(z.gte(0))),
  headingDegrees: z.optional(z.number().check(z.gte(0), z.lte(360))),
  speedMetresPerSecond: z.optional(z.number().check(z.gte(0))),
})

/** A turn of a counter's beacon as the holder scanned it. */
export const scannedBeaconSchema = z.strictObject({
  site: siteField,
  shownAt: secondsField,
  signature: hexField({ from: 64, to: 64 }),
})

/** What the holder submits, as fields of a presence request; `positions` of one watch, the oldest first. */
export const submissionFields = {
  source: z.enum(SOURCES),
  positions: z.array(positionSchema).check(z.maxLength(MOST_FIXES)),
  beacon: z.optional(scannedBeaconSchema),
}

const fixSchema = z.strictObject({
  longitudeE7: wholeField({ from: -1_800_000_000, to: 1_800_000_000 }),
  latitudeE7: wholeField({ from: -900_000_000, to: 900_000_000 }),
  accuracyMillimetres: wholeField({ from: 1, to: LARGEST_UINT32 }),
  takenAt: millisecondsField,
  altitudeMillimetres: z.optional(wholeField({ from: -LARGEST_INT32, to: LARGEST_INT32 })),
  altitudeAccuracyMillimetres: z.optional(wholeField({ from: 0, to: LARGEST_UINT32 })),
  headingCentidegrees: z.optional(wholeField({ from: 0, to: 36_000 })),
  speedMillimetresPerSecond: z.optional(wholeField({ from: 0, to: LARGEST_UINT32 })),
})

/** All that a decision was made by. */
export const evidenceSchema = z.strictObject({
  source: z.enum(SOURCES),
  fixes: z.array(fixSchema).check(z.maxLength(MOST_FIXES)),
  condition: z.optional(
    z.custom<Condition>(
      (value) => typeof value === 'string' && (value === 'ACTIVE' || isDeviceCode(value)),
    ),
  ),
  earlier: z.optional(
    z.strictObject({
      longitudeCell: wholeField({ from: -1_800, to: 1_800 }),
      latitudeCell: wholeField({ from: -900, to: 900 }),
      takenAt: millisecondsField,
    }),
  ),
  beacon: z.optional(z.extend(scannedBeaconSchema, { isFromCounter: z.boolean() })),
})

/** What opens an `evidenceHash`, for its holder to keep. */
export const openingSchema = z.strictObject({
  ruleset: z.string().check(z.minLength(1), z.maxLength(64)),
  challenge: bytes32Field,
  evidence: evidenceSchema,
})

/** Where a browser says it is. */
export type Position = z.infer<typeof positionSchema>

/** What opens an `evidenceHash`. */
export type Opening = z.infer<typeof openingSchema>

/** What was submitted in the integers that are decided about and hashed. */
export function submissionFrom({
  source,
  positions,
  beacon,
}: Omit<Submission, 'fixes'> & { positions: readonly Position[] }): Submission {
  return { source, fixes: positions.map(fixFrom), ...(beacon && { beacon }) }
}

/** A browser's position in integers. */
export function fixFrom(position: Position): Fix {
  const { altitudeMetres, altitudeAccuracyMetres, headingDegrees, speedMetresPerSecond } = position
  return {
    longitudeE7: toE7(position.longitude),
    latitudeE7: toE7(position.latitude),
    accuracyMillimetres: Math.max(thousandths(position.accuracyMetres), 1),
    takenAt: position.takenAt,
    ...(altitudeMetres !== undefined && {
      altitudeMillimetres: thousandths(altitudeMetres, LARGEST_INT32),
    }),
    ...(altitudeAccuracyMetres !== undefined && {
      altitudeAccuracyMillimetres: thousandths(altitudeAccuracyMetres),
    }),
    ...(headingDegrees !== undefined && { headingCentidegrees: Math.round(headingDegrees * 100) }),
    ...(speedMetresPerSecond !== undefined && {
      speedMillimetresPerSecond: thousandths(speedMetresPerSecond),
    }),
  }
}

// As far as the hashed types reach, which is further than any policy takes; + 0: no integer is minus zero.
function thousandths(value: number, largest = LARGEST_UINT32): number {
  return Math.min(Math.max(Math.round(value * 1000) + 0, -LARGEST_INT32), largest)
}

function wholeField({ from, to }: { from: number; to: number }) {
  return z
    .int({ error: 'NUMBER_INVALID' })
    .check(z.gte(from, { error: 'NUMBER_INVALID' }), z.lte(to, { error: 'NUMBER_INVALID' }))
}
