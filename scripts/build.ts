import fs from 'node:fs'
import { runToEnd } from './children.ts'
import { fingerprint, inRoot, readIfPresent, writeWhole } from './folders.ts'
import { programOf } from './programs.ts'

// What builds leave in web/, and the walk, which is no part of the app.
const NO_SOURCES = [
  '.next',
  'node_modules',
  'maplibre',
  'service-worker.js',
  'pocket-files.json',
  'offline.html',
  'next-env.d.ts',
  'e2e',
]

type Say = (line: string) => void

/** Compiles the contracts and writes their types, unless that was done for these very sources. */
export async function buildContracts({ say }: { say: Say }): Promise<void> {
  const sources = fingerprint({ places: ['contracts', 'hardhat.config.ts', 'package-lock.json'] })
  const stamp = inRoot('cache', 'coupon-secure-contracts')
  const results = [
    inRoot('artifacts', 'contracts', 'CouponBookFactory.sol', 'CouponBookFactory.json'),
    inRoot('types', 'ethers-contracts', 'hardhat.d.ts'),
  ]
  if (readIfPresent(stamp) === sources && results.every((file) => fs.existsSync(file))) return
  say('Building the contracts …')
  await runToEnd({
    name: 'Building the contracts',
    command: process.execPath,
    args: [programOf({ owner: 'hardhat' }), 'build', '--no-tests'],
  })
  writeWhole({ file: stamp, text: sources })
}

/** Compiles the Solidity tests, unless that was done for these very sources. */
export async function buildSolidityTests({ say }: { say: Say }): Promise<void> {
  say('Compiling the Solidity tests (some two minutes, only when their sources have changed) …')
  await runToEnd({
    name: 'Compiling the Solidity tests',
    command: process.execPath,
    args: [programOf({ owner: 'hardhat' }), 'build'],
  })
}

/** Builds the web app for production, unless that was done for these very sources. */
export async function buildWeb({ say }: { say: Say }): Promise<void> {
  const sources = fingerprint({
    places: ['web', 'protocol/src', 'package-lock.json'],
    without: NO_SOURCES,
  })
  const stamp = inRoot('web', '.next', 'coupon-secure-sources')
  if (readIfPresent(stamp) === sources && fs.existsSync(inRoot('web', '.next', 'BUILD_ID'))) return
  say('Building the web app (about a minute, only when its sources have changed) …')
  await copyMapWorker()
  await runToEnd({
    name: 'Building the web app',
    command: process.execPath,
    args: [programOf({ owner: 'next' }), 'build'],
    cwd: inRoot('web'),
    env: { NEXT_TELEMETRY_DISABLED: '1' },
  })
  await runToEnd({
    name: 'Building what the app needs without a network',
    command: process.execPath,
    args: [inRoot('web', 'scripts', 'build-offline.mjs')],
  })
  writeWhole({ file: stamp, text: sources })
}

/** Puts MapLibre's worker where the web app serves it from. */
export async function copyMapWorker(): Promise<void> {
  await runToEnd({
    name: "Copying the map's worker",
    command: process.execPath,
    args: [inRoot('web', 'scripts', 'copy-map-worker.mjs')],
  })
}

/** Says how much JavaScript each page asks for before it can be used, and fails where that is too much. */
async function weighWeb(): Promise<void> {
  await runToEnd({
    name: 'Weighing the pages',
    command: process.execPath,
    args: [inRoot('web', 'scripts', 'measure-js.mjs')],
    cwd: inRoot('web'),
    onLine: console.log,
  })
}

if (import.meta.main) {
  const isAll = process.argv.includes('--all')
  const isWeb = process.argv.includes('--web')
  if (isAll || !isWeb) await buildContracts({ say: console.log })
  if (isAll || isWeb) await buildWeb({ say: console.log })
  if (isAll) await weighWeb()
}
