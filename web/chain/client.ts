import { chainNameOf, LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { createClient, defineChain, http } from 'viem'
import type { AppConfig } from './parse-config.ts'

/** The chain that the configuration names. */
export function chainOf(config: AppConfig) {
  return defineChain({
    id: config.chainId,
    name: chainNameOf(config.chainId),
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [config.rpcUrl] } },
    ...(config.explorerUrl && {
      blockExplorers: { default: { name: 'Explorer', url: config.explorerUrl } },
    }),
  })
}

/** The reader of the configured chain, one for each configuration; wagmi's hooks use the same. */
export function clientOf(config: AppConfig): ChainClient {
  const known = clients.get(config.rpcUrl)
  if (known !== undefined) return known
  const client = makeClient(config)
  clients.set(config.rpcUrl, client)
  return client
}

/** A viem client without actions: what a page does not use, it does not load. */
export type ChainClient = ReturnType<typeof makeClient>

const clients = new Map<string, ChainClient>()

function makeClient(config: AppConfig) {
  return createClient({
    chain: chainOf(config),
    transport: http(config.rpcUrl, { batch: { wait: 10 }, timeout: 15_000, retryCount: 2 }),
    pollingInterval: config.chainId === LOCAL_CHAIN_ID ? 500 : 3_000,
  })
}
