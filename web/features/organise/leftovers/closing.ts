import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { queryOptions } from '@tanstack/react-query'
import { type Address, getAbiItem, type Hash, parseEventLogs, type TransactionReceipt } from 'viem'
import { getBlock } from 'viem/actions'
import type { Campaign, Counters } from '../../../chain/book-queries.ts'
import type { BookOf } from '../../../chain/book-reads.ts'
import { clientOf } from '../../../chain/client.ts'
import { logsSince } from '../../../chain/logs.ts'
import { writeCsv } from '../../../ui/write-csv.ts'

/** A campaign's closing statement as the chain has it; times in unix seconds. */
export type Closing = {
  campaignId: bigint
  issued: bigint
  redeemed: bigint
  revoked: bigint
  unused: bigint
  transaction: Hash
  block: bigint
  at: bigint
}

/** What a printed statement says: the chain's own closing, and what it is of. */
export type Statement = {
  book: Address
  bookName: string
  chainId: number
  campaign: Pick<Campaign, 'id' | 'name' | 'terms'>
  counters: Pick<Counters, 'standbyIssued' | 'standbyRevoked'>
  closing: Closing
  sites: readonly { site: number; redeemed: number }[]
}

const CLOSED = getAbiItem({ abi: couponBookAbi, name: 'CampaignClosed' })

/** The book's closing statements so far. */
export function closingsQuery({ config, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'closings', book],
    queryFn: async (): Promise<Closing[]> => {
      const client = clientOf(config)
      const fromBlock = config.factoryBlock
      const logs = await logsSince({ client, address: book, events: [CLOSED], fromBlock })
      return await Promise.all(
        logs.map(async ({ args, transactionHash: transaction, blockNumber: block }) => {
          const { timestamp: at } = await getBlock(client, { blockNumber: block })
          return { ...args, transaction, block, at }
        }),
      )
    },
    refetchInterval: 8_000,
  })
}

/** The statement's lines, each with its name: what the PDF and the CSV both say. */
export function linesOf({
  book,
  bookName,
  chainId,
  campaign: { id, name, terms },
  counters,
  closing,
  sites,
}: Statement): [string, string][] {
  return [
    ['Book', bookName],
    ['Address of the book', book],
    ['Chain', String(chainId)],
    ['Campaign', name],
    ['Number of the campaign', String(id)],
    ['Opened', utcText(terms.opensAt)],
    ['Closed', utcText(terms.closesAt)],
    ['Settled until', utcText(terms.closesAt + terms.grace)],
    ['Supply', String(terms.supply)],
    ['Issued', String(closing.issued)],
    ['Redeemed', String(closing.redeemed)],
    ['Revoked', String(closing.revoked)],
    ['Unused', String(closing.unused)],
    ['Of the issued, standby', String(counters.standbyIssued)],
    ['Of the revoked, standby', String(counters.standbyRevoked)],
    ...sites.map(({ site, redeemed }): [string, string] => [
      site === 0 ? 'Redeemed, no site named' : `Redeemed at site ${site}`,
      String(redeemed),
    ]),
    ['Closing transaction', closing.transaction],
    ['Closing block', String(closing.block)],
    ['Closed on the chain', utcText(closing.at)],
  ]
}

/** The statement as a CSV file: a line and its value in each row. */
export function closingCsv(statement: Statement): string {
  return writeCsv([['Line', 'Value'], ...linesOf(statement)])
}

/** What a mined `close` has come to, by its own events. */
export function closedWords({ logs }: Pick<TransactionReceipt, 'logs'>): string {
  const [event] = parseEventLogs({
    abi: couponBookAbi,
    eventName: ['CampaignClosed', 'ShardsCounted'],
    logs,
  })
  return event?.eventName === 'CampaignClosed'
    ? 'Closed. The statement stands on the chain; save it below.'
    : 'Counted in part. It is a large campaign: do it again for the rest.'
}

/** Whether a campaign can be closed, or what it waits for; `now` in unix seconds. */
export function closingStateOf({
  campaign: { terms, pausedAt },
  counters,
  now,
}: {
  campaign: Pick<Campaign, 'terms' | 'pausedAt'>
  counters: Pick<Counters, 'isClosed'>
  now: number
}): 'closed' | 'paused' | 'too-early' | 'due' {
  if (counters.isClosed) return 'closed'
  if (pausedAt !== 0n) return 'paused'
  return now < Number(terms.closesAt + terms.grace) ? 'too-early' : 'due'
}

/** "2026-02-14 06:30 UTC": the same on every machine. */
function utcText(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
