import { readWire } from '@coupon-secure/protocol/wire-fields'
import { parseJson } from './json.ts'
import { Problem } from './problem.ts'

const LARGEST_BODY_BYTES = 64 * 1024

type WireSchema = Parameters<typeof readWire>[0]['schema']

/** The message that a request's body is, or a Problem that names the first field in the way. */
export async function readMessage<Schema extends WireSchema>({
  request,
  schema,
}: {
  request: Request
  schema: Schema
}) {
  const read = readWire({ schema, json: await readBody(request) })
  if (read.ok) return read.value
  const [first] = read.problems
  throw new Problem(first?.code ?? 'FIELD_INVALID', first?.field ? { field: first.field } : {})
}

/** The JSON object in a request's body, or a Problem: declared as JSON, not compressed, small, UTF-8, strict. */
export async function readBody(request: Request): Promise<object> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new Problem('CONTENT_TYPE')
  const parsed = parseJson(await readText(request))
  if (!parsed.ok) {
    const { problem } = parsed
    throw new Problem(problem.code, 'field' in problem ? { field: problem.field } : {})
  }
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('BODY_NOT_OBJECT')
  }
  return value
}

/** The UTF-8 text in a request's body, or a Problem: whatever it calls itself, uncompressed and small. */
export async function readText(request: Request): Promise<string> {
  if (!/^(identity)?$/i.test(request.headers.get('content-encoding') ?? '')) {
    throw new Problem('ENCODING_UNSUPPORTED')
  }
  return textOf(await readBytes(request))
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const announced = request.headers.get('content-length')
  if (Number(announced) > LARGEST_BODY_BYTES) throw new Problem('BODY_TOO_LARGE')
  if (announced !== null && request.headers.get('transfer-encoding') === null) {
    // In one piece, at a third of a stream's cost: node reads no more than was announced.
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.length > LARGEST_BODY_BYTES) throw new Problem('BODY_TOO_LARGE')
    return bytes
  }
  // Counted as it comes, since nobody has said how much.
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> | null = request.body
  for await (const chunk of body ?? nothing()) {
    bytes += chunk.length
    if (bytes > LARGEST_BODY_BYTES) throw new Problem('BODY_TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* nothing() {}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Problem('TEXT_INVALID')
  }
}
