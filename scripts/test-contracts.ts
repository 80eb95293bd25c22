import fs from 'node:fs'
import hardhat from 'hardhat'
import { buildContracts, buildSolidityTests } from './build.ts'
import { type Counts } from './counting-reporter.ts'
import { inRoot } from './folders.ts'

// Runs Hardhat's two kinds of tests and leaves their counts, together, in the file that COUNTS_FILE
// names. Hardhat's own sum for mocha takes what was skipped for passed, hence the reporter.
const file = process.env.COUNTS_FILE ?? inRoot('cache', 'contract-counts.json')
process.env.COUNTS_FILE = file
hardhat.config.test.mocha.reporter = inRoot('scripts', 'counting-reporter.ts')

await buildContracts({ say: console.log })
// To compile the Solidity tests takes as long as mocha does, and one core.
const compiled = buildSolidityTests({ say: () => undefined })
compiled.catch(() => undefined) // told below; mocha is to come to its end first
await hardhat.tasks.getTask(['test', 'mocha']).run({ noCompile: true })
const mocha = JSON.parse(fs.readFileSync(file, 'utf8')) as Counts
await compiled
const result: unknown = await hardhat.tasks.getTask(['test', 'solidity']).run({ noCompile: true })
const solidity = summaryOf(result)
const counts: Counts = {
  passed: mocha.passed + solidity.passed,
  failed: mocha.failed + solidity.failed,
  skipped: mocha.skipped + solidity.skipped,
}
fs.writeFileSync(file, JSON.stringify(counts))
process.exitCode = counts.failed === 0 ? 0 : 1

/** Hardhat answers with a result that holds the summary, in `value` when all went well and in `error` otherwise. */
function summaryOf(answer: unknown): Counts {
  const { value, error } = answer as Record<'value' | 'error', { summary: Counts } | undefined>
  const { summary } = value ?? error ?? {}
  if (summary === undefined) throw new Error('Hardhat did not say how the Solidity tests went.')
  return summary
}
