import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { hashGeofence } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import {
  errorAnswerSchema,
  geofenceAnswerSchema,
  type OracleAnswer,
  oracleAnswerSchema,
} from '@coupon-secure/protocol/wire'
import type { Hex } from 'viem'

/** What became of a request to the oracle: its answer, or why there is none. */
export type OracleResult<Answer> =
  { ok: true; answer: Answer } | { ok: false; code: string; sentence: string }

type Fetch = typeof globalThis.fetch

const TIMEOUT = 15_000

/** Asks the configured oracle who it is. */
export async function askOracle({
  oracleUrl,
  fetch = globalThis.fetch,
}: {
  oracleUrl: string
  fetch?: Fetch
}): Promise<OracleResult<OracleAnswer>> {
  const result = await ask({ url: `${oracleUrl}/v1/oracle`, fetch })
  if (!result.ok) return result
  const answer = oracleAnswerSchema.safeParse(result.answer)
  return answer.success ? { ok: true, answer: answer.data } : UNREADABLE
}

/** Gives the oracle a geofence document, and checks that it understood the same place as we did. */
export async function registerGeofence({
  oracleUrl,
  document,
  fetch = globalThis.fetch,
}: {
  oracleUrl: string
  document: GeofenceDocument
  fetch?: Fetch
}): Promise<OracleResult<Hex>> {
  const ours = hashGeofence(document)
  const result = await ask({ url: `${oracleUrl}/v1/geofences`, body: document, fetch })
  if (!result.ok) return result
  const answer = geofenceAnswerSchema.safeParse(result.answer)
  if (!answer.success) return UNREADABLE
  if (answer.data.geofenceHash !== ours) {
    return {
      ok: false,
      code: 'ORACLE_HASH_DIFFERS',
      sentence: `The oracle makes another hash of this geofence (${answer.data.geofenceHash}) than this page (${ours}). Nothing was signed.`,
    }
  }
  return { ok: true, answer: ours }
}

/** Whether the oracle was given this geofence; null where it does not say, as when it is away. */
export async function knowsGeofence({
  oracleUrl,
  hash,
  fetch = globalThis.fetch,
}: {
  oracleUrl: string
  hash: Hex
  fetch?: Fetch
}): Promise<boolean | null> {
  const result = await ask({ url: `${oracleUrl}/v1/geofences/${hash}`, fetch })
  // What only holders may read is known as well.
  if (result.ok || result.code === 'READERS_ONLY') return true
  return result.code === 'GEOFENCE_UNKNOWN' ? false : null
}

/** Reads a geofence document that anybody may read; what comes is believed only if it is what the hash promises. */
export async function readGeofence({
  oracleUrl,
  hash,
  fetch = globalThis.fetch,
}: {
  oracleUrl: string
  hash: Hex
  fetch?: Fetch
}): Promise<OracleResult<GeofenceDocument>> {
  const result = await ask({ url: `${oracleUrl}/v1/geofences/${hash}`, fetch })
  if (!result.ok) {
    return result.code === 'READERS_ONLY'
      ? {
          ...result,
          sentence:
            'Only its holders may read this place, and it was not drawn in this browser. Load the file that was saved when it was.',
        }
      : result
  }
  const checked = checkGeofence(result.answer)
  return checked.ok && hashGeofence(checked.document) === hash
    ? { ok: true, answer: checked.document }
    : UNREADABLE
}

const UNREADABLE = {
  ok: false,
  code: 'ORACLE_UNREADABLE',
  sentence: 'The oracle answers in a way this page does not understand. Is it the right address?',
} as const

async function ask({
  url,
  body,
  fetch,
}: {
  url: string
  body?: unknown
  fetch: Fetch
}): Promise<OracleResult<unknown>> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    const answer: unknown = await response.json()
    if (response.ok) return { ok: true, answer }
    const refusal = errorAnswerSchema.safeParse(answer)
    return refusal.success
      ? { ok: false, code: refusal.data.error.code, sentence: refusal.data.error.message }
      : UNREADABLE
  } catch {
    return {
      ok: false,
      code: 'ORACLE_AWAY',
      sentence: 'The oracle does not answer. Look at your connection and try again.',
    }
  }
}
