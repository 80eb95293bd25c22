import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

const PATIENCE_MILLISECONDS = 10_000
const REPEATS = 3
const REPEAT_AFTER_MILLISECONDS = 20_000

/** One delivery of events to a webhook, as HyperTrack makes them. */
export type Delivery = {
  /** Sends the same message so many times, as they do where an answer is lost. */
  copies?: number
  messageId?: string
  body: string
  contentType?: string
}

/**
 * Delivers as HyperTrack does: a POST of a JSON array with a message's id, taken for delivered at any answer below 500 within ten
 * seconds, else repeated three times twenty seconds apart. Returns the statuses it saw. For the rehearsal alone.
 */
export function createPostman({
  fetch,
  sleep = pause,
}: {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  sleep?: (milliseconds: number) => Promise<unknown>
}) {
  return async ({
    url,
    delivery: { copies = 1, messageId = randomUUID(), body, contentType = 'application/json' },
  }: {
    url: string
    delivery: Delivery
  }): Promise<(number | 'silent')[]> => {
    const seen: (number | 'silent')[] = []
    for (let sent = 0; sent < copies; sent++) {
      for (let tries = 0; tries <= REPEATS; tries++) {
        if (tries > 0) await sleep(REPEAT_AFTER_MILLISECONDS)
        const status = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': contentType,
            'x-amz-sns-message-id': messageId,
            'x-hypertrack-signature': 'of-an-algorithm-nobody-knows',
          },
          body,
          signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
        }).then(
          (response) => response.status,
          () => 'silent' as const,
        )
        seen.push(status)
        if (status !== 'silent' && status < 500) break
      }
    }
    return seen
  }
}
