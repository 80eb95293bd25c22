import { CouponSecureError } from '@coupon-secure/protocol/errors'
import { errorSentenceFor, type ErrorCode } from '@coupon-secure/protocol/wire-errors'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { OutageError } from './errors.ts'

// How a body can be broken is nobody's business but the service's.
const bodySentenceFor = {
  JSON_DUPLICATE_KEY: 'The body names a field twice.',
  JSON_TOO_DEEP: 'The body is nested too deeply.',
  TEXT_INVALID: 'The body has text that is not valid Unicode.',
} as const

const statusFor: Record<ProblemCode, ContentfulStatusCode> = {
  ACCURACY_INVALID: 400,
  ADDRESS_CHECKSUM: 400,
  ADDRESS_INVALID: 400,
  ADDRESS_ZERO: 400,
  BALANCE_LOW: 503,
  BODY_EMPTY: 400,
  BODY_NOT_OBJECT: 400,
  BODY_TOO_LARGE: 413,
  BOOK_UNKNOWN: 404,
  BUDGET_SPENT: 503,
  BUSY: 503,
  CHAIN_UNAVAILABLE: 503,
  CHAIN_UNSUPPORTED: 400,
  CHALLENGE_EXPIRED: 410,
  CHALLENGE_FOR_ANOTHER: 403,
  CHALLENGE_UNKNOWN: 410,
  CHALLENGE_USED: 409,
  CLOCK_WRONG: 503,
  CONTENT_TYPE: 415,
  DEVICE_SERVICE_UNAVAILABLE: 503,
  ENCODING_UNSUPPORTED: 415,
  FIELD_FORBIDDEN: 400,
  FIELD_INVALID: 400,
  FIELD_MISSING: 400,
  FIELD_UNKNOWN: 400,
  GEOFENCE_MISMATCH: 409,
  GEOFENCE_UNKNOWN: 404,
  HEX_INVALID: 400,
  INTERNAL: 500,
  JSON_DUPLICATE_KEY: 400,
  JSON_INVALID: 400,
  JSON_TOO_DEEP: 400,
  LATITUDE_INVALID: 400,
  LOG_ENTRY_UNKNOWN: 404,
  LOG_TOO_SHORT: 404,
  LONGITUDE_INVALID: 400,
  METHOD: 405,
  NOT_A_HOLDER: 403,
  NOT_FOUND: 404,
  NUMBER_INVALID: 400,
  ORIGIN_FORBIDDEN: 403,
  PAIRING_EXPIRED: 410,
  PAIRING_OVER: 410,
  PAIRING_TAKEN: 409,
  PAIRING_UNKNOWN: 404,
  RATE_LIMITED: 429,
  READERS_ONLY: 403,
  REDEMPTION_UNKNOWN: 404,
  SESSION_EXPIRED: 401,
  SESSION_TOO_LONG: 401,
  SIGNATURE_INVALID: 401,
  SOURCE_NOT_OFFERED: 422,
  STORE_UNAVAILABLE: 503,
  TEXT_INVALID: 400,
  TIMESTAMP_INVALID: 400,
  TIMESTAMP_UNIT: 400,
  WORKER_BINDING_OLD: 410,
  WORKER_HANDLE_INVALID: 400,
  WORKER_TAKEN: 409,
}

/** Why a request could not be done. */
export type ProblemCode = ErrorCode | keyof typeof bodySentenceFor

/** A request that cannot be done, with what its sender should hear; thrown to end the request. */
export class Problem extends CouponSecureError {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly status: ContentfulStatusCode
  readonly field: string | undefined
  readonly headers: Record<string, string>

  constructor(
    code: ProblemCode,
    {
      field,
      headers = {},
      cause,
    }: { field?: string; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super({ ...errorSentenceFor, ...bodySentenceFor }[code], { cause })
    this.code = code
    this.status = statusFor[code]
    this.field = field
    this.headers = headers
  }
}

/** Any error as what its sender should hear: nothing of its message unless we wrote it for them. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof OutageError) {
    const headers = { 'Retry-After': error.retryAfter.toString() }
    return new Problem(error.code, { cause: error, headers })
  }
  return new Problem('INTERNAL', { cause: error })
}
