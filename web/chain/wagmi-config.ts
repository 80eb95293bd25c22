import { http } from 'viem'
import { type Config, createConfig, createStorage } from 'wagmi'
import { injected } from 'wagmi/connectors/injected'
import { chainOf, clientOf } from './client.ts'
import { demoConnector } from './demo-connector.ts'
import type { AppConfig } from './parse-config.ts'
import { walletConnectConnector } from './wallet-connect-connector.ts'
import { LATE_MILLISECONDS } from './wallets-here.ts'

const known = new Map<string, Config>()

// wagmi's own memory of what was connected: `wallet.ts` notes that, so that it is known before wagmi is loaded.
const CONNECTIONS = 'wagmi.store'

/**
 * wagmi for one chain, made at run time: every wallet that announces itself, the one that is only put into the window, and the
 * demo's where allowed. The browser has one for all pages, the server another for each drawing.
 */
export function wagmiOf(config: AppConfig): Config {
  if (typeof window === 'undefined') return make(config)
  const wagmi = known.get(config.rpcUrl) ?? make(config)
  known.set(config.rpcUrl, wagmi)
  return wagmi
}

function make(config: AppConfig): Config {
  const { chainId, walletConnect } = config
  return createConfig({
    chains: [chainOf(config)],
    client: () => clientOf(config),
    storage: createStorage({ storage: { getItem, setItem, removeItem } }),
    connectors: [
      injected({ unstable_shimAsyncInject: LATE_MILLISECONDS }),
      ...(walletConnect
        ? [
            walletConnectConnector({
              settings: walletConnect,
              chainId,
              read: http(config.rpcUrl)({}).request,
            }),
          ]
        : []),
      ...(config.isDemo ? [demoConnector({ rpcUrl: config.rpcUrl })] : []),
    ],
  })
}

function getItem(key: string): string | null {
  try {
    return key === CONNECTIONS ? null : localStorage.getItem(key)
  } catch {
    return null
  }
}

function setItem(key: string, text: string): void {
  try {
    if (key !== CONNECTIONS) localStorage.setItem(key, text)
  } catch {
    // A browser that keeps nothing: the wallet is asked again next time.
  }
}

function removeItem(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing is kept there either way.
  }
}
