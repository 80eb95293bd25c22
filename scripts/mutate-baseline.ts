import { inRoot } from './folders.ts'
import { type Code, type Project, type Settings, settingsToTry } from './mutate-compiler.ts'
import type { Worker } from './mutate-crew.ts'
import { compile, runOn } from './mutate-judge.ts'
import { type Baseline, type Memory, openMemory } from './mutate-memory.ts'
import type { Outcome, Run } from './mutate-suite.ts'
import { testsOfContracts } from './mutate-tests.ts'

/** What mutants are measured against. */
export type Choice = { settings: Settings; digest: string; memory: Memory; baseline: Baseline }

const PATIENCE_MS = 30 * 60_000
const SHOWN = 5
// Tests that may fail on code that nobody optimised, since that is what they are about.
const WEIGHS = /\b(gas|size|costs?)\b/i
// Tests that pass or fail in a bundle by how many mutants sleep beside the one that is awake.
const WEIGHS_A_LIMIT = /\bgas that one transaction may have\b/i

/** Finds a way to compile without optimising, and runs all tests on the original so compiled. */
export async function chooseBaseline({
  worker,
  project,
  production,
  say,
}: {
  worker: Worker
  project: Project
  production: Settings['solc']
  say: (line: string) => void
}): Promise<Choice> {
  const tests = testsOfContracts()
  for (const settings of settingsToTry({ production })) {
    const compiled = await compile({ worker, project, settings })
    if (!compiled.isCompiled) {
      say(`Unoptimised ${settings.name} code will not do: ${compiled.faults[0]?.sentence ?? ''}`)
      continue
    }
    const { codes, digest } = compiled
    const memory = openMemory({
      file: inRoot('cache', 'mutants.json'),
      ground: { original: digest, tests },
    })
    const all =
      memory.baseline() ?? (await measured({ worker, codes, files: Object.keys(tests), say }))
    memory.noteBaseline(all)
    const baseline = withoutLimits(all)
    for (const { title } of baseline.leftOut)
      say(`Left out, since it weighs optimised code: ${title}`)
    const seconds = baseline.tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1_000
    say(
      `Each mutant, as unoptimised ${settings.name} code, meets ${baseline.tests.length} tests of ${seconds.toFixed(1)} s.`,
    )
    return { settings, digest, memory, baseline }
  }
  throw new Error('The contracts compile in no way without optimising, which mutants need.')
}

async function measured({
  worker,
  codes,
  files,
  say,
}: {
  worker: Worker
  codes: Readonly<Record<string, Code>>
  files: readonly string[]
  say: (line: string) => void
}): Promise<Baseline> {
  say('Running the tests on the contracts as they are …')
  const all = files.map((file) => ({ file, titles: 'all' }) as const)
  const run = (runs: readonly Run[]) => runOn({ worker, codes, runs, patienceMs: PATIENCE_MS })
  const once = await run(all)
  // What fails gets a second chance: on a busy machine a second passes where a test does not expect it.
  const failing = new Set(
    once.filter(({ failure }) => failure !== undefined).map(({ file }) => file),
  )
  const twice = await run(all.filter(({ file }) => failing.has(file)))
  const outcomes = [...once.filter(({ file }) => !failing.has(file)), ...twice]
  const [leftOut, tests] = [true, false].map((isFailure) =>
    outcomes.filter(({ failure }) => (failure !== undefined) === isFailure),
  )
  const serious = leftOut?.filter(({ title }) => !WEIGHS.test(title)) ?? []
  if (serious.length > 0) {
    const shown = serious
      .slice(0, SHOWN)
      .map(({ title, failure }) => `- ${title}: ${failure ?? ''}`)
    throw new Error(
      `${serious.length} tests fail on the contracts as they are, unoptimised:\n${shown.join('\n')}\nMend them first; ` +
        'one that must weigh optimised code says "gas", "cost" or "size" in its name.',
    )
  }
  return { tests: tests ?? [], leftOut: leftOut ?? [] }
}

function withoutLimits({ tests, leftOut }: Baseline): Baseline {
  const weighs = ({ title }: Outcome) => WEIGHS_A_LIMIT.test(title)
  return {
    tests: tests.filter((test) => !weighs(test)),
    leftOut: [...leftOut, ...tests.filter(weighs)],
  }
}
