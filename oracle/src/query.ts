import { readWire } from '@coupon-secure/protocol/wire-fields'
import { Problem } from '@coupon-secure/service/problem'

type WireSchema = Parameters<typeof readWire>[0]['schema']

/** What a request's query says, or a Problem that names the first field in the way. */
export function readQuery<Schema extends WireSchema>({
  request,
  schema,
}: {
  request: Request
  schema: Schema
}) {
  const asked = new Map<string, string>()
  for (const [field, value] of new URL(request.url).searchParams) {
    if (asked.has(field)) throw new Problem('FIELD_INVALID', { field }) // which of the two?
    asked.set(field, value)
  }
  const read = readWire({ schema, json: Object.fromEntries(asked) })
  if (read.ok) return read.value
  const [first] = read.problems
  throw new Problem(first?.code ?? 'FIELD_INVALID', first?.field ? { field: first.field } : {})
}
