import path from 'node:path'
import { parseArgs } from 'node:util'
import { verifyContract } from '@nomicfoundation/hardhat-verify/verify'
import { type HardhatRuntimeEnvironment } from 'hardhat/types/hre'
import { buildContracts } from './build.ts'
import { checkDeployed } from './deployed-code.ts'
import { readRecord, type DeploymentRecord } from './deployment-records.ts'
import { inRoot } from './folders.ts'
import { networkNamed } from './networks.ts'
import { hardhatFor, reachChain } from './public-chain.ts'
import { readSecret, runProgram, withoutSecrets } from './secrets.ts'

const EXPLORERS = {
  etherscan: 'Etherscan',
  blockscout: 'Blockscout',
  sourcify: 'Sourcify',
} as const
type Explorer = keyof typeof EXPLORERS

/** What an explorer said about one contract. */
export type Answer = { explorer: string; contract: string; isVerified: boolean; words: string }

if (import.meta.main) await runProgram(main)

/** Shows the sources of a deployment to all explorers; whether all of them agree. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { network: { type: 'string' }, into: { type: 'string' } },
  })
  const name = networkNamed(values.network)
  const folder = values.into === undefined ? inRoot() : path.resolve(values.into)
  const record = readRecord({ folder, name })
  if (record === undefined) {
    throw new Error(`There is no deployment on ${name} yet: npm run deploy -- --network ${name}`)
  }
  await buildContracts({ say })
  const hardhat = await hardhatFor({ name, isReading: true })
  const chain = await reachChain({ name, hardhat })
  try {
    await checkDeployed({ ...chain, ...record })
  } finally {
    chain.provider.destroy()
  }
  const answers = await askExplorers({ hardhat, record })
  say('')
  for (const { explorer, contract, words } of answers) say(`${explorer}, ${contract}: ${words}`)
  return answers.every(({ isVerified }) => isVerified)
}

/** Asks every explorer to verify both contracts, one after the other: they dislike haste. */
export async function askExplorers({
  hardhat,
  record: { implementation, factory },
}: {
  hardhat: HardhatRuntimeEnvironment
  record: Pick<DeploymentRecord, 'implementation' | 'factory'>
}): Promise<Answer[]> {
  const contracts = [
    { name: 'CouponBook', address: implementation, constructorArgs: [] },
    { name: 'CouponBookFactory', address: factory, constructorArgs: [implementation] },
  ]
  const answers: Answer[] = []
  for (const explorer of ['etherscan', 'blockscout', 'sourcify'] as const) {
    for (const contract of contracts) answers.push(await ask({ hardhat, explorer, contract }))
  }
  return answers
}

async function ask({
  hardhat,
  explorer,
  contract: { name, address, constructorArgs },
}: {
  hardhat: HardhatRuntimeEnvironment
  explorer: Explorer
  contract: { name: string; address: string; constructorArgs: string[] }
}): Promise<Answer> {
  const facts = { explorer: EXPLORERS[explorer], contract: name }
  const contract = `contracts/${name}.sol:${name}`
  try {
    if (explorer === 'etherscan') await readKey(hardhat)
    const isVerified = await verifyContract(
      { address, constructorArgs, contract, provider: explorer },
      hardhat,
    )
    return { ...facts, isVerified, words: isVerified ? 'verified.' : 'not verified.' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // Explorers that know the same code from elsewhere find out only when they are asked to verify.
    if (/already verified/i.test(reason)) return { ...facts, isVerified: true, words: 'verified.' }
    const words = `not verified. ${withoutSecrets(reason).replaceAll(/\s+/g, ' ').trim()}`
    return { ...facts, isVerified: false, words }
  }
}

async function readKey({ config }: HardhatRuntimeEnvironment): Promise<void> {
  await readSecret({
    variable: config.verify.etherscan.apiKey,
    name: 'ETHERSCAN_API_KEY',
    what: 'the key that Etherscan gives to anybody who registers, one for all its chains',
  })
}

function say(line: string): void {
  console.log(line)
}
