import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { inRoot } from './folders.ts'
import { copyArtifacts } from './mutate-artifacts.ts'
import type { Answer, Request } from './mutate-worker.ts'

/** What comes of a question: an answer, none in time, or the end of who was asked. */
export type Reply = Answer | { did: 'nothing' } | { did: 'crash' }

/** Somebody who tries mutants, one at a time. */
export type Worker = {
  ask: (what: { request: Request; patienceMs: number }) => Promise<Reply>
  /** Begins anew with nothing in memory. */
  renew: () => Promise<void>
  end: () => Promise<void>
}

/** Hires a worker with a folder of its own, in which it has the project's artifacts to overwrite. */
export function hireWorker({ number }: { number: number }): Worker {
  const folder = inRoot('cache', 'mutate', `worker-${number}`)
  let child = start({ folder })
  let isOver = false
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const renew = async () => {
    await stop()
    if (!isOver) child = start({ folder })
  }
  const end = async () => {
    isOver = true // whoever still waits for its answer hears of a crash, and gets no other
    await stop()
  }
  let isAsked = false
  const ask: Worker['ask'] = async ({ request, patienceMs }) => {
    // Answers carry no number: the first would be taken for both.
    if (isOver) throw new Error('A worker was asked after its end.')
    if (isAsked) throw new Error('A worker was asked a second thing before it answered the first.')
    isAsked = true
    const reply = await answerOf({ child, request, patienceMs }).finally(() => (isAsked = false))
    if (reply.did === 'nothing' || reply.did === 'crash') await renew()
    return reply
  }
  return { ask, renew, end }
}

function start({ folder }: { folder: string }): ChildProcess {
  copyArtifacts({ folder })
  const child = fork(inRoot('scripts', 'mutate-worker.ts'), {
    cwd: inRoot(),
    env: {
      ...process.env,
      MUTATE_FOLDER: folder,
      HARDHAT_CONFIG: inRoot('scripts', 'mutate-hardhat.config.ts'),
      NODE_ENV: 'test',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  child.once('exit', () => process.removeListener('exit', stop))
  return child
}

async function answerOf({
  child,
  request,
  patienceMs,
}: {
  child: ChildProcess
  request: Request
  patienceMs: number
}): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const onMessage = (message: unknown) => resolve(message as Answer) // our own words, from mutate-worker.ts
  const onExit = () => resolve({ did: 'crash' })
  const clock = setTimeout(() => resolve({ did: 'nothing' }), patienceMs)
  child.on('message', onMessage).on('exit', onExit)
  child.send(request)
  const reply = await promise
  clearTimeout(clock)
  child.off('message', onMessage).off('exit', onExit)
  return reply
}
