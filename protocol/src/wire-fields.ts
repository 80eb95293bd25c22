import type { Address } from 'abitype'
import { isAddress, isHex, size, type Hex } from 'viem'
import * as z from 'zod/mini'
import { errorSentenceFor, type ErrorCode, type FieldCode } from './wire-errors.ts'

const LARGEST_UINT256 = 2n ** 256n - 1n
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty']

/** One thing wrong with a message; `field` is its path (`position.latitude`), empty for the whole body. */
export type FieldProblem = { code: ErrorCode; message: string; field: string }

/** An address: all lower case, or mixed case that agrees with its EIP-55 checksum; never zero. */
export const addressField = z.custom<Address>((value) => addressProblem(value) === undefined, {
  error: ({ input }) => addressProblem(input) ?? 'ADDRESS_INVALID',
})

/** A big integer: decimal digits on the wire, a bigint inside. */
export const bigIntField = z.codec(
  z.string({ error: 'NUMBER_INVALID' }).check(
    z.regex(/^(0|[1-9][0-9]{0,77})$/, { error: 'NUMBER_INVALID', abort: true }),
    z.refine((digits) => BigInt(digits) <= LARGEST_UINT256, { error: 'NUMBER_INVALID' }),
  ),
  z.bigint(),
  { decode: (digits) => BigInt(digits), encode: (integer) => integer.toString() },
)

/** Exactly 32 bytes. */
export const bytes32Field = hexField({ from: 32, to: 32 })

/** A chain's number. */
export const chainIdField = z
  .int({ error: 'NUMBER_INVALID' })
  .check(z.gte(1, { error: 'NUMBER_INVALID' }))

/** A moment in unix seconds; a value in milliseconds is refused as one. */
export const secondsField = z
  .int({ error: 'TIMESTAMP_INVALID' })
  .check(z.gte(0, { error: 'TIMESTAMP_INVALID' }), z.lt(1e11, { error: 'TIMESTAMP_UNIT' }))

/** A moment in unix milliseconds, not before 1973; a value in seconds is refused as one. */
export const millisecondsField = z
  .int({ error: 'TIMESTAMP_INVALID' })
  .check(
    z.gte(0, { error: 'TIMESTAMP_INVALID', abort: true }),
    z.gte(1e11, { error: 'TIMESTAMP_UNIT' }),
    z.lt(1e14, { error: 'TIMESTAMP_INVALID' }),
  )

/** The number of a site. */
export const siteField = z.int().check(z.gte(1), z.lte(65_535))

/** Bytes as `0x…`, so many of them. */
export function hexField({ from, to }: { from: number; to: number }) {
  return z.custom<Hex>(
    (value) => isHex(value) && value.length % 2 === 0 && size(value) >= from && size(value) <= to,
    { error: 'HEX_INVALID' },
  )
}

/** A finite number of degrees no further than `limit` from zero. */
export function degreesField({ limit, code }: { limit: number; code: FieldCode }) {
  return z
    .number({ error: code })
    .check(z.gte(-limit, { error: code }), z.lte(limit, { error: code }))
}

/** The message that a JSON value is, or everything that keeps it from being one. */
export function readWire<Schema extends z.ZodMiniType>({
  schema,
  json,
}: {
  schema: Schema
  json: unknown
}): { ok: true; value: z.output<Schema> } | { ok: false; problems: FieldProblem[] } {
  const result = schema.safeParse(json)
  if (result.success) return { ok: true, value: result.data }
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => problemsOf({ issue, json })),
  }
}

function problemsOf({ issue, json }: { issue: z.core.$ZodIssue; json: unknown }): FieldProblem[] {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem({
        code: FORBIDDEN_KEYS.includes(key) ? 'FIELD_FORBIDDEN' : 'FIELD_UNKNOWN',
        field: [...issue.path.map(String), key].join('.'),
      }),
    )
  }
  if (issue.path.length === 0) return [problem({ code: 'BODY_NOT_OBJECT', field })]
  if (isMissing({ json, path: issue.path })) return [problem({ code: 'FIELD_MISSING', field })]
  return [problem({ code: isErrorCode(issue.message) ? issue.message : 'FIELD_INVALID', field })]
}

function problem({ code, field }: { code: ErrorCode; field: string }): FieldProblem {
  return { code, message: errorSentenceFor[code], field }
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorSentenceFor, text)
}

function isMissing({ json, path }: { json: unknown; path: readonly PropertyKey[] }): boolean {
  let value = json
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return true
    value = Reflect.get(value, key)
  }
  return false
}

function addressProblem(value: unknown): FieldCode | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return 'ADDRESS_INVALID'
  if (/^0x0{40}$/.test(value)) return 'ADDRESS_ZERO'
  return isAddress(value) ? undefined : 'ADDRESS_CHECKSUM'
}
