import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { type Address, getAddress, isAddress } from 'viem'
import { mapStyleUrlOf } from './map-style-url.ts'
import { walletConnectOf, type WalletConnectSettings } from './wallet-connect-settings.ts'

/** What the app must know to run: where the chain, the factory, the oracle and the indexer are. */
export type AppConfig = {
  chainId: number
  rpcUrl: string
  factory: Address
  factoryBlock: bigint
  oracleUrl: string
  /** Who sends what holders have signed and pays for it; without it they hand it over, or pay themselves. */
  relayerUrl: string | undefined
  /** Where the books' events are indexed; without it pages read them from the chain. */
  indexerUrl: string | undefined
  explorerUrl: string | undefined
  /** Of the organiser's map; without it a plain grid. */
  mapStyleUrl: string | undefined
  /** Wallets on phones are offered; without it nobody is asked about them, and nothing of them is loaded. */
  walletConnect: WalletConnectSettings | undefined
  /** The demo accounts are offered: on the local chain, and only when asked for. */
  isDemo: boolean
}

/** Reads the configuration from an environment; every missing or wrong variable is named. */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: AppConfig } | { ok: false; problems: string[] } {
  const problems: string[] = []
  const urlOf = (name: string) => {
    const text = env[name]
    if (text && URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/$/, '')
    problems.push(`${name} must be an http(s) address${text ? `, not "${text}"` : ''}.`)
    return ''
  }
  const numberOf = (name: string) => {
    const text = env[name] ?? ''
    if (/^\d{1,15}$/.test(text)) return Number(text)
    problems.push(`${name} must be a whole number${text ? `, not "${text}"` : ''}.`)
    return 0
  }
  const optionalUrlOf = (name: string) => (env[name] ? urlOf(name) : undefined)
  const styleText = env.MAP_STYLE_URL === 'none' ? 'none' : optionalUrlOf('MAP_STYLE_URL')

  const factory = env.FACTORY_ADDRESS ?? ''
  if (!isAddress(factory)) problems.push('FACTORY_ADDRESS must be an address (0x and 40 digits).')
  const chainId = numberOf('CHAIN_ID')
  const walletConnect = walletConnectOf(env)
  problems.push(...walletConnect.problems)
  const config = {
    chainId,
    rpcUrl: urlOf('RPC_URL'),
    factory: isAddress(factory) ? getAddress(factory) : ('0x' as const),
    factoryBlock: BigInt(numberOf('FACTORY_BLOCK')),
    oracleUrl: urlOf('ORACLE_URL'),
    relayerUrl: optionalUrlOf('RELAYER_URL'),
    indexerUrl: optionalUrlOf('INDEXER_URL'),
    explorerUrl: optionalUrlOf('EXPLORER_URL'),
    mapStyleUrl: mapStyleUrlOf(styleText),
    walletConnect: walletConnect.settings,
    isDemo: env.DEMO === '1' && chainId === LOCAL_CHAIN_ID,
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}
