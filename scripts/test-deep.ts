// `npm run test:deep`: the fuzzers, the crowd, the model and the replay, for long (docs/testing.md#in-depth). An interrupted run goes on.
//   -- --seed 42          begins there, to see again what was seen
//   -- --anew             begins from another seed, whatever was interrupted
//   -- --fuzz 2000        runs of each fuzz test      -- --crowd 20       sequences of the crowd
//   -- --rounds 4         in so many rounds           -- --sequences 20   of the model, and as many to replay
//   -- --only solidity    that alone; or model, or replay
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { buildContracts } from './build.ts'
import { endChildren, runToEnd } from './children.ts'
import { recallRounds } from './test-deep-memory.ts'
import { playSolidity } from './test-deep-solidity.ts'
import { programOf } from './programs.ts'

const LARGEST_SEED = 2 ** 32 - 1 // what the model takes
const NUMBER = /^\d+$/

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    anew: { type: 'boolean', default: false },
    fuzz: { type: 'string', default: '100000' },
    crowd: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '20' },
    sequences: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
})
const asked = {
  rounds: numberOf({ option: 'rounds' }),
  fuzz: numberOf({ option: 'fuzz' }),
  crowd: numberOf({ option: 'crowd' }),
}
const sequences = numberOf({ option: 'sequences' })
const begun = values.seed === undefined && !values.anew ? interrupted() : undefined
const seed =
  values.seed === undefined
    ? (begun?.depth.seed ?? randomInt(LARGEST_SEED))
    : numberOf({ option: 'seed', least: 0 })

/** What is played, in this order; each part says whether all was well. */
const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  solidity: () => playSolidity({ depth: { seed, ...asked }, begun }),
  model: () => playMocha({ file: 'test/model.test.ts' }),
  replay: () => playMocha({ file: 'test/replay.test.ts' }),
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void endChildren().then(() => process.exit(130)))
}
process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const { only } = values
  if (only !== undefined && parts[only] === undefined) {
    throw new Error(`There is no part "${only}". There are: ${Object.keys(parts).join(', ')}.`)
  }
  console.log(`Seed ${seed}: npm run test:deep -- --seed ${seed} plays the same again.`)
  if (begun) {
    console.log(
      `Goes on where it was interrupted: ${begun.rounds.length} of ${asked.rounds} rounds are played. (-- --anew begins another.)`,
    )
  }
  await buildContracts({ say: console.log })
  const outcomes: { name: string; isGood: boolean; seconds: number }[] = []
  for (const [name, play] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue
    const began = Date.now()
    console.log(`\n${name}`)
    const isGood = await play()
    outcomes.push({ name, isGood, seconds: Math.round((Date.now() - began) / 1_000) })
  }
  console.log()
  for (const { name, isGood, seconds } of outcomes) {
    console.log(`${isGood ? '✔' : '✗'} ${name.padEnd(9)} ${String(seconds).padStart(6)} s`)
  }
  return outcomes.every(({ isGood }) => isGood)
}

/** Plays one of the suites that know MODEL_SEED and MODEL_SEQUENCES. */
async function playMocha({ file }: { file: string }): Promise<boolean> {
  const run = runToEnd({
    name: file,
    command: process.execPath,
    args: [programOf({ owner: 'hardhat' }), 'test', 'mocha', '--no-compile', file],
    env: { MODEL_SEED: String(seed), MODEL_SEQUENCES: String(sequences), MODEL_TALLY: '1' },
    onLine: console.log,
  })
  return run.then(
    () => true,
    () => false, // its own words say why
  )
}

/** What was begun and interrupted, where as much was asked for then as now. */
function interrupted() {
  const memory = recallRounds()
  const isSame = (['rounds', 'fuzz', 'crowd'] as const).every((part) => {
    return memory?.depth[part] === asked[part]
  })
  return isSame ? memory : undefined
}

function numberOf({
  option,
  least = 1,
}: {
  option: 'seed' | 'rounds' | 'fuzz' | 'crowd' | 'sequences'
  least?: number
}): number {
  const text = values[option] ?? ''
  const number = Number(text)
  if (NUMBER.test(text) && number >= least && number <= LARGEST_SEED) return number
  throw new Error(
    `--${option} takes a whole number from ${least} to ${LARGEST_SEED}, not "${text}".`,
  )
}
