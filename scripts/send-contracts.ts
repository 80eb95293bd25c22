import path from 'node:path'
import { AbiCoder, concat, id } from 'ethers'
import couponBookFactory from '../ignition/modules/CouponBookFactory.ts'
import couponSecure from '../ignition/modules/CouponSecure.ts'
import { readArtifact } from './artifacts.ts'
import { create2Address, saltOf } from './create2.ts'
import { lookAt } from './deployed-code.ts'
import { type DeploymentRecord } from './deployment-records.ts'
import { readIfPresent } from './folders.ts'
import { type PublicChain } from './public-chain.ts'

/** Where the contracts are, or will be, as far as that can be known. */
export type Places = { implementation?: string | undefined; factory?: string | undefined }

/** All that decides what is sent: who sends, how, where to, and where the journal is kept. */
export type Sending = {
  chain: PublicChain
  deployer: string
  strategy: DeploymentRecord['strategy']
  /** Ignition's folder, with a journal for each network and version of the contracts. */
  ignitionFolder: string
}

/** Creation code of the book code and, given its address, of the factory. */
export const initCodes = {
  book: () => readArtifact('CouponBook').bytecode,
  factory: (implementation: string) =>
    concat([
      readArtifact('CouponBookFactory').bytecode,
      AbiCoder.defaultAbiCoder().encode(['address'], [implementation]),
    ]),
}

/** Where the contracts will be, or are after a deployment that was interrupted. */
export function expectedPlaces(sending: Sending): Places {
  const { deployer, strategy } = sending
  if (strategy === 'basic') return journalPlaces(sending)
  const implementation = create2Address({ deployer, initCode: initCodes.book() })
  const initCode = initCodes.factory(implementation)
  return { implementation, factory: create2Address({ deployer, initCode }) }
}

/** Whether both contracts are there, as they were built. */
export async function areThere({
  chain: { provider },
  places: { implementation, factory },
}: {
  chain: PublicChain
  places: Places
}): Promise<boolean> {
  if (implementation === undefined || factory === undefined) return false
  const book = await lookAt({ provider, address: implementation, contract: 'CouponBook' })
  const maker = await lookAt({ provider, address: factory, contract: 'CouponBookFactory' })
  return book === 'ours' && maker === 'ours'
}

/** Has Ignition send what is missing; what an earlier run has sent is taken from its journal. */
export async function sendContracts(
  sending: Sending & { places: Places },
): Promise<Required<Places>> {
  const { chain, deployer, strategy, places } = sending
  await refuseStaleJournal(sending)
  const options = {
    deploymentId: journalName(sending),
    strategy,
    strategyConfig: { salt: saltOf(deployer) },
  }
  // Cut off between sending and writing the hash down, a journal knows of a used nonce and no more; the chain knows the code.
  const isWritten = journalPlaces(sending).implementation !== undefined
  const orphan = isWritten ? undefined : await orphanOf({ chain, strategy, places })
  const connection = await chain.hardhat.network.create(chain.name)
  try {
    const { implementation, factory } =
      orphan === undefined
        ? await connection.ignition.deploy(couponSecure, options)
        : await connection.ignition.deploy(couponBookFactory, {
            ...options,
            deploymentId: `${options.deploymentId}-factory`,
            parameters: { CouponBookFactory: { implementation: orphan } },
          })
    const made = {
      implementation: await implementation.getAddress(),
      factory: await factory.getAddress(),
    }
    const isExpected = strategy === 'basic' || made.factory === places.factory
    if (isExpected) return made
    throw new Error(`The factory was made at ${made.factory}, not at ${String(places.factory)}.`)
  } finally {
    await connection.close()
  }
}

/** Book code that is at its create2 address, where it can be made only once, without a journal that knows. */
async function orphanOf({
  chain: { provider },
  strategy,
  places: { implementation },
}: {
  chain: PublicChain
  strategy: DeploymentRecord['strategy']
  places: Places
}): Promise<string | undefined> {
  if (strategy === 'basic' || implementation === undefined) return undefined
  const found = await lookAt({ provider, address: implementation, contract: 'CouponBook' })
  return found === 'ours' ? implementation : undefined
}

async function refuseStaleJournal(sending: Sending): Promise<void> {
  const { chain } = sending
  const { implementation, factory } = journalPlaces(sending)
  for (const address of [implementation, factory]) {
    if (address === undefined || (await chain.provider.getCode(address)) !== '0x') continue
    throw new Error(
      `The journal ${journalOf(sending)} says that ${address} was made, but there is no code on ${chain.title}. ` +
        'If that chain was begun anew, remove the journal and run the same command again. Nothing was sent.',
    )
  }
}

function journalPlaces(sending: Sending): Places {
  const text = readIfPresent(path.join(journalOf(sending), 'deployed_addresses.json'))
  const addresses = text === undefined ? {} : (JSON.parse(text) as Record<string, string>)
  return {
    implementation: addresses['CouponSecure#CouponBook'],
    factory: addresses['CouponSecure#CouponBookFactory'],
  }
}

function journalOf(sending: Sending): string {
  return path.join(sending.ignitionFolder, 'deployments', journalName(sending))
}

/** Other contracts are another deployment, not the continuation of the last. */
function journalName({ chain }: Sending): string {
  const version = id(initCodes.book() + readArtifact('CouponBookFactory').bytecode)
  return `${chain.name}-${version.slice(2, 10)}`
}
