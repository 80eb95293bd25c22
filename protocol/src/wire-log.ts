import * as z from 'zod/mini'
import { LOG_KINDS } from './log-entry.ts'
import { addressField, bytes32Field, hexField, secondsField } from './wire-fields.ts'

/** The most entries of one answer. */
export const MOST_ENTRIES = 1_000

const countField = z
  .int({ error: 'NUMBER_INVALID' })
  .check(z.gte(0, { error: 'NUMBER_INVALID' }), z.lte(Number.MAX_SAFE_INTEGER))

/** A count in a query: decimal digits there, a number inside. */
const countInQuery = z.codec(
  z.string().check(z.regex(/^(0|[1-9][0-9]{0,14})$/, { error: 'NUMBER_INVALID' })),
  z.number(),
  { decode: Number, encode: String },
)

const entryFields = {
  kind: z.enum(Object.keys(LOG_KINDS) as (keyof typeof LOG_KINDS)[]),
  digest: bytes32Field,
  loggedAt: secondsField,
}

/** Where a statement or a refusal stands in the log. */
export const loggedSchema = z.strictObject({ index: countField, loggedAt: secondsField })

/** Answer to GET /v1/log: the signed head, and whose key signed it. */
export const logHeadAnswerSchema = z.strictObject({
  size: countField,
  root: bytes32Field,
  signedAt: secondsField,
  address: addressField,
  signature: hexField({ from: 65, to: 65 }),
})

/** Query of GET /v1/log/inclusion: an entry by its digest or by its index, in the log of `size` entries, else as it stands. */
export const inclusionQuerySchema = z.strictObject({
  digest: z.optional(bytes32Field),
  index: z.optional(countInQuery),
  size: z.optional(countInQuery),
})

/** Answer to GET /v1/log/inclusion. */
export const inclusionAnswerSchema = z.strictObject({
  ...entryFields,
  index: countField,
  size: countField,
  proof: z.array(bytes32Field).check(z.maxLength(64)),
})

/** Query of GET /v1/log/consistency: two sizes, the smaller one first. */
export const consistencyQuerySchema = z.strictObject({ first: countInQuery, second: countInQuery })

/** Answer to GET /v1/log/consistency. */
export const consistencyAnswerSchema = z.strictObject({
  first: countField,
  second: countField,
  proof: z.array(bytes32Field).check(z.maxLength(64)),
})

/** Query of GET /v1/log/entries: from `from` up to, but not with, `to`. */
export const entriesQuerySchema = z.strictObject({ from: countInQuery, to: countInQuery })

/** Answer to GET /v1/log/entries: as many as there are and one answer holds. */
export const entriesAnswerSchema = z.strictObject({
  from: countField,
  entries: z.array(z.strictObject(entryFields)).check(z.maxLength(MOST_ENTRIES)),
})

/** Where a statement or a refusal stands in the log. */
export type Logged = z.infer<typeof loggedSchema>

/** How the log stands, signed. */
export type LogHeadAnswer = z.infer<typeof logHeadAnswerSchema>

/** An entry and the way to the root. */
export type InclusionAnswer = z.infer<typeof inclusionAnswerSchema>

/** The way from one size to another. */
export type ConsistencyAnswer = z.infer<typeof consistencyAnswerSchema>

/** Some of the log's entries. */
export type EntriesAnswer = z.infer<typeof entriesAnswerSchema>
