import { configVariable } from 'hardhat/config'
import { type ConfigurationVariable } from 'hardhat/types/config'

/** A public chain, as Hardhat wants to hear of it; who its node is and who pays is asked for only when needed. */
export type PublicNetwork = {
  type: 'http'
  chainId: number
  chainType: 'l1' | 'op' | 'generic'
  url: ConfigurationVariable
  accounts: ConfigurationVariable[]
}

/** The public chains that we deploy to, by the names that `--network` knows. */
export const publicNetworks = {
  sepolia: network({ chainId: 11155111, chainType: 'l1', url: 'SEPOLIA_RPC_URL' }),
  baseSepolia: network({ chainId: 84532, chainType: 'op', url: 'BASE_SEPOLIA_RPC_URL' }),
  optimismSepolia: network({ chainId: 11155420, chainType: 'op', url: 'OPTIMISM_SEPOLIA_RPC_URL' }),
  arbitrumSepolia: network({
    chainId: 421614,
    chainType: 'generic',
    url: 'ARBITRUM_SEPOLIA_RPC_URL',
  }),
  mainnet: network({ chainId: 1, chainType: 'l1', url: 'MAINNET_RPC_URL' }),
  base: network({ chainId: 8453, chainType: 'op', url: 'BASE_RPC_URL' }),
  optimism: network({ chainId: 10, chainType: 'op', url: 'OPTIMISM_RPC_URL' }),
  arbitrum: network({ chainId: 42161, chainType: 'generic', url: 'ARBITRUM_RPC_URL' }),
} satisfies Record<string, PublicNetwork>

/** The name of a public chain in the table. */
export type NetworkName = keyof typeof publicNetworks

/** The network that `--network` names; anything else is refused with the names there are. */
export function networkNamed(name: string | undefined): NetworkName {
  if (name !== undefined && isNetworkName(name)) return name
  const asked = name === undefined ? 'Say which chain' : `There is no network "${name}"`
  const names = Object.keys(publicNetworks).join(', ')
  throw new Error(`${asked}: --network with one of ${names}. (npm start serves the local one.)`)
}

/** Whether a word names a public chain in the table. */
export function isNetworkName(word: string): word is NetworkName {
  return Object.hasOwn(publicNetworks, word)
}

function network({
  chainId,
  chainType,
  url,
}: Pick<PublicNetwork, 'chainId' | 'chainType'> & { url: string }): PublicNetwork {
  // The key is asked for by one name everywhere, so that one deployer has the same addresses everywhere.
  const accounts = [configVariable('DEPLOYER_KEY')]
  return { type: 'http', chainId, chainType, url: configVariable(url), accounts }
}
