import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { queryOptions } from '@tanstack/react-query'
import { getAbiItem } from 'viem'
import { getBlockNumber } from 'viem/actions'
import type { BookOf } from '../../../chain/book-reads.ts'
import { clientOf } from '../../../chain/client.ts'
import { type IndexState, indexStateOf } from '../../../chain/index-state.ts'
import { IndexerAwayError, type Minute, redemptionsByMinute } from '../../../chain/indexer.ts'
import { logsSince } from '../../../chain/logs.ts'

/** A book's redemptions by campaign, site and minute, and where they were read. */
export type Pace = {
  /** `since` is 0 for those of which the node did not say when they happened. */
  minutes: Minute[]
  from: IndexState
  toBlock: bigint
  /** What the chain told one by one, to be added to. */
  redemptions: Redemption[]
}

type Redemption = { campaignId: bigint; site: number; block: bigint; at: bigint | undefined }

const REDEEMED = getAbiItem({ abi: couponBookAbi, name: 'CouponRedeemed' })
// Read again so far back, since the newest blocks may be replaced by others.
const REREAD_SECONDS = 900n
const REREAD_BLOCKS = 32n
const MINUTE = 60n

/** A book's redemptions by minute: from the index where that is up to date, else from the chain. */
export function paceQuery({ config, book }: BookOf) {
  const queryKey = ['chain', config.chainId, 'pace', book] as const
  return queryOptions({
    queryKey,
    queryFn: ({ client: queries }) =>
      readPace({ config, book, earlier: queries.getQueryData<Pace>(queryKey) }),
    refetchInterval: 4_000,
    structuralSharing: false, // thousands of rows are replaced, not compared
  })
}

/** Reads a book's redemptions by minute, or what has been added to an earlier reading. */
export async function readPace({
  config,
  book,
  earlier,
}: BookOf & { earlier: Pace | undefined }): Promise<Pace> {
  const head = await getBlockNumber(clientOf(config), { cacheTime: 0 })
  const from = await indexStateOf({ config, book, head })
  const { indexerUrl, chainId } = config
  if (from.kind !== 'index' || indexerUrl === undefined) {
    return readChain({ config, book, earlier, head, from })
  }
  const known = earlier?.from.kind === 'index' ? earlier.minutes : []
  const newest = known.reduce((latest, { since }) => (since > latest ? since : latest), 0n)
  const since = newest > REREAD_SECONDS ? newest - REREAD_SECONDS : 0n
  try {
    const later = await redemptionsByMinute({ indexerUrl, chainId, book, since })
    const minutes = [...known.filter((minute) => minute.since < since), ...later]
    return { minutes, from, toBlock: from.toBlock, redemptions: [] }
  } catch (error) {
    if (!(error instanceof IndexerAwayError)) throw error
    return readChain({ config, book, earlier, head, from: { kind: 'away' } })
  }
}

async function readChain({
  config,
  book,
  earlier,
  head,
  from,
}: BookOf & { earlier: Pace | undefined; head: bigint; from: IndexState }): Promise<Pace> {
  const known = earlier?.redemptions ?? []
  const reread = known.length > 0 && earlier ? earlier.toBlock - REREAD_BLOCKS : 0n
  const since = reread > config.factoryBlock ? reread : config.factoryBlock
  const logs = await logsSince({
    client: clientOf(config),
    address: book,
    events: [REDEEMED],
    fromBlock: since,
  })
  const later = logs.map(({ args: { campaignId, site }, blockNumber: block, blockTimestamp }) => {
    return { campaignId, site, block, at: blockTimestamp ?? undefined }
  })
  const redemptions = [...known.filter(({ block }) => block < since), ...later]
  return { minutes: minutesOf(redemptions), from, toBlock: head, redemptions }
}

/** Redemptions gathered by campaign, site and minute, oldest first. */
export function minutesOf(redemptions: readonly Redemption[]): Minute[] {
  const found = new Map<string, Minute>()
  for (const { campaignId, site, at } of redemptions) {
    const since = at === undefined ? 0n : at - (at % MINUTE)
    const key = `${campaignId}.${site}.${since}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { campaignId, site, since, redeemed: 1 })
    else known.redeemed += 1
  }
  return [...found.values()].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
}
