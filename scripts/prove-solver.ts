import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import { inRoot } from './folders.ts'
import type { Answer, Question } from './prove-worker.ts'

/** How many questions are decided at a time. */
export const AT_ONCE = Math.min(2, os.availableParallelism())

/** Decides questions, several at a time. */
export class Solver {
  readonly #idle: ChildProcess[] = []
  readonly #all: ChildProcess[] = []
  readonly #waiting: ((child: ChildProcess) => void)[] = []

  /** Begins the processes that answer. */
  static async open(): Promise<Solver> {
    const solver = new Solver()
    for (let number = 0; number < AT_ONCE; ++number) {
      const child = fork(inRoot('scripts', 'prove-worker.ts'), { cwd: inRoot() })
      process.once('exit', () => child.kill('SIGKILL'))
      await once(child, 'message')
      solver.#all.push(child)
      solver.#idle.push(child)
    }
    return solver
  }

  /** Whether what the question says can be: `no` is a proof that it cannot. */
  async decide(question: Question): Promise<'no' | 'yes' | 'unknown'> {
    const child =
      this.#idle.pop() ?? (await new Promise<ChildProcess>((free) => this.#waiting.push(free)))
    const answer = await answerOf({ child, question })
    const next = this.#waiting.shift()
    if (next !== undefined) next(child)
    else this.#idle.push(child)
    if ('failure' in answer) throw new Error(`Z3 did not answer: ${answer.failure}`)
    return answer.answer
  }

  close(): void {
    for (const child of this.#all) child.kill('SIGKILL')
  }
}

async function answerOf({
  child,
  question,
}: {
  child: ChildProcess
  question: Question
}): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const onMessage = (message: unknown) => resolve(message as Answer) // our own words, from prove-worker.ts
  const onExit = () => resolve({ failure: 'it broke off' })
  child.on('message', onMessage).on('exit', onExit)
  child.send(question)
  const answer = await promise
  child.off('message', onMessage).off('exit', onExit)
  return answer
}
