import type { Past } from './mutate-memory.ts'
import type { Mutant } from './mutate-mutants.ts'
import type { Outcome } from './mutate-suite.ts'

/** One test by name. */
export type Test = { file: string; title: string }

/** Some tests of one file. */
export type Picked = { file: string; titles: string[] }

/** Which tests to run on a mutant, the likeliest to notice it first. */
export type Order = {
  /** All tests that it has not outlived, in an order made for this mutant: likely and quick ones, then those that take long. */
  allFor: (what: { mutant: Mutant; past: Past }) => {
    quick: Picked[]
    slow: Picked[]
  }
  noteKill: (what: { mutant: Mutant; killer: Test }) => void
  /** Never tries this test again. */
  leaveOut: (test: Test) => void
}

const QUICK_MS = 250

// How many tests are tried before all others.
const HINTS = 4

/** Learns from each kill: what noticed one mutant of a function will likely notice the next. */
export function makeOrder({ tests }: { tests: readonly Outcome[] }): Order {
  const kills: { mutant: Mutant; killer: Test }[] = [] // the latest first
  const left = new Set<string>()
  const timeOf = (file: string) =>
    tests.filter((test) => test.file === file).reduce((sum, test) => sum + test.milliseconds, 0)
  const files = [...new Set(tests.map(({ file }) => file))].sort((a, b) => timeOf(a) - timeOf(b))

  const allFor: Order['allFor'] = ({ mutant, past: { killer: last, outlived } }) => {
    const near = kills.filter((kill) => isNear(kill.mutant, mutant)).map(({ killer }) => killer)
    const isTried = (test: Test) => !left.has(nameOf(test))
    const killers = (last === undefined ? near : [last, ...near]).filter(isTried)
    const hints = [...new Map(killers.map((test) => [nameOf(test), test])).values()].slice(0, HINTS)
    const hinted = new Set(hints.map(nameOf))
    const worth = (file: string) =>
      near.filter((killer) => killer.file === file).length * 10 +
      kills.filter((kill) => kill.killer.file === file && kill.mutant.file === mutant.file).length
    const likely = files.filter((file) => !outlived.has(file)).sort((a, b) => worth(b) - worth(a))
    const rest = tests.filter((test) => isTried(test) && !hinted.has(nameOf(test)))
    return {
      quick: [
        ...byFile({ tests: hints, files: likely }),
        ...byFile({ tests: rest.filter(isQuick), files: likely }),
      ],
      slow: byFile({ tests: rest.filter((test) => !isQuick(test)), files: likely }),
    }
  }
  return {
    allFor,
    noteKill: (kill) => void kills.unshift(kill),
    leaveOut: (test) => void left.add(nameOf(test)),
  }
}

function byFile({ tests, files }: { tests: readonly Test[]; files: readonly string[] }): Picked[] {
  return files
    .map((file) => ({
      file,
      titles: tests.filter((test) => test.file === file).map(({ title }) => title),
    }))
    .filter(({ titles }) => titles.length > 0)
}

function isNear(a: Mutant, b: Mutant): boolean {
  return a.file === b.file && a.where === b.where
}

function isQuick({ milliseconds }: Outcome): boolean {
  return milliseconds < QUICK_MS
}

function nameOf({ file, title }: Test): string {
  return `${file}\0${title}`
}
