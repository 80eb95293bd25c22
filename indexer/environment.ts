import path from 'node:path'
import { getAddress, type Address } from 'viem'

/** What the indexer is told: which chain it reads, from which factory's books, and where it keeps what it read. */
export type Environment = {
  rpcUrls: string[]
  chainId: number
  factory: Address
  /** Nothing of ours is on the chain before it. */
  firstBlock: number
  database: { kind: 'postgres'; connectionString: string } | { kind: 'pglite'; directory: string }
}

/** Reads the environment once; what is missing or wrong is named. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const { RPC_URL = '', FACTORY_ADDRESS = '', DATABASE_URL, DATA_DIR = '.ponder/pglite' } = env
  const rpcUrls = RPC_URL.split(',').filter((url) => url !== '')
  if (rpcUrls.length === 0) throw new Error('RPC_URL names no node.')
  return {
    rpcUrls,
    chainId: wholeNumber({ name: 'CHAIN_ID', text: env.CHAIN_ID }),
    factory: getAddress(FACTORY_ADDRESS),
    firstBlock: wholeNumber({ name: 'FACTORY_BLOCK', text: env.FACTORY_BLOCK }),
    database: DATABASE_URL
      ? { kind: 'postgres', connectionString: DATABASE_URL }
      : { kind: 'pglite', directory: path.resolve(DATA_DIR) },
  }
}

function wholeNumber({ name, text = '' }: { name: string; text: string | undefined }): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${name} is no whole number: "${text}".`)
  return Number(text)
}
