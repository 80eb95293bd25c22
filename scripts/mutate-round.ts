import type { AstNode } from './mutate-ast.ts'
import { chooseBaseline, type Choice } from './mutate-baseline.ts'
import { isBundled, ORIGINAL, woken } from './mutate-bundle.ts'
import { type Code, type Project, productionSettings, type Settings } from './mutate-compiler.ts'
import { hireWorker, type Worker } from './mutate-crew.ts'
import { type Bench, compile, failingOnOriginal, judge, mutated } from './mutate-judge.ts'
import type { Memory, Verdict } from './mutate-memory.ts'
import type { Mutant } from './mutate-mutants.ts'
import { makeOrder, type Picked, type Test } from './mutate-order.ts'
import { followProgress, type Judged } from './mutate-report.ts'
import { stateOfSources } from './mutate-tests.ts'
import { compileTogether, type Together } from './mutate-together.ts'

type Say = (line: string) => void
type Contracts = {
  project: Project
  trees: Readonly<Record<string, AstNode>>
  production: Settings['solc']
}
type Work = {
  bundles: Mutant[][]
  trees: Contracts['trees']
  memory: Memory
  state: string
  /** Tells of a verdict, and keeps it; a kill only once it is sure. */
  note: (judged: Judged) => void
  leaveOut: (test: Test) => void
}

type Codes = Readonly<Record<string, Code>>

const LARGEST_BUNDLE = 50
const SAVE_EVERY_MS = 15_000

/** Tries all these mutants, or recalls what came of them where nothing has changed since. */
export async function tryMutants({
  mutants,
  contracts,
  jobs,
  say,
}: {
  mutants: readonly Mutant[]
  contracts: Contracts
  jobs: number
  say: Say
}): Promise<Judged[]> {
  const state = stateOfSources()
  const { project, trees, production } = contracts
  const first = hireWorker({ number: 1 })
  const workers = [first]
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    const choice = await chooseBaseline({ worker: first, project, production, say })
    const { memory, baseline } = choice
    const isLeftOut = ({ file, title }: Test) =>
      baseline.leftOut.some((test) => test.file === file && test.title === title)
    const known = new Map(
      mutants.flatMap(({ id }) => {
        const verdict = memory.recall(id)
        const isTold = verdict !== undefined && !(verdict.killer && isLeftOut(verdict.killer))
        return isTold ? [[id, verdict] as const] : []
      }),
    )
    const fresh = mutants.filter(({ id }) => !known.has(id))
    say(`${mutants.length} mutants, of which ${fresh.length} are to be tried.`)
    const bundles = bundled({ mutants: fresh, jobs })
    while (workers.length < Math.min(jobs, bundles.length)) {
      workers.push(hireWorker({ number: workers.length + 1 }))
    }
    const note = noteIn({ known, memory, progress: followProgress({ total: fresh.length, say }) })
    const bench = benchOf({ choice, contracts })
    for (const test of baseline.leftOut) bench.order.leaveOut(test) // also where it killed once
    try {
      const leaveOut = (test: Test) => {
        say(`Left out, since it fails on the original among its mutants: ${test.title}`)
        bench.order.leaveOut(test)
      }
      const work = { bundles, trees, memory, state, note, leaveOut }
      await Promise.all(workers.map((worker) => workOn({ bench: { ...bench, worker }, work })))
    } finally {
      memory.save()
    }
    return mutants.flatMap((mutant) => {
      const verdict = known.get(mutant.id)
      return verdict === undefined ? [] : [{ mutant, verdict }]
    })
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
  }
}

/** Deals the mutants out, so that those of one function come into many bundles and none grows fat with copies of it. */
function bundled({ mutants, jobs }: { mutants: readonly Mutant[]; jobs: number }): Mutant[][] {
  const count = Math.max(Math.ceil(mutants.length / LARGEST_BUNDLE), Math.min(jobs, mutants.length))
  return Array.from({ length: count }, (_, nth) =>
    mutants.filter((_mutant, index) => index % count === nth),
  )
}

function noteIn({
  known,
  memory,
  progress,
}: {
  known: Map<string, Verdict>
  memory: Memory
  progress: (judged: readonly Judged[]) => void
}): Work['note'] {
  const fresh: Judged[] = []
  let saved = Date.now()
  return (judged) => {
    const { mutant, verdict } = judged
    known.set(mutant.id, verdict)
    memory.note({ id: mutant.id, verdict })
    fresh.push(judged)
    progress(fresh)
    if (Date.now() - saved < SAVE_EVERY_MS) return
    memory.save()
    saved = Date.now()
  }
}

function benchOf({
  choice,
  contracts,
}: {
  choice: Choice
  contracts: Contracts
}): Omit<Bench, 'worker'> {
  const { settings, digest, baseline } = choice
  const { project } = contracts
  const production = productionSettings(contracts)
  let asked: Promise<string | undefined> | undefined
  const look = async (worker: Worker) => {
    const compiled = await compile({ worker, project, settings: production })
    return compiled.isCompiled ? compiled.digest : undefined
  }
  return {
    project,
    settings,
    production,
    digest,
    productionDigest: (worker) => (asked ??= look(worker)),
    order: makeOrder({ tests: baseline.tests }),
    limitsMs: Object.fromEntries(
      baseline.tests.map(({ title, milliseconds }) => [title, 10_000 + 10 * milliseconds]),
    ),
    patienceMs: baseline.tests.reduce((sum, { milliseconds }) => sum + 4 * milliseconds, 120_000),
  }
}

/** Takes one bundle after the other. */
async function workOn({ bench, work }: { bench: Bench; work: Work }): Promise<void> {
  const { bundles } = work
  for (let bundle = bundles.shift(); bundle !== undefined; bundle = bundles.shift()) {
    try {
      await workThrough({ bench, work, mutants: bundle })
    } catch (error) {
      bundles.length = 0 // the others need not go on
      throw error
    }
  }
}

async function workThrough({
  bench,
  work,
  mutants,
}: {
  bench: Bench
  work: Work
  mutants: readonly Mutant[]
}): Promise<void> {
  const { trees, note } = work
  const { project } = bench
  const together = mutants.filter((mutant) => isBundled({ mutant, trees, project }))
  const { compiled, alone } = await compileTogether({ bench, trees, mutants: together })
  for (const { codes, bundle } of compiled) await workThroughBundle({ bench, work, codes, bundle })
  for (const mutant of [...alone, ...mutants.filter((one) => !together.includes(one))]) {
    const plain = await compile({ ...bench, project: mutated({ project, mutant }) })
    if (!plain.isCompiled) note({ mutant, verdict: { found: 'uncompilable' } })
    else if (plain.digest === bench.digest)
      note({ mutant, verdict: { found: 'equivalent', digest: plain.digest } })
    else
      note({ mutant, verdict: (await tryOne({ bench, work, mutant, codes: plain.codes })).verdict })
  }
}

/**
 * Tries those of a bundle. A kill is noted when the original in the bundle has passed the test: code with many mutants asleep in it takes
 * more gas. A test that it fails is left out, and what that had killed is tried again.
 */
async function workThroughBundle({
  bench,
  work,
  codes,
  bundle,
}: {
  bench: Bench
  work: Work
  codes: Codes
  bundle: Together['bundle']
}): Promise<void> {
  const { note, leaveOut } = work
  let open = bundle.sleepers
  const killed = new Map<Mutant, { verdict: Verdict; by: Picked | undefined }>()
  while (open.length > 0) {
    for (const { mutant, number } of open) {
      const { verdict, by } = await tryOne({ bench, work, mutant, codes: woken({ codes, number }) })
      if (verdict.found === 'killed') killed.set(mutant, { verdict, by })
      else note({ mutant, verdict })
    }
    const used = [...killed.values()].flatMap(({ by }) => by ?? [])
    const failing = await failingOnOriginal({
      bench,
      codes: woken({ codes, number: ORIGINAL }),
      used,
    })
    if (failing === undefined) break
    leaveOut(failing)
    open = bundle.sleepers.filter(({ mutant }) => {
      const { file, title } = killed.get(mutant)?.verdict.killer ?? {}
      return file === failing.file && title === failing.title
    })
    if (open.length === 0)
      throw new Error(`It fails on the original, and killed none: ${failing.title}`)
    for (const { mutant } of open) killed.delete(mutant)
  }
  for (const [mutant, { verdict }] of killed) note({ mutant, verdict })
}

async function tryOne({
  bench,
  work: { memory, state },
  mutant,
  codes,
}: {
  bench: Bench
  work: Work
  mutant: Mutant
  codes: Codes
}): Promise<{ verdict: Verdict; by?: Picked }> {
  const judged = await judge({ bench, mutant, codes, past: memory.pastOf(mutant.id) })
  if (stateOfSources() === state) return judged
  throw new Error(
    'The contracts or the tests have changed meanwhile. Run it again: what was found stays known.',
  )
}
