import type { Address } from 'viem'
import { IndexerAwayError, indexedBlock } from './indexer.ts'
import type { AppConfig } from './parse-config.ts'

/** How the index stands: of use up to a block; none for this book; silent; or so many blocks behind. */
export type IndexState =
  | { kind: 'index'; toBlock: bigint }
  | { kind: 'chain' }
  | { kind: 'away' }
  | { kind: 'behind'; blocks: bigint; toBlock: bigint }

const MOST_BEHIND = 10n // blocks: what an index that follows well may lag for a moment

/** Asks the index how far it has come with a book, where the chain's newest block is `head`. */
export async function indexStateOf({
  config: { indexerUrl, chainId },
  book,
  head,
}: {
  config: Pick<AppConfig, 'indexerUrl' | 'chainId'>
  book: Address
  head: bigint
}): Promise<IndexState> {
  if (indexerUrl === undefined) return { kind: 'chain' }
  try {
    const toBlock = await indexedBlock({ indexerUrl, chainId, book })
    if (toBlock === undefined) return { kind: 'chain' }
    const isBehind = toBlock + MOST_BEHIND < head
    return isBehind
      ? { kind: 'behind', blocks: head - toBlock, toBlock }
      : { kind: 'index', toBlock }
  } catch (error) {
    if (!(error instanceof IndexerAwayError)) throw error
    return { kind: 'away' }
  }
}
