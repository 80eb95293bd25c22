// One round of the Solidity tests in depth, for test-deep.ts: hands over how each test went in the file that ROUND_FILE names.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import hardhat from 'hardhat'

/** How one test went; what neither fuzzes nor plays has one run. */
export type Played = { name: string; isGood: boolean; runs: number; seconds: number }

// What Hardhat's task answers with, as far as it concerns us.
type Answer = { value?: Summary; error?: Summary }
type Summary = { suiteResults: { id: { name: string }; testResults: TestResult[] }[] }
type TestResult = { name: string; status: string; kind: { runs?: bigint }; durationNs: bigint }

const PLAYED = /^(testFuzz|invariant)_/ // what comes out the same each time `npm test` has shown

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '' },
    fuzz: { type: 'string', default: '' },
    crowd: { type: 'string', default: '' },
  },
})
const { deep } = hardhat.config.test.solidity.profiles
const file = process.env.ROUND_FILE
if (deep === undefined || file === undefined) throw new Error('This is run by test-deep.ts.')
deep.fuzz = { ...deep.fuzz, runs: Number(values.fuzz), seed: values.seed }
deep.invariant = { ...deep.invariant, runs: Number(values.crowd) }

const answer = (await hardhat.tasks
  .getTask(['test', 'solidity'])
  .run({ noCompile: true, testProfile: 'deep', grep: PLAYED.source })) as Answer
const { suiteResults = [] } = answer.value ?? answer.error ?? {}
const played = suiteResults.flatMap(({ testResults }) =>
  testResults.map(({ name, status, kind, durationNs }): Played => ({
    name,
    isGood: status === 'Success',
    runs: Number(kind.runs ?? 1n),
    seconds: Number(durationNs) / 1e9,
  })),
)
fs.writeFileSync(file, JSON.stringify(played))
process.exitCode = played.length > 0 && played.every(({ isGood }) => isGood) ? 0 : 1
