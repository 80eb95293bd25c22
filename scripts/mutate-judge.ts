import type { Code, Compiled, Project, Settings } from './mutate-compiler.ts'
import type { Reply, Worker } from './mutate-crew.ts'
import type { Past, Verdict } from './mutate-memory.ts'
import { applied, type Mutant } from './mutate-mutants.ts'
import type { Order, Picked, Test } from './mutate-order.ts'
import type { Outcome, Run } from './mutate-suite.ts'

/** What a judgement is made with. */
export type Bench = {
  worker: Worker
  project: Project
  settings: Settings
  production: Settings
  /** What the original compiles to, with `settings` and with `production`. */
  digest: string
  productionDigest: (worker: Worker) => Promise<string | undefined>
  order: Order
  /** How long a mutant may take for each test, and for all. */
  limitsMs: Readonly<Record<string, number>>
  patienceMs: number
}

type Codes = Readonly<Record<string, Code>>

const COMPILE_MS = 300_000
const MEGABYTES = 1_500
const OUT_OF_TIME = /^Error: Timeout of /

/** Compiles the project with these sources in it. */
export async function compile({
  worker,
  project,
  settings,
}: {
  worker: Worker
  project: Project
  settings: Settings
}): Promise<Compiled> {
  const reply = await worker.ask({
    request: { ask: 'compile', project, settings },
    patienceMs: COMPILE_MS,
  })
  if (reply.did !== 'compile') throw new Error(whatWentWrong(reply))
  return reply.compiled
}

/** The project with this mutant in it. */
export function mutated({ project, mutant }: { project: Project; mutant: Mutant }): Project {
  const { file } = mutant
  const source = applied({ source: project.sources[file] ?? '', edit: mutant })
  return { ...project, sources: { ...project.sources, [file]: source } }
}

/** Runs all these tests on this code. */
export async function runOn({
  worker,
  codes,
  runs,
  patienceMs,
}: {
  worker: Worker
  codes: Codes
  runs: readonly Run[]
  patienceMs: number
}): Promise<Outcome[]> {
  const manner = { isBailing: false }
  const reply = await worker.ask({ request: { ask: 'run', codes, runs, manner }, patienceMs })
  if (reply.did !== 'run') throw new Error(whatWentWrong(reply))
  return reply.outcomes
}

/** Tries the mutant, of which this is the code: does any test notice it, and what must be run for that? */
export async function judge({
  bench,
  mutant,
  codes,
  past,
}: {
  bench: Bench
  mutant: Mutant
  codes: Codes
  past: Past
}): Promise<{ verdict: Verdict; by?: Picked }> {
  const { order } = bench
  const { quick, slow } = order.allFor({ mutant, past })
  const early = await killerOf({ bench, codes, runs: quick })
  const verdict = early === undefined ? await lookCloser({ bench, mutant, past }) : undefined
  if (verdict !== undefined && verdict.found !== 'survived') return { verdict }
  const killer = early ?? (await killerOf({ bench, codes, runs: slow }))
  if (killer === undefined) return { verdict: verdict ?? { found: 'survived' } }
  if (killer === 'endless') return { verdict: { found: 'killed' } }

  const { test, by } = killer
  order.noteKill({ mutant, killer: test })
  return { verdict: { found: 'killed', killer: test }, by }
}

/** Whether what no quick test notices is the same program in other words, as the optimiser often shows. */
async function lookCloser({
  bench,
  mutant,
  past,
}: {
  bench: Bench
  mutant: Mutant
  past: Past
}): Promise<Verdict> {
  if (past.digest !== undefined) return { found: 'survived', digest: past.digest }
  const { worker, production: settings } = bench
  const original = await bench.productionDigest(worker)
  const project = mutated({ project: bench.project, mutant })
  const compiled = await compile({ worker, project, settings })
  if (!compiled.isCompiled) return { found: 'uncompilable' }
  const { digest } = compiled
  return { found: digest === original ? 'equivalent' : 'survived', digest }
}

/**
 * The test that notices, and by what of its file, it alone where that is enough. It must fail twice: on a busy machine a second
 * passes where a test does not expect it.
 */
async function killerOf({
  bench,
  codes,
  runs,
}: {
  bench: Bench
  codes: Codes
  runs: readonly Picked[]
}): Promise<{ test: Test; by: Picked } | 'endless' | undefined> {
  if (runs.length === 0) return undefined
  const first = await firstToFail({ bench, codes, runs })
  if (first === undefined || first === 'endless') return first
  const again = { file: first.file, titles: [first.title] }
  const alone = await firstToFail({ bench, codes, runs: [again] })
  if (alone === 'endless') return alone
  if (alone !== undefined) return { test: alone, by: again }
  const test = await firstToFail({ bench, codes, runs })
  if (test === undefined || test === 'endless') return test
  const by = runs.find(({ file, titles }) => file === test.file && titles.includes(test.title))
  return { test, by: by ?? { file: test.file, titles: [test.title] } }
}

async function firstToFail({
  bench: { worker, limitsMs, patienceMs },
  codes,
  runs,
}: {
  bench: Bench
  codes: Codes
  runs: readonly Picked[]
}): Promise<Test | 'endless' | undefined> {
  const manner = { isBailing: true, limitsMs }
  const question = { request: { ask: 'run', codes, runs, manner }, patienceMs } as const
  let reply = await worker.ask(question)
  if (reply.did === 'crash') reply = await worker.ask(question) // perhaps it was not the mutant's doing
  if (reply.did === 'nothing' || reply.did === 'crash') return 'endless'
  if (reply.did !== 'run') throw new Error(whatWentWrong(reply))
  const failed = reply.outcomes.find(({ failure }) => failure !== undefined)
  // Where a test ran out of time, the chain is still at it.
  if (reply.megabytes > MEGABYTES || OUT_OF_TIME.test(failed?.failure ?? '')) await worker.renew()
  return failed === undefined ? undefined : { file: failed.file, title: failed.title }
}

/** Of these tests the first that fails on the original, so that no kill of its proves a thing; undefined where all pass. */
export async function failingOnOriginal({
  bench,
  codes,
  used,
}: {
  bench: Bench
  /** A bundle, with no mutant awake. */
  codes: Codes
  used: readonly Picked[]
}): Promise<Test | undefined> {
  const runs = [...new Set(used.map(({ file }) => file))].map((file) => {
    const titles = used.filter((one) => one.file === file).flatMap((one) => one.titles)
    return { file, titles: [...new Set(titles)] }
  })
  const failed = await killerOf({ bench, codes, runs })
  if (failed === 'endless') throw new Error('The original never comes to an end in a bundle.')
  return failed?.test
}

function whatWentWrong(reply: Reply): string {
  switch (reply.did) {
    case 'break':
      return reply.sentence
    case 'compile':
    case 'run':
      return 'A worker answered what nobody had asked.'
    case 'crash':
      return 'A worker ended in the middle of its work.'
    case 'nothing':
      return 'A worker did not answer in time.'
  }
}
