import { setTimeout as pause } from 'node:timers/promises'
import { HyperTrackUnavailableError } from './errors.ts'

const TRY_MILLISECONDS = 3_000
const MOST_TRIES = 4
const FIRST_BACKOFF_MILLISECONDS = 200
const LONGEST_BACKOFF_MILLISECONDS = 2_000
const LONGEST_PAUSE_MILLISECONDS = 60_000
const LARGEST_ANSWER_BYTES = 64 * 1024
// Twenty requests a second in the long run, ten of them at once.
const SPACING_MILLISECONDS = 50
const BURST = 10
const FAILURES_TO_OPEN = 5
const OPEN_MILLISECONDS = 30_000

/** What the line asks of the world; times in milliseconds. */
export type LineWorld = {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  now: () => number
  sleep?: (milliseconds: number) => Promise<unknown>
  /** From 0 to below 1. */
  random?: () => number
}

/** HyperTrack's API for one account. */
export type HyperTrackAccount = { url: string; accountId: string; secretKey: string }

/** One answer: its status, below 500 and never 429, and its JSON. */
export type LineAnswer = { status: number; json: unknown }

/** Asks and tries again until the deadline. Throws HyperTrackUnavailableError where there is no answer to rely on. */
export type HyperTrackLine = {
  ask: (question: { method: 'GET' | 'POST'; path: string; deadline: number }) => Promise<LineAnswer>
}

/** A line with its own throttle, backoff and circuit breaker, so that their trouble never becomes ours or the other way. */
export function createHyperTrackLine({
  fetch,
  now,
  sleep = pause,
  random = Math.random,
  url,
  accountId,
  secretKey,
}: LineWorld & HyperTrackAccount): HyperTrackLine {
  const authorization = `Basic ${Buffer.from(`${accountId}:${secretKey}`).toString('base64')}`
  const breaker = createBreaker({ now })
  // When the next request would be due if all came evenly; and until when HyperTrack asked us to be silent.
  let due = 0
  let silentUntil = 0

  return {
    ask: async ({ method, path, deadline }) => {
      breaker.enter()
      let tried: Tried | undefined
      try {
        for (let tries = 0; tries < MOST_TRIES; tries++) {
          if (tries > 0 && !(await sleptUntil({ at: now() + backoff(tries), deadline }))) break
          if (!(await sleptUntil({ at: turn(), deadline }))) break
          tried = await tryOnce({ method, path, deadline })
          if (!tried.again) break
        }
      } finally {
        // What our own throttle kept back says nothing about them.
        breaker.leave(tried === undefined ? 'unasked' : 'answer' in tried ? 'well' : 'failed')
      }
      if (tried === undefined) throw new HyperTrackUnavailableError({ reason: 'there was no time' })
      if ('answer' in tried) return tried.answer
      throw new HyperTrackUnavailableError(tried)
    },
  }

  async function tryOnce({
    method,
    path,
    deadline,
  }: Parameters<HyperTrackLine['ask']>[0]): Promise<Tried> {
    const patience = Math.ceil(Math.max(Math.min(TRY_MILLISECONDS, deadline - now()), 1))
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization, accept: 'application/json' },
        redirect: 'error', // our credentials go nowhere else
        signal: AbortSignal.timeout(patience),
      })
      const { status } = response
      if (status === 429) silentUntil = now() + silenceAsked(response)
      if (status === 429 || status === 408 || status >= 500) {
        await response.body?.cancel()
        return { again: true, reason: `it answers ${status}` }
      }
      if (status === 401 || status === 403) {
        await response.body?.cancel()
        return { again: false, reason: 'it refuses our credentials' }
      }
      const json = await jsonOf(response)
      if (json === undefined) return { again: true, reason: 'its answer is no JSON' }
      return { again: false, answer: { status, json: json.value } }
    } catch {
      // No cause kept: what fetch throws may quote an address with a worker's handle in it.
      return { again: true, reason: 'it does not answer' }
    }
  }

  /** When the next request may go; takes that place. */
  function turn(): number {
    due = Math.max(due, now() - BURST * SPACING_MILLISECONDS) + SPACING_MILLISECONDS
    return Math.max(due, silentUntil)
  }

  function backoff(tries: number): number {
    const longest = FIRST_BACKOFF_MILLISECONDS * 2 ** (tries - 1)
    return random() * Math.min(longest, LONGEST_BACKOFF_MILLISECONDS)
  }

  async function sleptUntil({ at, deadline }: { at: number; deadline: number }): Promise<boolean> {
    if (Math.max(at, now()) >= deadline) return false
    if (at > now()) await sleep(at - now())
    return true
  }
}

type Tried = { again: boolean; reason: string } | { again: false; answer: LineAnswer }

/** Lets nobody through for a while after several failures in a row, then one to see whether it is well again. */
function createBreaker({ now }: { now: () => number }) {
  let failures = 0
  let openUntil = 0
  let isProbing = false
  return {
    enter: () => {
      if (failures < FAILURES_TO_OPEN) return
      if (now() < openUntil || isProbing) {
        throw new HyperTrackUnavailableError({
          reason: 'it failed several times, and is left alone',
        })
      }
      isProbing = true
    },
    leave: (outcome: 'well' | 'failed' | 'unasked') => {
      isProbing = false
      if (outcome === 'unasked') return
      failures = outcome === 'well' ? 0 : failures + 1
      if (failures >= FAILURES_TO_OPEN) openUntil = now() + OPEN_MILLISECONDS
    },
  }
}

function silenceAsked(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1000, LONGEST_PAUSE_MILLISECONDS)
    : 1_000
}

/** The JSON in an answer; undefined where it has none, or too much. */
async function jsonOf(response: Response): Promise<{ value: unknown } | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  if (body === null) return undefined
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > LARGEST_ANSWER_BYTES) return undefined // leaving the loop ends the connection
    chunks.push(chunk)
  }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return undefined
  }
}
