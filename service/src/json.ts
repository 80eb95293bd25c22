const DEEPEST = 16
const FORBIDDEN_KEYS = new Set(['__proto__'])

/** Why a text is not JSON that we take. */
export type JsonProblem =
  | { code: 'BODY_EMPTY' | 'JSON_INVALID' | 'JSON_TOO_DEEP' | 'TEXT_INVALID' }
  | { code: 'JSON_DUPLICATE_KEY' | 'FIELD_FORBIDDEN'; field: string }

/** What a text says as JSON, or why we do not take it: JSON.parse alone would keep the last of two equal keys. */
export function parseJson(
  text: string,
): { ok: true; value: unknown } | { ok: false; problem: JsonProblem } {
  if (text.trim() === '') return { ok: false, problem: { code: 'BODY_EMPTY' } }
  // Before JSON.parse, so that depth costs nothing.
  const problem = problemIn(text)
  if (problem?.code === 'JSON_TOO_DEEP') return { ok: false, problem }
  try {
    const value: unknown = JSON.parse(text)
    // Only of valid JSON do we know that what was scanned as a key is one.
    return problem ? { ok: false, problem } : { ok: true, value }
  } catch {
    return { ok: false, problem: { code: 'JSON_INVALID' } }
  }
}

/** One pass over the brackets and strings; the grammar itself is left to JSON.parse. */
function problemIn(text: string): JsonProblem | undefined {
  // For each open bracket the keys seen in it, or undefined for an array.
  const open: (Set<string> | undefined)[] = []
  let first: JsonProblem | undefined
  let isKeyNext = false

  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[': {
        isKeyNext = text[at] === '{'
        open.push(isKeyNext ? new Set() : undefined)
        if (open.length > DEEPEST) return { code: 'JSON_TOO_DEEP' }
        break
      }
      case '}':
      case ']':
        open.pop()
        isKeyNext = false
        break
      case ',':
        isKeyNext = open.at(-1) !== undefined
        break
      case '"': {
        const end = endOfString({ text, start: at })
        const string = decoded(text.slice(at, end + 1))
        if (string === undefined) return first // JSON.parse will say the same
        first ??= problemWith({ string, keys: isKeyNext ? open.at(-1) : undefined })
        isKeyNext = false
        at = end
        break
      }
      default: // blanks, colons, numbers, words: nothing of ours
    }
  }
  return first
}

function problemWith({
  string,
  keys,
}: {
  string: string
  keys: Set<string> | undefined
}): JsonProblem | undefined {
  if (!string.isWellFormed() || string.includes('\0')) return { code: 'TEXT_INVALID' }
  if (!keys) return undefined
  if (FORBIDDEN_KEYS.has(string)) return { code: 'FIELD_FORBIDDEN', field: string }
  if (keys.has(string)) return { code: 'JSON_DUPLICATE_KEY', field: string }
  keys.add(string)
  return undefined
}

function endOfString({ text, start }: { text: string; start: number }): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return text.length
}

// Unescaped, since "\u005f_proto__" is the same key as "__proto__".
function decoded(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
