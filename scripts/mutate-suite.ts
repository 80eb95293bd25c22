import path from 'node:path'
import { pathToFileURL } from 'node:url'
import hre from 'hardhat'
import Mocha, { type Runner, type Suite } from 'mocha'

/** Some tests of one file, or all. */
export type Run = { file: string; titles: readonly string[] | 'all' }

/** How one test ended. */
export type Outcome = { file: string; title: string; milliseconds: number; failure?: string }

/** How a run is done. */
export type Manner = {
  isBailing: boolean
  /** How long each test may take, by title; others may take `LONGEST_MS`. */
  limitsMs?: Readonly<Record<string, number>>
}

type Connection = { close: () => Promise<void> }

const LONGEST_MS = 120_000

// Who counts on being alone gets a fresh module, and with it a fresh chain, each time.
let imports = 0
const open: Connection[] = []
hre.hooks.registerHandlers('network', {
  newConnection: async (context, next) => {
    const connection = await next(context)
    open.push(connection)
    return connection
  },
})

/** Runs the tests, file by file, on chains of their own; up to the first failure if so asked. */
export async function runTests({
  runs,
  manner,
}: {
  runs: readonly Run[]
  manner: Manner
}): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const run of runs) {
    outcomes.push(...(await runFile({ run, manner })))
    if (manner.isBailing && outcomes.some(({ failure }) => failure !== undefined)) break
  }
  return outcomes
}

async function runFile({ run, manner }: { run: Run; manner: Manner }): Promise<Outcome[]> {
  const { file, titles } = run
  const mocha = new Mocha({
    reporter: Mocha.reporters.Base,
    bail: manner.isBailing,
    timeout: LONGEST_MS,
  })
  const { suite } = mocha
  suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, file, mocha)
  try {
    await import(`${pathToFileURL(path.resolve(file)).href}?${++imports}`)
  } catch (error) {
    return [
      {
        file,
        title: 'what the file does before its tests',
        milliseconds: 0,
        failure: String(error),
      },
    ]
  }
  suite.emit(Mocha.Suite.constants.EVENT_FILE_POST_REQUIRE, globalThis, file, mocha)
  if (titles !== 'all') keepOnly({ suite, titles: new Set(titles) })
  limit({ suite, limitsMs: manner.limitsMs ?? {} })
  const outcomes: Outcome[] = []
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const runner = mocha.run(resolve)
  follow({ runner, file, outcomes })
  await promise
  runner.dispose()
  for (const connection of open.splice(0)) await connection.close()
  return outcomes
}

function follow({
  runner,
  file,
  outcomes,
}: {
  runner: Runner
  file: string
  outcomes: Outcome[]
}): void {
  const { EVENT_TEST_PASS, EVENT_TEST_FAIL } = Mocha.Runner.constants
  runner.on(EVENT_TEST_PASS, (test) => {
    outcomes.push({ file, title: test.fullTitle(), milliseconds: test.duration ?? 0 })
  })
  runner.on(EVENT_TEST_FAIL, (test, error: unknown) => {
    const failure = String(error).split('\n')[0] ?? ''
    outcomes.push({ file, title: test.fullTitle(), milliseconds: test.duration ?? 0, failure })
  })
}

function keepOnly({ suite, titles }: { suite: Suite; titles: ReadonlySet<string> }): void {
  suite.tests = suite.tests.filter((test) => titles.has(test.fullTitle()))
  for (const below of suite.suites) keepOnly({ suite: below, titles })
}

function limit({
  suite,
  limitsMs,
}: {
  suite: Suite
  limitsMs: Readonly<Record<string, number>>
}): void {
  for (const test of suite.tests) {
    const limitMs = limitsMs[test.fullTitle()]
    if (limitMs !== undefined) test.timeout(limitMs)
  }
  for (const below of suite.suites) limit({ suite: below, limitsMs })
}
