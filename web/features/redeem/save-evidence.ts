import { type HeldCoupon, idOf } from '@coupon-secure/protocol/coupon'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import type { AppConfig } from '../../chain/parse-config.ts'
import { saveJson } from '../../ui/save-file.ts'
import { documentFor } from './documents.ts'
import { evidenceFileOf } from './evidence-file.ts'
import type { Pocket } from './journal.ts'

const lost: Failure = {
  code: 'EVIDENCE_LOST',
  sentence: 'This browser does not have the evidence any more.',
}

/** Saves an answer of the oracle with all that it was decided by as a file, or says why not. */
export async function saveEvidence({
  config,
  pocket,
  coupon,
  answer,
  geofenceHash,
}: {
  config: AppConfig
  pocket: Pocket
  coupon: HeldCoupon
  /** As it came over the wire. */
  answer: unknown
  geofenceHash: Hex
}): Promise<Failure | undefined> {
  const read = await documentFor({ config, pocket, geofenceHash, coupon })
  if (!read.ok) return read.failure
  const geofence = read.document
  const file = evidenceFileOf({ pocket, answer, geofence })
  if (file === undefined) return lost
  saveJson({ name: idOf({ ...pocket, ...coupon }).slice(0, 8), kind: 'evidence', value: file })
  return undefined
}
