import path from 'node:path'
import { parseArgs } from 'node:util'
import { formatEther, getAddress } from 'ethers'
import { CONTRACTS, readArtifact, refuseTooLong } from './artifacts.ts'
import { buildContracts } from './build.ts'
import { CREATE_X, isCreateX } from './create2.ts'
import { checkDeployed, firstBlockOf, lookAt } from './deployed-code.ts'
import { costInWords, costOf } from './deployment-cost.ts'
import { readRecord, writeRecord, type DeploymentRecord } from './deployment-records.ts'
import { inRoot } from './folders.ts'
import { networkNamed } from './networks.ts'
import { hardhatFor, reachChain, readDeployer, type PublicChain } from './public-chain.ts'
import { runProgram } from './secrets.ts'
import { areThere, expectedPlaces, initCodes, sendContracts } from './send-contracts.ts'
import { type Places, type Sending } from './send-contracts.ts'
import { differingArtifacts, readKept, standardJsonFolder, type Kept } from './standard-json.ts'

if (import.meta.main) await runProgram(main)

/** Puts the contracts on the chain that `--network` names; whether they are there now. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      network: { type: 'string' },
      yes: { type: 'boolean', default: false },
      // Another folder than the project for journal and records: for rehearsals.
      into: { type: 'string' },
    },
  })
  const name = networkNamed(values.network)
  const folder = values.into === undefined ? inRoot() : path.resolve(values.into)
  await buildContracts({ say })
  const kept = keptOfBuild()
  const ignitionFolder = path.join(folder, 'ignition')
  const chain = await reachChain({ name, hardhat: await hardhatFor({ name, ignitionFolder }) })
  say(`${chain.title}, chain id ${chain.chainId}.`)
  try {
    return await deploy({ chain, folder, ignitionFolder, kept, isAgreed: values.yes })
  } finally {
    chain.provider.destroy()
  }
}

async function deploy({
  chain,
  folder,
  ignitionFolder,
  kept,
  isAgreed,
}: Pick<Sending, 'chain' | 'ignitionFolder'> & {
  folder: string
  kept: Kept
  isAgreed: boolean
}): Promise<boolean> {
  const finish = (facts: Pick<DeploymentRecord, 'deployer' | 'strategy'> & { places: Places }) =>
    finishDeployment({ chain, folder, kept, ...facts })

  const recorded = readRecord({ folder, name: chain.name })
  if (recorded !== undefined) {
    if (await areThere({ chain, places: recorded })) {
      say('The contracts are there already; nothing was sent.')
      return finish({ ...recorded, places: recorded })
    }
    say(
      `What was built is not at the recorded addresses; a new factory will replace ${recorded.factory}.`,
    )
  }

  const deployer = await readDeployer(chain)
  const strategy = await chooseStrategy(chain)
  const sending = { chain, deployer, strategy, ignitionFolder }
  const places = expectedPlaces(sending)
  if (await areThere({ chain, places })) {
    say('The contracts are there already, only the record was lost; nothing was sent.')
    return finish({ deployer, strategy, places })
  }

  await checkMoney({ ...sending, places })
  if (!isAgreed) {
    say(`Nothing was sent. To go ahead: npm run deploy -- --network ${chain.name} --yes`)
    return false
  }
  say('Sending, then waiting for confirmations. If it breaks off, run the same command again …')
  return finish({ deployer, strategy, places: await sendContracts({ ...sending, places }) })
}

/** What is deployed must fit on a chain, and be what is kept for everybody to rebuild. */
function keptOfBuild(): Kept {
  for (const contract of CONTRACTS) refuseTooLong({ contract, artifact: readArtifact(contract) })
  const kept = readKept(standardJsonFolder())
  if (kept !== undefined && differingArtifacts(kept.hashes).length === 0) return kept
  throw new Error(
    'deployments/standard-json is not of these contracts, so nobody could rebuild what would be deployed. ' +
      'Run `npm run bytecode` and commit the result first.',
  )
}

async function chooseStrategy({
  title,
  provider,
}: PublicChain): Promise<DeploymentRecord['strategy']> {
  if (isCreateX(await provider.getCode(CREATE_X))) {
    say('Strategy create2: CreateX gives this deployer the same addresses on every chain.')
    return 'create2'
  }
  say(
    `Strategy basic: there is no CreateX on ${title}, so the addresses depend on what the deployer sent before.`,
  )
  return 'basic'
}

/** Names the price, and refuses an account that cannot pay it. */
async function checkMoney({
  chain,
  deployer,
  strategy,
  places: { implementation },
}: Sending & { places: Places }): Promise<void> {
  const { provider, title } = chain
  const book =
    implementation === undefined
      ? 'nothing'
      : await lookAt({ provider, address: implementation, contract: 'CouponBook' })
  const factory = initCodes.factory(implementation ?? deployer) // any address costs about the same
  const missing = book === 'ours' ? [factory] : [initCodes.book(), factory]
  const cost = await costOf({ chain, deployer, strategy, initCodes: missing })
  const balance = await provider.getBalance(deployer)
  say(`Deployer ${deployer}, with ${formatEther(balance)} ETH.`)
  say(`Transactions: ${missing.length}. Cost: ${costInWords(cost)}.`)
  if (balance >= cost.total) return
  throw new Error(
    `The deployer ${deployer} has ${formatEther(balance)} ETH on ${title}, and the deployment may cost ` +
      `up to ${formatEther(cost.total)} ETH. Send it what is missing and run the same command again. Nothing was sent.`,
  )
}

/** Checks what is on the chain now and writes it down. */
async function finishDeployment({
  chain: { provider, name, chainId },
  folder,
  kept,
  deployer,
  strategy,
  places,
}: {
  chain: PublicChain
  folder: string
  kept: Kept
  deployer: string
  strategy: DeploymentRecord['strategy']
  places: Places
}): Promise<boolean> {
  const { implementation = '', factory = '' } = places
  await checkDeployed({ provider, implementation, factory })
  const record = {
    chainId,
    implementation: getAddress(implementation),
    factory: getAddress(factory),
    firstBlock: await firstBlockOf({ provider, address: factory }),
    deployer,
    strategy,
  }
  await writeRecord({ folder, name, record, kept })
  say(`Book code  ${record.implementation}`)
  say(`Factory    ${record.factory}, since block ${record.firstBlock}`)
  say('Both are byte for byte what was built (immutables apart), belong together, and are locked.')
  say(
    `Written to deployments/${name}, protocol/src/published.ts and docs/deployments.md; commit them.`,
  )
  say(`Next: npm run verify -- --network ${name}`)
  return true
}

function say(line: string): void {
  console.log(line)
}
