import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { evidenceFileSchema } from '@coupon-secure/protocol/replay'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import type { Pocket } from './journal.ts'

/** What `npm run replay` decides by: the oracle's answer and the geofence; undefined where the answer is none. */
export function evidenceFileOf({
  pocket: { chainId, book },
  answer,
  geofence,
}: {
  pocket: Pocket
  answer: unknown
  geofence: GeofenceDocument
}): object | undefined {
  const json = { version: 1, chainId, book, answer, geofence }
  return readWire({ schema: evidenceFileSchema, json }).ok ? json : undefined
}
