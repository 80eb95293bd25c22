import path from 'node:path'
import { parseArgs } from 'node:util'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../hardhat.config.ts'
import { CONTRACTS, refuseTooLong } from './artifacts.ts'
import { buildContracts } from './build.ts'
import { checkDeployed } from './deployed-code.ts'
import { readRecord, recordFolder } from './deployment-records.ts'
import { inRoot } from './folders.ts'
import { networkNamed, type NetworkName } from './networks.ts'
import { hardhatFor, reachChain } from './public-chain.ts'
import { runProgram } from './secrets.ts'
import {
  differingArtifacts,
  hashesOf,
  keep,
  readKept,
  rebuild,
  standardJsonFolder,
  standardJsonOf,
  type Hashes,
  type Kept,
  type Rebuilt,
} from './standard-json.ts'

if (import.meta.main) await runProgram(main)

/** Keeps the compiler's input, or rebuilds from what is kept and compares; whether all agrees. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      network: { type: 'string' },
      into: { type: 'string' },
    },
  })
  const folder = values.into === undefined ? inRoot() : path.resolve(values.into)
  if (values.network !== undefined) {
    return checkNetwork({ folder, name: networkNamed(values.network) })
  }
  await buildContracts({ say })
  const place = standardJsonFolder(folder)
  const hardhat = await createHardhatRuntimeEnvironment(config, {}, inRoot())
  const input = await standardJsonOf(hardhat)
  if (values.check) return checkKept({ input, kept: readKept(place) })

  const rebuilt = rebuild(input)
  const hashes = hashesOf(rebuilt)
  requireAgreement(rebuilt)
  await keep({ folder: place, kept: { input, hashes } })
  tell(hashes)
  say('Written to deployments/standard-json; commit it.')
  return true
}

/** The kept input is that of the present contracts, and solc makes of it what Hardhat built. */
function checkKept({ input, kept }: { input: string; kept: Kept | undefined }): boolean {
  if (kept?.input !== input) {
    throw new Error(
      'deployments/standard-json differs from the contracts. Run `npm run bytecode` and commit the result.',
    )
  }
  const rebuilt = rebuildAsTold(kept)
  requireAgreement(rebuilt)
  say('Rebuilt from deployments/standard-json alone: the same code as the built artifacts.')
  return true
}

/** The input kept with a deployment gives the code that lies on the chain. */
async function checkNetwork({
  folder,
  name,
}: {
  folder: string
  name: NetworkName
}): Promise<boolean> {
  const record = readRecord({ folder, name })
  const kept = readKept(recordFolder({ folder, name }))
  if (record === undefined || kept === undefined) {
    throw new Error(`There is no deployment on ${name} in deployments/${name}.`)
  }
  const chain = await reachChain({ name, hardhat: await hardhatFor({ name, isReading: true }) })
  try {
    const { contracts: artifacts } = rebuildAsTold(kept)
    await checkDeployed({ ...chain, ...record, artifacts })
  } finally {
    chain.provider.destroy()
  }
  say(
    `Rebuilt from deployments/${name} alone: the same code (immutables apart) as on ${chain.title}:`,
  )
  say(`Book code  ${record.implementation}`)
  say(`Factory    ${record.factory}`)
  return true
}

function rebuildAsTold(kept: Kept): Rebuilt {
  const rebuilt = rebuild(kept.input)
  const hashes = hashesOf(rebuilt)
  if (hashes.compiler !== kept.hashes.compiler) {
    throw new Error(`This needs solc ${kept.hashes.compiler}; installed is ${hashes.compiler}.`)
  }
  for (const name of CONTRACTS) {
    const [here, there] = [hashes.contracts[name], kept.hashes.contracts[name]]
    if (here.creation !== there.creation || here.runtime !== there.runtime) {
      throw new Error(`The kept input gives another ${name} than the kept hashes say.`)
    }
  }
  tell(hashes)
  return rebuilt
}

/** What solc makes alone is what Hardhat built, and a chain would take it. */
function requireAgreement(rebuilt: Rebuilt): void {
  const differing = differingArtifacts(hashesOf(rebuilt))
  if (differing.length > 0) {
    throw new Error(`Alone, solc gives another ${differing.join(' and ')} than Hardhat built.`)
  }
  for (const contract of CONTRACTS) {
    refuseTooLong({ contract, artifact: rebuilt.contracts[contract] })
  }
}

function tell({ compiler, contracts }: Hashes): void {
  say(`solc ${compiler}`)
  for (const name of CONTRACTS) {
    say(`${name}: creation ${contracts[name].creation}`)
    say(`${name}: runtime  ${contracts[name].runtime}`)
  }
}

function say(line: string): void {
  console.log(line)
}
