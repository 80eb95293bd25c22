import fs from 'node:fs'
import path from 'node:path'
import { fingerprint, inRoot } from './folders.ts'

const ON_THE_CHAIN = /from '(hardhat|\.{1,2}\/book-fixture\.ts)'/
// What stands on bench/ weighs optimised code; on scripts/ or ignition/, it tests programs that deploy what Hardhat compiled.
const OF_OTHER_THINGS = /from '(\.\.\/)+(bench|scripts|ignition)\//

/** The test files that speak to the contracts, each with a hash of it and of all that tests stand on. */
export function testsOfContracts(): Record<string, string> {
  const files = testFiles()
  const ground = fingerprint({
    places: ['test', 'protocol/src', 'protocol/vectors', 'contracts/mocks', 'package-lock.json'],
    without: [...files.map((file) => path.basename(file)), 'solidity'],
  })
  const chosen = files.filter((file) => {
    const text = fs.readFileSync(inRoot(file), 'utf8')
    return ON_THE_CHAIN.test(text) && !OF_OTHER_THINGS.test(text)
  })
  return Object.fromEntries(chosen.map((file) => [file, ground + fingerprint({ places: [file] })]))
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
