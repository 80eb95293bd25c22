// One of the processes that try mutants: it keeps a solc and a Hardhat warm, and does what it is asked.
import { install, isOverwritten } from './mutate-artifacts.ts'
import {
  type Code,
  type Compiled,
  openCompiler,
  type Project,
  type Settings,
} from './mutate-compiler.ts'
import { type Manner, type Outcome, type Run, runTests } from './mutate-suite.ts'

/** What a worker can be asked. */
export type Request =
  | { ask: 'compile'; project: Project; settings: Settings }
  /** The tests, on this code. */
  | { ask: 'run'; codes: Readonly<Record<string, Code>>; runs: readonly Run[]; manner: Manner }

/** What it answers. */
export type Answer =
  | { did: 'compile'; compiled: Compiled }
  | { did: 'run'; outcomes: Outcome[]; megabytes: number }
  | { did: 'break'; sentence: string }

const folder = process.env.MUTATE_FOLDER ?? ''
const compiler = openCompiler()

// A test that nobody waits for any more may still fail; that is no end of the worker.
process.on('unhandledRejection', () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  void handle(message as Request) // our own words, from mutate-crew.ts
    .catch((error: unknown): Answer => ({ did: 'break', sentence: String(error) }))
    .then((answer) => process.send?.(answer))
})

async function handle(request: Request): Promise<Answer> {
  if (request.ask === 'compile') return { did: 'compile', compiled: compiler.compile(request) }
  const { codes, runs, manner } = request
  const installed = install({ folder, codes })
  const outcomes = await runTests({ runs, manner })
  if (isOverwritten(installed)) {
    const files = [...new Set(runs.map(({ file }) => file))].join(', ')
    return {
      did: 'break',
      sentence: `One of these compiles the contracts anew, over the mutant: ${files}.`,
    }
  }
  return { did: 'run', outcomes, megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20) }
}
