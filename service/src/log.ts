import pino, { type DestinationStream, type Logger } from 'pino'

/** A log of what happened to which request, in JSON lines; only what is named in this file ever gets into it. */
export function createLogger({
  level,
  destination,
}: {
  level: string
  destination?: DestinationStream
}): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}

/** An error as the log may show it: kinds and places, never messages, which may quote a body or a query's values. */
export function traceOf(error: unknown): { kinds: string[]; places: string[] } {
  const kinds: string[] = []
  const places: string[] = []
  for (let one = error; one instanceof Error && kinds.length < 8; one = one.cause) {
    const code = 'code' in one && typeof one.code === 'string' ? ` ${one.code}` : ''
    kinds.push(`${one.name}${code}`)
    if (places.length === 0) places.push(...placesIn(one.stack ?? ''))
  }
  return { kinds, places }
}

function placesIn(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .map((line) => line.trim())
    .slice(0, 8)
}
