import type { Address } from 'abitype'
import { published } from './published.ts'

/** Where our contracts live on one chain, and the first block worth reading there. */
export type Deployment = { factory: Address; implementation: Address; firstBlock: number }

/** The chain that `npm start` runs on this machine. */
export const LOCAL_CHAIN_ID = 31337

/** Chain id to addresses. */
export const deployments: Record<number, Deployment> = {
  ...published,
  // The first two contracts of the local chain's first account: the same at every start.
  [LOCAL_CHAIN_ID]: {
    implementation: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    factory: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
    firstBlock: 0,
  },
}

/** What people call a chain. */
export const chainNames: Record<number, string> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  100: 'Gnosis',
  137: 'Polygon',
  8453: 'Base',
  42161: 'Arbitrum One',
  84532: 'Base Sepolia',
  421614: 'Arbitrum Sepolia',
  11155111: 'Sepolia',
  11155420: 'OP Sepolia',
  [LOCAL_CHAIN_ID]: 'Local chain',
}

/** What people call a chain, or its number where they call it nothing. */
export function chainNameOf(chainId: number): string {
  return chainNames[chainId] ?? `Chain ${chainId}`
}
