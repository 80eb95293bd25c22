import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { endChildren, startChild } from './children.ts'
import { type Counts } from './counting-reporter.ts'
import { readIfPresent } from './folders.ts'
import { GROUPS, steps, type Step } from './test-steps.ts'

// Two cores. Building wants both of them.
const PHASES: readonly { groups: readonly (typeof GROUPS)[number][]; atOnce: number }[] = [
  { groups: ['build'], atOnce: 1 },
  { groups: ['gates'], atOnce: 2 },
  { groups: ['contracts', 'unit'], atOnce: 2 },
  { groups: ['web'], atOnce: 1 },
  { groups: ['walk'], atOnce: 2 },
]

/** How a step went. */
type Outcome = Counts & { step: Step; seconds: number }

process.exitCode = (await main()) ? 0 : 1

/** Runs all steps, or those that `--only` names by step or group; whether all is well. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
  const chosen = choose(values.only?.flatMap((names) => names.split(',')))
  endOnSignal()
  const outcomes: Outcome[] = []
  for (const { groups, atOnce } of PHASES) {
    const waiting = chosen.filter(({ group }) => groups.includes(group))
    const isAlone = Math.min(atOnce, waiting.length) === 1
    const worker = async () => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
        outcomes.push(await take({ step, outcomes, isAlone }))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }
  return report(outcomes)
}

function choose(only: string[] | undefined): readonly Step[] {
  if (only === undefined) return steps
  const known = new Set([...GROUPS, ...steps.map(({ name }) => name)])
  const unknown = only.find((name) => !known.has(name))
  if (unknown === undefined) {
    return steps.filter(({ name, group }) => only.includes(name) || only.includes(group))
  }
  console.error(`There is no step "${unknown}". There are: ${[...known].join(', ')}.`)
  process.exit(2)
}

async function take({
  step,
  outcomes,
  isAlone,
}: {
  step: Step
  outcomes: readonly Outcome[]
  isAlone: boolean
}): Promise<Outcome> {
  const hasFailed = outcomes.some(({ step: { name }, failed }) => name === step.needs && failed > 0)
  if (hasFailed) {
    console.log(`✗ ${step.name}: not run, because "${step.needs ?? ''}" failed`)
    return { step, passed: 0, failed: 1, skipped: 0, seconds: 0 }
  }
  // The words of two suites would mix: each waits for its end then.
  const isTold = step.kind === 'suite' && isAlone
  if (isTold) console.log(`\n${step.name}`)
  const start = Date.now()
  const { counts, words } = await runStep({ step, isTold })
  const seconds = (Date.now() - start) / 1000
  if (step.kind === 'gate') {
    console.log(`${counts.failed > 0 ? '✗' : '✔'} ${step.name} (${seconds.toFixed(1)} s)`)
    if (counts.failed > 0 || step.group === 'web') console.log(words.join('\n'))
  } else if (!isTold) {
    console.log(['', `${step.name} (${seconds.toFixed(0)} s)`, ...words].join('\n'))
  }
  return { step, seconds, ...counts }
}

async function runStep({
  step,
  isTold,
}: {
  step: Step
  isTold: boolean
}): Promise<{ counts: Counts; words: string[] }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-test-'))
  const countsFile = path.join(folder, 'counts.json')
  const words: string[] = []
  const onLine = (line: string) => {
    if (isTold) console.log(line)
    else words.push(line)
  }
  try {
    let isGood = true
    for (const { args, ...place } of step.programs) {
      const env = { COUNTS_FILE: countsFile, ...step.env }
      const child = startChild({
        name: step.name,
        command: process.execPath,
        args,
        env,
        onLine,
        ...place,
      })
      const { code } = await child.ended
      isGood &&= code === 0
    }
    const { counts, remark } = countsOf({ step, isGood, countsFile })
    if (remark !== undefined) onLine(`  ${remark}`)
    return { counts, words }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** What the step left, and what is to be said of it; a suite that broke off, or found nothing to test, has failed. */
function countsOf({
  step,
  isGood,
  countsFile,
}: {
  step: Step
  isGood: boolean
  countsFile: string
}): { counts: Counts; remark?: string } {
  if (step.kind === 'gate') {
    return { counts: { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 } }
  }
  const text = readIfPresent(countsFile)
  if (text === undefined) {
    const remark = `The suite "${step.name}" broke off.`
    return { counts: { passed: 0, failed: 1, skipped: 0 }, remark }
  }
  const counts = JSON.parse(text) as Counts
  if (counts.passed + counts.failed + (step.maySkip ? counts.skipped : 0) === 0) {
    return { counts: { ...counts, failed: 1 }, remark: `The suite "${step.name}" has no tests.` }
  }
  return { counts: isGood || counts.failed > 0 ? counts : { ...counts, failed: 1 } }
}

function report(outcomes: readonly Outcome[]): boolean {
  const sum = (count: 'passed' | 'failed' | 'skipped' | 'seconds') =>
    outcomes.reduce((total, outcome) => total + outcome[count], 0)
  console.log('\n  passed  failed  skipped  seconds')
  for (const { step, passed, failed, skipped, seconds } of outcomes) {
    const columns = [passed, failed, skipped, Math.round(seconds)]
    const widths = [8, 8, 9, 9]
    console.log(
      columns.map((n, i) => String(n).padStart(widths[i] ?? 0)).join('') + `  ${step.name}`,
    )
  }
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 && sum('passed') > 0
}

function endOnSignal(): void {
  const end = () => void endChildren().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
}
