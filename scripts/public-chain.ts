import { chainNames } from '@coupon-secure/protocol/deployments'
import { computeAddress, FetchRequest, JsonRpcProvider } from 'ethers'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { type HttpNetworkConfig } from 'hardhat/types/config'
import { type HardhatRuntimeEnvironment } from 'hardhat/types/hre'
import config from '../hardhat.config.ts'
import { inRoot } from './folders.ts'
import { publicNetworks, type NetworkName, type PublicNetwork } from './networks.ts'
import { readSecret } from './secrets.ts'

const PATIENCE_MS = 30_000

/** A public chain that answers, and is the one it should be. */
export type PublicChain = {
  name: NetworkName
  /** What people call it. */
  title: string
  chainId: number
  chainType: PublicNetwork['chainType']
  hardhat: HardhatRuntimeEnvironment
  provider: JsonRpcProvider
}

/** Hardhat's world with this network chosen and Ignition's journal in `ignitionFolder`. */
export async function hardhatFor({
  name,
  ignitionFolder,
  isReading = false,
}: {
  name: NetworkName
  ignitionFolder?: string
  /** Nothing will be sent, so no key is asked for. */
  isReading?: boolean
}): Promise<HardhatRuntimeEnvironment> {
  const { accounts, ...network } = publicNetworks[name]
  const paths = { ...config.paths, ...(ignitionFolder ? { ignition: ignitionFolder } : {}) }
  const networks = { ...config.networks, [name]: isReading ? network : { ...network, accounts } }
  return createHardhatRuntimeEnvironment(
    { ...config, paths, networks },
    { network: name },
    inRoot(),
  )
}

/** Asks the node that the operator names for its chain id, and trusts it only if it is the right one. */
export async function reachChain({
  name,
  hardhat,
}: {
  name: NetworkName
  hardhat: HardhatRuntimeEnvironment
}): Promise<PublicChain> {
  const { chainId, chainType, url } = publicNetworks[name]
  const title = chainNames[chainId] ?? name
  const rpcUrl = await readSecret({
    variable: httpConfigOf({ name, hardhat }).url,
    name: url.name,
    what: `the address of a node of ${title}`,
  })
  if (!/^https?:/.test(rpcUrl) || !URL.canParse(rpcUrl)) {
    throw new Error(`${url.name} holds no address that begins with http:// or https://.`)
  }
  const request = new FetchRequest(rpcUrl)
  request.timeout = PATIENCE_MS
  const options = { staticNetwork: true, batchMaxCount: 1 } // many public nodes refuse batches
  const provider = new JsonRpcProvider(request, chainId, options)
  const found = await provider.send('eth_chainId', []).then(Number, (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`No chain answers at the address in ${url.name}: ${reason}`, { cause })
  })
  if (found !== chainId) {
    throw new Error(
      `${url.name} leads to a chain with the id ${found}, but ${title} has ${chainId}. Nothing was sent.`,
    )
  }
  return { name, title, chainId, chainType, hardhat, provider }
}

/** The account that pays for a deployment, from its key. */
export async function readDeployer({ name, hardhat }: PublicChain): Promise<string> {
  const { accounts } = httpConfigOf({ name, hardhat })
  const [variable] = Array.isArray(accounts) ? accounts : []
  const [{ name: secret } = { name: '' }] = publicNetworks[name].accounts
  if (variable === undefined) throw new Error(`No account is configured for ${name}.`)
  const key = await readSecret({
    variable,
    name: secret,
    what: 'the private key of the account that pays',
  })
  if (!/^(0x)?[0-9a-f]{64}$/i.test(key)) {
    throw new Error(`${secret} holds no private key: 32 bytes in hexadecimal are wanted.`)
  }
  return computeAddress(key.startsWith('0x') ? key : `0x${key}`)
}

function httpConfigOf({
  name,
  hardhat,
}: {
  name: NetworkName
  hardhat: HardhatRuntimeEnvironment
}): HttpNetworkConfig {
  const network = hardhat.config.networks[name]
  if (network?.type !== 'http') throw new Error(`${name} is no network over HTTP.`)
  return network
}
