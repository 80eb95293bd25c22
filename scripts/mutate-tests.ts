import fs from 'node:fs'
import path from 'node:path'
import { fingerprint, inRoot } from './folders.ts'
import { groundOf } from './mutate-ground.ts'

const ON_THE_CHAIN = /from '(hardhat|\.{1,2}\/book-fixture\.ts)'/
// What stands on bench/ weighs optimised code; on scripts/ or ignition/, it tests programs that deploy what Hardhat compiled.
const OF_OTHER_THINGS = /from '(\.\.\/)+(bench|scripts|ignition)\//

/** The test files that speak to the contracts, each with a hash of it and of all that it stands on. */
export function testsOfContracts(): Record<string, string> {
  const chosen = testFiles().filter((file) => {
    const text = fs.readFileSync(inRoot(file), 'utf8')
    return ON_THE_CHAIN.test(text) && !OF_OTHER_THINGS.test(text)
  })
  return Object.fromEntries(chosen.map((file) => [file, groundOf({ file })]))
}

/** Changes when a contract or a test does. */
export function stateOfSources(): string {
  return fingerprint({ places: ['contracts', 'test', 'protocol/src', 'protocol/vectors'] })
}

function testFiles(): string[] {
  return fs
    .readdirSync(inRoot('test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join('test', name))
    .sort()
}
