import { createConfig } from 'wagmi'
import { chainOf, clientOf } from './client.ts'
import { demoConnector } from './demo-connector.ts'
import type { AppConfig } from './parse-config.ts'

/** wagmi for one chain, made at run time: every wallet that announces itself, and the demo's where allowed. */
export function wagmiConfigOf(config: AppConfig) {
  return createConfig({
    chains: [chainOf(config)],
    client: () => clientOf(config),
    connectors: config.isDemo ? [demoConnector({ rpcUrl: config.rpcUrl })] : [],
    // The server draws the page without a wallet; the browser reconnects after that.
    ssr: true,
  })
}
