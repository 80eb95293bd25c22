// `npm run coverage`: which lines and branches of the contracts the mocha suites come through (docs/testing.md#coverage). Fails
// where one is missed, and names it.
//   -- --json            the result as JSON
//   -- --only redeem     the test files of this name alone, to try something out: then nothing is complete
import { parseArgs } from 'node:util'
import { buildContracts } from './build.ts'
import { endChildren, startChild } from './children.ts'
import { inRoot } from './folders.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void endChildren().then(() => process.exit(130)))
}
await buildContracts({ say: values.json ? () => undefined : console.log })
// Hardhat reads its configuration as it is imported, and this one is not the usual one.
const run = startChild({
  name: 'coverage',
  command: process.execPath,
  args: [inRoot('scripts', 'coverage-run.ts'), ...process.argv.slice(2)],
  env: {
    NODE_ENV: 'test',
    HARDHAT_CONFIG: inRoot('scripts', 'mutate-hardhat.config.ts'),
    MUTATE_FOLDER: inRoot('cache', 'coverage'),
    MUTATE_GAS: '1000000000', // probes cost more than what they stand in
  },
  onLine: console.log,
})
process.exitCode = (await run.ended).code === 0 ? 0 : 1
