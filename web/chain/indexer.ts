import { type Address, getAddress, type Hash, type Hex, type Log, zeroHash } from 'viem'

const PATIENCE_MS = 5_000
const PAGE = 1_000 // the most rows that one answer has

/** Where the indexer is, and of which chain and book it is asked. */
export type Indexed = { indexerUrl: string; chainId: number; book: Address; fetch?: typeof fetch }

/** A redemption as the index has it; `at` in unix seconds. */
export type IndexedRedemption = {
  campaignId: bigint
  serial: bigint
  holder: Address
  site: number
  block: bigint
  index: number
  at: bigint
  transaction: Hash
}

/** How many coupons of a campaign were redeemed at a site in the minute that begins at `since`, unix seconds. */
export type Minute = { campaignId: bigint; site: number; since: bigint; redeemed: number }

/** An item that a batch skipped; `why` is the contract's error, `at` in unix seconds. */
export type IndexedRefusal = {
  campaignId: bigint
  serial: bigint
  why: Hex
  at: bigint
  transaction: Hash
}

/** What a witness of a book did so far; `lastVouchedAt` in unix seconds. */
export type WitnessUse = { key: Address; vouched: number; lastVouchedAt: bigint | undefined }

/** The indexer did not answer, or not as ours does: read the chain instead. */
export class IndexerAwayError extends Error {
  override name = 'IndexerAwayError'
}

/** The block that the index has come to; undefined where it does not know the book, as of another factory's. */
export async function indexedBlock({ indexerUrl, chainId, book, fetch }: Indexed) {
  const query = `{ _meta { status } book(address: "${book.toLowerCase()}") { address } }`
  const { _meta, book: known } = await ask<{
    _meta: { status: Record<string, { id: number; block: { number: number } }> }
    book: object | null
  }>({ indexerUrl, query, fetch })
  const chain = Object.values(_meta.status).find(({ id }) => id === chainId)
  if (chain === undefined) throw new IndexerAwayError('The indexer reads another chain.')
  return known === null ? undefined : BigInt(chain.block.number)
}

/** What happened in a book from one block to another: redemptions, and every other event as the chain has it. */
export async function indexedEvents({
  fromBlock,
  toBlock,
  ...of
}: Indexed & { fromBlock: bigint; toBlock: bigint }): Promise<{
  logs: Log[]
  redemptions: IndexedRedemption[]
}> {
  const range = {
    ...of,
    where: `block_gte: "${fromBlock}", block_lte: "${toBlock}"`,
    order: 'block',
  }
  type Place = { block: string; logIndex: number; at: string; transaction: Hash }
  type LogRow = Place & { topics: Log['topics']; data: Hex }
  type RedemptionRow = Place & { campaignId: string; serial: string; holder: Address; site: number }
  const [logs, redemptions] = await Promise.all([
    rowsOf<LogRow>({
      ...range,
      table: 'logs',
      fields: 'block logIndex at transaction topics data',
    }),
    rowsOf<RedemptionRow>({
      ...range,
      table: 'redemptions',
      fields: 'block logIndex at transaction campaignId serial holder site',
    }),
  ])
  return {
    logs: logs.map(({ block, logIndex, at, transaction, topics, data }) => ({
      address: of.book,
      ...{ topics, data, logIndex, transactionHash: transaction },
      ...{ blockNumber: BigInt(block), blockTimestamp: BigInt(at) },
      ...{ blockHash: zeroHash, transactionIndex: 0, removed: false }, // which nobody asks for
    })),
    redemptions: redemptions.map(({ block, logIndex, at, transaction, ...row }) => ({
      campaignId: BigInt(row.campaignId),
      serial: BigInt(row.serial),
      holder: getAddress(row.holder),
      site: row.site,
      ...{ block: BigInt(block), index: logIndex, at: BigInt(at), transaction },
    })),
  }
}

/** A book's redemptions by minute, oldest first, since a moment in unix seconds. */
export async function redemptionsByMinute({
  since,
  ...of
}: Indexed & { since: bigint }): Promise<Minute[]> {
  const rows = await rowsOf<{ campaignId: string; site: number; since: string; redeemed: number }>({
    ...of,
    where: `since_gte: "${since}"`,
    order: 'since',
    table: 'minutes',
    fields: 'campaignId site since redeemed',
  })
  return rows.map((row) => {
    return { ...row, campaignId: BigInt(row.campaignId), since: BigInt(row.since) }
  })
}

/** The items that batches skipped last, newest first. */
export async function newestRefusals({
  most,
  indexerUrl,
  book,
  fetch,
}: Indexed & { most: number }): Promise<IndexedRefusal[]> {
  type Row = { campaignId: string; serial: string; why: Hex; at: string; transaction: Hash }
  const filter = `where: { book: "${book.toLowerCase()}" }, orderBy: "block", orderDirection: "desc", limit: ${most}`
  const query = `{ page: refusals(${filter}) { items { campaignId serial why at transaction } } }`
  const { page } = await ask<{ page: { items: Row[] } }>({ indexerUrl, query, fetch })
  return page.items.map(({ campaignId, serial, at, ...row }) => {
    return { ...row, campaignId: BigInt(campaignId), serial: BigInt(serial), at: BigInt(at) }
  })
}

/** How often each witness of a book vouched for a redemption, and when last. */
export async function witnessUses(of: Indexed): Promise<WitnessUse[]> {
  const rows = await rowsOf<{ key: Address; vouched: number; lastVouchedAt: string | null }>({
    ...of,
    where: '',
    order: 'key',
    table: 'witnesss',
    fields: 'key vouched lastVouchedAt',
  })
  return rows.map(({ key, vouched, lastVouchedAt }) => ({
    key: getAddress(key),
    vouched,
    lastVouchedAt: lastVouchedAt === null ? undefined : BigInt(lastVouchedAt),
  }))
}

/** Calls back whenever the index has come to another block, until it is told to stop. */
export function onIndexedBlock({
  indexerUrl,
  then,
}: {
  indexerUrl: string
  then: () => void
}): () => void {
  const sql = JSON.stringify({
    json: { sql: 'select latest_checkpoint from _ponder_checkpoint', params: [] },
  })
  const live = new EventSource(`${indexerUrl}/sql/live?${new URLSearchParams({ sql }).toString()}`)
  live.addEventListener('message', then)
  return () => live.close()
}

/** All rows of a table for one book, page by page. */
async function rowsOf<Row>({
  table,
  fields,
  where,
  order,
  ...of
}: Indexed & { table: string; fields: string; where: string; order: string }): Promise<Row[]> {
  const rows: Row[] = []
  const filter = `where: { book: "${of.book.toLowerCase()}", ${where} }, orderBy: "${order}", limit: ${PAGE}`
  for (let after: string | null = ''; after !== null;) {
    const place: string = after === '' ? '' : `, after: "${after}"`
    const query = `{ page: ${table}(${filter}${place}) { items { ${fields} } pageInfo { hasNextPage endCursor } } }`
    type Page = { items: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
    const { page } = await ask<{ page: Page }>({ ...of, query })
    rows.push(...page.items)
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  }
  return rows
}

async function ask<Data>({
  indexerUrl,
  query,
  fetch: fetch_ = fetch,
}: {
  indexerUrl: string
  query: string
  fetch?: typeof fetch | undefined
}): Promise<Data> {
  try {
    const response = await fetch_(`${indexerUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { data } = (await response.json()) as { data?: Data | null }
    if (data) return data
  } catch (cause) {
    throw new IndexerAwayError('The indexer does not answer.', { cause })
  }
  throw new IndexerAwayError('The indexer answers with something else.')
}
