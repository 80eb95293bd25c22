// `npm run mutate`: makes small mistakes in the contracts, one at a time, and sees whether a test notices each. Fails
// where fewer than 95 % are noticed, or where docs/mutants.md does not say why one may go unnoticed.
//   -- --only CouponLedger  mutants of this source alone    -- --sample 40   so many, always the same
//   -- --seed two           another sample                  -- --jobs 2      so many at a time
//   -- --json               the result as JSON              -- --list        names the mutants and tries none
import os from 'node:os'
import { parseArgs } from 'node:util'
import hre from 'hardhat'
import { buildContracts } from './build.ts'
import { openCompiler, readProject } from './mutate-compiler.ts'
import { type Mutant, mutantsOf, sampleOf } from './mutate-mutants.ts'
import {
  type Judged,
  printSurvivors,
  printTable,
  tallyOf,
  withoutDuplicates,
} from './mutate-report.ts'
import { tryMutants } from './mutate-round.ts'
import { checkExplanations, EXPLANATIONS, readExplanations } from './mutate-survivors.ts'

const ENOUGH_PERCENT = 95

const values = options()
const say = values.json ? () => undefined : console.log
const began = Date.now()

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Whether the tests are good enough, or there was nothing to ask them. */
async function run(): Promise<boolean> {
  await buildContracts({ say })
  const project = readProject()
  const trees = openCompiler().treesOf(project)
  const all = mutantsOf({ files: project.targets, sources: project.sources, trees })
  const mutants = chosen(all)
  if (values.list) {
    for (const { file, line, id } of mutants) console.log(`${file}:${line}  ${id}`)
    return true
  }
  const production = hre.config.solidity.profiles.default?.compilers[0]?.settings as
    | Record<string, unknown> // Hardhat passes on to solc whatever the configuration says
    | undefined
  if (production === undefined) throw new Error('hardhat.config.ts names no compiler.')
  const contracts = { project, trees, production }
  const jobs = wholeNumber({ option: 'jobs', text: values.jobs })
  return report({ judged: await tryMutants({ mutants, contracts, jobs, say }), all })
}

function options() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        sample: { type: 'string' },
        seed: { type: 'string', default: 'one' },
        jobs: { type: 'string', default: String(Math.min(2, os.availableParallelism())) },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

function chosen(from: readonly Mutant[]): Mutant[] {
  const { only = '', sample, seed } = values
  const some = from.filter(({ file }) => file.includes(only))
  if (some.length === 0) throw new Error(`No mutant is in a source called ${only}.`)
  if (sample === undefined) return some
  return sampleOf({ mutants: some, count: wholeNumber({ option: 'sample', text: sample }), seed })
}

function wholeNumber({ option, text }: { option: string; text: string }): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`--${option} takes a whole number above 0, not "${text}".`)
}

/** Prints what was found; whether it is good enough. */
function report({ judged, all }: { judged: readonly Judged[]; all: readonly Mutant[] }): boolean {
  const explained = readExplanations()
  const distinct = withoutDuplicates(judged)
  const survivors = distinct
    .filter(({ verdict }) => verdict.found === 'survived')
    .map(({ mutant }) => mutant)
  const unexplained = survivors.filter(({ id }) => !explained.ids.has(id))
  const faults = checkExplanations({
    explained,
    survivors: new Set(survivors.map(({ id }) => id)),
    judged: new Set(judged.map(({ mutant }) => mutant.id)),
    existing: new Set(all.map(({ id }) => id)),
  })
  const tally = tallyOf(judged)
  const isEnough = tally.killedPercent >= ENOUGH_PERCENT
  const isGood = isEnough && unexplained.length === 0 && faults.length === 0
  const seconds = Math.round((Date.now() - began) / 1_000)
  if (values.json) {
    const names = survivors.map(({ id, file, line, operator }) => ({
      id,
      file,
      line,
      operator,
      isExplained: explained.ids.has(id),
    }))
    console.log(
      JSON.stringify(
        { ...tally, existing: all.length, seconds, isGood, faults, survivors: names },
        null,
        2,
      ),
    )
    return isGood
  }
  printTable(judged)
  printSurvivors(unexplained)
  for (const fault of faults) console.log(`${EXPLANATIONS} ${fault}`)
  const { killed, survived, endless, equivalent, duplicate, uncompilable } = tally
  console.log(
    `\n${tally.killedPercent.toFixed(1)} % of ${killed + survived} mutants were noticed (${endless} of them only by never ` +
      `coming to an end), ${survived} survived, ${survived - unexplained.length} of these explained. Left out: ${equivalent} ` +
      `that compile to the original, ${duplicate} to another mutant, ${uncompilable} to nothing. ${seconds} s.`,
  )
  if (!isEnough) console.log(`${ENOUGH_PERCENT} % are asked for.`)
  return isGood
}
