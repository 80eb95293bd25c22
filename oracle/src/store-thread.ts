import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StoreUnavailableError } from '@coupon-secure/service/errors'
import type { Store } from './store.ts'

/** What is asked of the thread. */
export type StoreQuestion = { id: number; asked: keyof Store; given: unknown[] }

/** What it answers, once that it is there and then to each question. */
export type StoreReply = 'open' | { id: number; answer: unknown } | { id: number; trace: unknown }

/**
 * A store in a folder, on a thread of its own: PGlite computes on the thread that asks it, which here would be the one that
 * answers everybody.
 */
export async function openStoreInThread({ folder }: { folder: string }): Promise<Store> {
  const program = new URL('store-thread-main.ts', import.meta.url)
  const thread = new Worker(program, { workerData: { folder } })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let isOver = false
  let last = 0

  const [opened] = (await once(thread, 'message')) as StoreReply[]
  if (opened !== 'open') throw new StoreUnavailableError({ cause: opened })
  thread.on('message', (reply: Exclude<StoreReply, 'open'>) => {
    const settle = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('answer' in reply) settle?.resolve(reply.answer)
    else settle?.reject(new StoreUnavailableError({ cause: reply.trace }))
  })
  const end = (cause?: unknown) => {
    isOver = true
    for (const { reject } of waiting.values()) reject(new StoreUnavailableError({ cause }))
    waiting.clear()
  }
  thread.on('error', end)
  thread.on('exit', () => end())

  const ask = (asked: keyof Store, given: unknown[]): Promise<unknown> => {
    if (isOver) return Promise.reject(new StoreUnavailableError())
    const settle = Promise.withResolvers<unknown>()
    const id = (last += 1)
    waiting.set(id, settle)
    thread.postMessage({ id, asked, given } satisfies StoreQuestion)
    return settle.promise
  }
  const asking =
    <name extends keyof Store>(name: name) =>
    (...given: Parameters<Store[name]>) =>
      ask(name, given) as ReturnType<Store[name]>
  return {
    keepGeofence: asking('keepGeofence'),
    geofence: asking('geofence'),
    giveChallenge: asking('giveChallenge'),
    admitClaim: asking('admitClaim'),
    forgetChallenges: asking('forgetChallenges'),
    appendToLog: asking('appendToLog'),
    logSize: asking('logSize'),
    logHashes: asking('logHashes'),
    logEntries: asking('logEntries'),
    findInLog: asking('findInLog'),
    makePairing: asking('makePairing'),
    openPairing: asking('openPairing'),
    answerPairing: asking('answerPairing'),
    pairing: asking('pairing'),
    endPairing: asking('endPairing'),
    forgetPairings: asking('forgetPairings'),
    sighting: asking('sighting'),
    forgetSightings: asking('forgetSightings'),
    takeTurn: asking('takeTurn'),
    forgetTurns: asking('forgetTurns'),
    bindWorker: asking('bindWorker'),
    workerOf: asking('workerOf'),
    forgetWorkers: asking('forgetWorkers'),
    forget: asking('forget'),
    check: asking('check'),
    close: () => asking('close')().finally(() => thread.terminate()),
  }
}
