import { readWire } from '@coupon-secure/protocol/wire-fields'
import {
  isSettled,
  redemptionStatusSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'

/** A stream of server-sent events, as `EventSource` is one: it goes on by itself where a line drops. */
export type Source = Pick<EventSource, 'onmessage' | 'onerror' | 'close'>

const LOOK_MILLISECONDS = 200
// A stream that says nothing for so long is asked beside; proxies may hold it back.
const SILENCE_MILLISECONDS = 1_500
const MOST_FAILURES = 10

/**
 * Where a redemption stands, each time that changes, until nothing can: by a stream of events and, where that is silent or not to be
 * had, by asking. Ends early where nobody answers for long, or the person has left.
 */
export async function* statusesOf({
  first,
  ask,
  source,
  wait,
  hasLeft,
}: {
  first: RedemptionStatus
  ask: () => Promise<RedemptionStatus | undefined>
  source: (() => Source) | undefined
  wait: (milliseconds: number) => Promise<void>
  hasLeft: () => boolean
}): AsyncGenerator<RedemptionStatus, void, undefined> {
  yield first
  if (isSettled(first)) return
  const told: RedemptionStatus[] = []
  const stream = source?.()
  if (stream) stream.onmessage = ({ data }) => told.push(...statusIn(data))
  let [version, silence, failures] = [first.version, source ? 0 : SILENCE_MILLISECONDS, 0]
  try {
    while (!hasLeft() && failures < MOST_FAILURES) {
      await wait(LOOK_MILLISECONDS)
      silence += LOOK_MILLISECONDS
      if (told.length === 0 && silence >= SILENCE_MILLISECONDS) {
        silence = 0
        const status = await ask()
        failures = status ? 0 : failures + 1
        if (status) told.push(status)
      }
      for (const status of told.splice(0)) {
        silence = 0
        failures = 0
        if (status.version <= version) continue
        version = status.version
        yield status
        if (isSettled(status)) return
      }
    }
  } finally {
    stream?.close()
  }
}

function statusIn(data: unknown): RedemptionStatus[] {
  try {
    const json: unknown = JSON.parse(String(data))
    const read = readWire({ schema: redemptionStatusSchema, json })
    return read.ok ? [read.value] : []
  } catch {
    return [] // not ours: asking will tell
  }
}
