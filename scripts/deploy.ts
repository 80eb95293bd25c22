import fs from 'node:fs'
import path from 'node:path'
import { deployments, LOCAL_CHAIN_ID, type Deployment } from '@coupon-secure/protocol/deployments'
import { readArtifact, withoutImmutables, withoutMetadata, type ContractName } from './artifacts.ts'
import { inRoot, localFolder } from './folders.ts'
import { askChain } from './local-chain.ts'

const DEPLOYMENT_ID = 'local'
// Hardhat puts `<ignition>/deployments/<id>` there; in it lies the journal of what was sent.
const IGNITION_FOLDER = 'ignition'

/** What the local chain holds where our contracts belong. */
type Found = 'ours' | 'nothing' | 'others'

/** The chain has no place for our contracts, and holds none of them: nothing is lost with it. */
export class ChainUnusableError extends Error {
  override name = 'ChainUnusableError'
}

/** The addresses that the protocol names for the local chain; every client is built on them. */
export function localDeployment(): Deployment {
  const deployment = deployments[LOCAL_CHAIN_ID]
  if (deployment === undefined) throw new Error('protocol/src/deployments.ts lacks chain 31337.')
  return deployment
}

/** Sees to it that the contracts are on the local chain, at the addresses that the protocol names. */
export async function deploy({
  rpcUrl,
  folder,
  say = () => undefined,
}: {
  rpcUrl: string
  /** Where Ignition keeps its journal. */
  folder: string
  say?: (line: string) => void
}): Promise<void> {
  const journal = path.join(folder, IGNITION_FOLDER, 'deployments', DEPLOYMENT_ID)
  const hasJournal = fs.existsSync(journal)
  const found = await lookAround(rpcUrl)
  if (found === 'others') {
    throw new Error(
      'The contracts have changed since this local chain began. `npm start -- --fresh` begins a new one.',
    )
  }
  if (found === 'ours') {
    if (!hasJournal) say('The contracts are on the chain; only the deployment journal was lost.')
    return
  }
  if (hasJournal) {
    say('The deployment journal speaks of a chain that is gone; deploying anew.')
    fs.rmSync(journal, { recursive: true })
  }
  await deployByIgnition({ rpcUrl, folder })
  if ((await lookAround(rpcUrl)) !== 'ours') {
    throw new ChainUnusableError('The contracts came to lie at other addresses than they should.')
  }
}

/** Ignition is loaded only when there is something to do: Hardhat takes its time. */
async function deployByIgnition({ rpcUrl, folder }: { rpcUrl: string; folder: string }) {
  const [{ createHardhatRuntimeEnvironment }, { default: config }, { default: couponSecure }] =
    await Promise.all([
      import('hardhat/hre'),
      import('../hardhat.config.ts'),
      import('../ignition/modules/CouponSecure.ts'),
    ])
  const hardhat = await createHardhatRuntimeEnvironment(
    {
      ...config,
      paths: { ...config.paths, ignition: path.join(folder, IGNITION_FOLDER) },
      networks: { local: { type: 'http', chainType: 'l1', url: rpcUrl } },
    },
    {},
    inRoot(),
  )
  const connection = await hardhat.network.create('local')
  // A local chain has a block for each transaction and nobody to reorganise it.
  const options = { deploymentId: DEPLOYMENT_ID, config: { requiredConfirmations: 1 } }
  await connection.ignition.deploy(couponSecure, options)
  await connection.close()
}

async function lookAround(rpcUrl: string): Promise<Found> {
  const { implementation, factory } = localDeployment()
  const found = await Promise.all([
    codeAt({ rpcUrl, address: implementation, contract: 'CouponBook' }),
    codeAt({ rpcUrl, address: factory, contract: 'CouponBookFactory' }),
  ])
  if (found.every((code) => code === 'ours')) return 'ours'
  return found.includes('others') ? 'others' : 'nothing'
}

async function codeAt({
  rpcUrl,
  address,
  contract,
}: {
  rpcUrl: string
  address: string
  contract: ContractName
}): Promise<Found> {
  const code = await askChain({ rpcUrl, method: 'eth_getCode', params: [address, 'latest'] })
  if (typeof code !== 'string' || code === '0x') return 'nothing'
  const { deployedBytecode, immutableReferences } = readArtifact(contract)
  const found = withoutImmutables({ code, references: immutableReferences })
  // A comment changed is no reason to lose a demo.
  return withoutMetadata(found) === withoutMetadata(deployedBytecode) ? 'ours' : 'others'
}

if (import.meta.main) {
  const rpcUrl = process.env.RPC_URL ?? 'http://127.0.0.1:8545'
  await deploy({ rpcUrl, folder: localFolder, say: console.log })
  console.log(`Factory ${localDeployment().factory} on the chain at ${rpcUrl}`)
}
