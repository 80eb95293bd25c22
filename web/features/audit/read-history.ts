import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { AbiEvent } from 'abitype'
import type { Address } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { clientOf } from '../../chain/client.ts'
import { indexStateOf } from '../../chain/index-state.ts'
import { IndexerAwayError, indexedEvents } from '../../chain/indexer.ts'
import { logsSince } from '../../chain/logs.ts'
import type { AppConfig } from '../../chain/parse-config.ts'
import { entriesOf, type Entry, entryOf, withLater } from './history.ts'

/** All that happened in a book up to a block, and where it was read. */
export type History = { entries: Entry[]; toBlock: bigint; from: Source }

/** The index; or the chain itself, where there is no index for the book, or it is away, or so many blocks behind. */
export type Source =
  { kind: 'index' } | { kind: 'chain' } | { kind: 'away' } | { kind: 'behind'; blocks: bigint }

type Of = { config: AppConfig; book: Address }

const EVENTS: AbiEvent[] = couponBookAbi.filter((item) => item.type === 'event')
// What was read before is read again this far back: the newest blocks may be replaced by others.
const REREAD_BLOCKS = 32n

/** Reads a book's history, or what has been added to it: from the index where that is up to date, else from the chain. */
export async function readHistory({
  config,
  book,
  isFromChain,
  earlier,
}: Of & { isFromChain: boolean; earlier: History | undefined }) {
  const from = earlier === undefined ? 0n : earlier.toBlock - REREAD_BLOCKS
  const since = from > config.factoryBlock ? from : config.factoryBlock
  const head = await getBlockNumber(clientOf(config), { cacheTime: 0 })
  const reading = { config, book, since, head }
  const { later, toBlock, source } = isFromChain
    ? await readChain({ ...reading, source: { kind: 'chain' } })
    : await read(reading)
  const entries = withLater({ earlier: earlier?.entries ?? [], later, since })
  return { entries, toBlock, from: source } satisfies History
}

type Reading = { later: Entry[]; toBlock: bigint; source: Source }

async function read(reading: Of & { since: bigint; head: bigint }): Promise<Reading> {
  const { config, book, since, head } = reading
  const state = await indexStateOf({ config, book, head })
  const { indexerUrl, chainId } = config
  if (state.kind === 'behind') {
    return readChain({ ...reading, source: { kind: 'behind', blocks: state.blocks } })
  }
  if (state.kind !== 'index' || indexerUrl === undefined) {
    return readChain({ ...reading, source: state.kind === 'away' ? state : { kind: 'chain' } })
  }
  const { toBlock } = state
  if (toBlock < since) {
    return readChain({ ...reading, source: { kind: 'behind', blocks: head - toBlock } })
  }
  try {
    const index = { indexerUrl, chainId, book }
    const { logs, redemptions } = await indexedEvents({ ...index, fromBlock: since, toBlock })
    const later = [...entriesOf(logs), ...redemptions.map(entryOf)]
    return { later, toBlock, source: { kind: 'index' } }
  } catch (error) {
    if (!(error instanceof IndexerAwayError)) throw error
    return readChain({ ...reading, source: { kind: 'away' } })
  }
}

async function readChain({
  config,
  book,
  since,
  head,
  source,
}: Of & { since: bigint; head: bigint; source: Source }): Promise<Reading> {
  const client = clientOf(config)
  const later = entriesOf(
    await logsSince({ client, address: book, events: EVENTS, fromBlock: since }),
  )
  const newest = later[0]?.block ?? 0n
  return { later, toBlock: newest > head ? newest : head, source }
}
