// The process of `npm run coverage` in which the tests run, on contracts fitted with probes.
import { parseArgs } from 'node:util'
import hre from 'hardhat'
import { instrument } from './coverage-instrument.ts'
import type { Point } from './coverage-points.ts'
import { report } from './coverage-report.ts'
import { watch } from './coverage-watch.ts'
import { copyArtifacts, install, isOverwritten } from './mutate-artifacts.ts'
import { type Code, openCompiler, readProject, settingsToTry } from './mutate-compiler.ts'
import { type Outcome, runTests } from './mutate-suite.ts'
import { testsOfContracts } from './mutate-tests.ts'

// Tests that may fail on code that nobody optimised and that tells all it does, since that is what they are about.
const WEIGHS = /\b(gas|size|costs?)\b/i

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})
const say = values.json ? () => undefined : console.log
const folder = process.env.MUTATE_FOLDER ?? ''

process.exit((await run()) ? 0 : 1) // chains that tests left open must not keep everybody waiting

/** Whether the tests pass, and come through everything. */
async function run(): Promise<boolean> {
  const began = Date.now()
  const { codes, points } = compileWithProbes()
  copyArtifacts({ folder })
  const installed = install({ folder, codes })
  const { seen } = watch(points)
  const failed = await runAll()
  if (isOverwritten(installed))
    throw new Error('A test compiled the contracts anew, without probes.')
  const seconds = Math.round((Date.now() - began) / 1_000)
  const isComplete = report({ points, seen, seconds, isJson: values.json })
  for (const { file, title, failure = '' } of failed)
    console.error(`✗ ${file}: ${title}: ${failure}`)
  return isComplete && failed.length === 0
}

function compileWithProbes(): { codes: Readonly<Record<string, Code>>; points: Point[] } {
  say('Compiling the contracts with probes in them (about a minute) …')
  const compiler = openCompiler()
  const project = readProject()
  const probed = instrument({ project, trees: compiler.treesOf(project) })
  const production = hre.config.solidity.profiles.default?.compilers[0]?.settings as
    | Record<string, unknown> // Hardhat passes on to solc whatever the configuration says
    | undefined
  if (production === undefined) throw new Error('hardhat.config.ts names no compiler.')
  const faults: string[] = []
  for (const settings of settingsToTry({ production })) {
    const compiled = compiler.compile({ project: probed.project, settings })
    if (compiled.isCompiled) return { codes: compiled.codes, points: probed.points }
    faults.push(...compiled.faults.map(({ file, sentence }) => `${file}: ${sentence}`))
  }
  throw new Error(`The contracts do not compile with probes in them:\n${faults.join('\n')}`)
}

/** Runs the tests on chains of their own; those that failed. */
async function runAll(): Promise<Outcome[]> {
  const files = Object.keys(testsOfContracts()).filter((file) => file.includes(values.only))
  if (files.length === 0) throw new Error(`No test file is called ${values.only}.`)
  const failed: Outcome[] = []
  for (const file of files) {
    const once = failuresOf(await runFile(file))
    // A second chance, since on a busy machine a second passes where a test does not expect it.
    failed.push(...(once.length === 0 ? [] : failuresOf(await runFile(file))))
  }
  return failed
}

async function runFile(file: string): Promise<Outcome[]> {
  const began = Date.now()
  const runs = [{ file, titles: 'all' } as const]
  const outcomes = await runTests({ runs, manner: { isBailing: false } })
  say(`${file}: ${outcomes.length} tests, ${((Date.now() - began) / 1_000).toFixed(1)} s`)
  return outcomes
}

/** Which tests failed that should not. */
function failuresOf(outcomes: readonly Outcome[]): Outcome[] {
  const failures = outcomes.filter(({ failure }) => failure !== undefined)
  for (const { title } of failures.filter(isExcused)) {
    say(`Not held against it, since it weighs optimised code: ${title}`)
  }
  return failures.filter((outcome) => !isExcused(outcome))
}

function isExcused({ title }: Outcome): boolean {
  return WEIGHS.test(title)
}
