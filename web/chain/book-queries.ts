import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import {
  FIRST_STANDBY_SHARD,
  rootOf,
  type Shard,
  shardsOfIssue,
} from '@coupon-secure/protocol/coupon'
import { queryOptions } from '@tanstack/react-query'
import { type Address, getAbiItem, getAddress, type Hash, type Hex, isAddressEqual } from 'viem'
import {
  type BookOf,
  readCounters,
  readLedger,
  readPausedAt,
  readSupplyLeft,
  readTerms,
  readWitness,
} from './book-reads.ts'
import { clientOf } from './client.ts'
import { logsSince } from './logs.ts'
import type { AppConfig } from './parse-config.ts'

/** A book as the factory announced it. */
export type Book = {
  address: Address
  creator: Address
  name: string
  blockNumber: bigint
  transactionHash: Hash
}

/** A campaign with its current terms; times in unix seconds. */
export type Campaign = {
  id: bigint
  name: string
  details: string
  terms: Terms
  /** Since when it is paused, unix seconds; 0 where it is not. */
  pausedAt: bigint
}

/** What a campaign promises, as the contract says it. */
export type Terms = Awaited<ReturnType<typeof readTerms>>

/** The campaign's own counters, as the contract says them. */
export type Counters = Awaited<ReturnType<typeof readCounters>>

/** The campaign's count, as the contract says it. */
export type Ledger = { issued: bigint; redeemed: bigint; revoked: bigint; unused: bigint }

/** A witness that the book has; times in unix seconds. */
export type BookWitness = Awaited<ReturnType<typeof readWitness>>

const CAMPAIGN_CREATED = getAbiItem({ abi: couponBookAbi, name: 'CampaignCreated' })
const ISSUED = getAbiItem({ abi: couponBookAbi, name: 'Issued' })
const WITNESS_ADDED = getAbiItem({ abi: couponBookAbi, name: 'WitnessAdded' })
const BOOK_CREATED = getAbiItem({ abi: couponBookFactoryAbi, name: 'BookCreated' })

/** Every book that the configured factory made, newest first. */
export function booksQuery(config: AppConfig) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'books', config.factory],
    queryFn: async (): Promise<Book[]> => {
      const logs = await logsSince({
        client: clientOf(config),
        address: config.factory,
        events: [BOOK_CREATED],
        fromBlock: config.factoryBlock,
      })
      return logs
        .map(({ args, blockNumber, transactionHash }) => ({
          address: getAddress(args.book),
          creator: getAddress(args.creator),
          name: args.name,
          blockNumber,
          transactionHash,
        }))
        .reverse()
    },
    refetchInterval: 8_000,
  })
}

/** The book at an address, or null where the configured factory made none there. */
export function bookQuery({ config, book }: BookOf) {
  return queryOptions({
    ...booksQuery(config),
    select: (books: Book[]) => books.find(({ address }) => isAddressEqual(address, book)) ?? null,
  })
}

/** The book's campaigns with their current terms, by number. */
export function campaignsQuery({ config, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'campaigns', book],
    queryFn: async (): Promise<Campaign[]> => {
      const logs = await logsSince({
        client: clientOf(config),
        address: book,
        events: [CAMPAIGN_CREATED],
        fromBlock: config.factoryBlock,
      })
      return await Promise.all(
        logs.map(async ({ args: { campaignId, name, details } }) => {
          const asked = { config, book, campaignId }
          const [terms, pausedAt] = await Promise.all([readTerms(asked), readPausedAt(asked)])
          return { id: campaignId, name, details, terms, pausedAt }
        }),
      )
    },
    refetchInterval: 6_000,
  })
}

/** The campaign's counters: cheap, and they change with every issue and release. */
export function countersQuery({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'counters', book, String(campaignId)],
    queryFn: () => readCounters({ config, book, campaignId }),
    refetchInterval: 4_000,
  })
}

/** How many coupons the campaign could still issue. */
export function supplyLeftQuery({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'supply-left', book, String(campaignId)],
    queryFn: () => readSupplyLeft({ config, book, campaignId }),
    refetchInterval: 4_000,
  })
}

/** All shards of the book, rebuilt from `Issued`, by campaign and number. */
export function shardsQuery({ config, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'shards', book],
    queryFn: () => readShards({ config, book }),
    refetchInterval: 10_000,
    // A list of ten thousand addresses is compared by nobody; it is replaced.
    structuralSharing: false,
  })
}

/** The campaign's live count, from the contract's own `ledger`, which checks the roots it is given. */
export function ledgerQuery({ config, book, campaignId }: BookOf & { campaignId: bigint }) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'ledger', book, String(campaignId)],
    queryFn: async (): Promise<Ledger> => {
      const roots = await uncountedRoots({ config, book, campaignId })
      return await readLedger({ config, book, campaignId, roots })
    },
    refetchInterval: 4_000,
  })
}

/** The book's witnesses as they stand now; removed ones are left out. */
export function witnessesQuery({ config, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'witnesses', book],
    queryFn: async (): Promise<BookWitness[]> => {
      const logs = await logsSince({
        client: clientOf(config),
        address: book,
        events: [WITNESS_ADDED],
        fromBlock: config.factoryBlock,
      })
      const keys = [...new Set(logs.map(({ args }) => args.key))]
      const found = await Promise.all(keys.map((key) => readWitness({ config, book, key })))
      return found.filter(({ classes }) => classes !== 0)
    },
    refetchInterval: 15_000,
  })
}

/** The shards of the book as its events say, in order. */
export async function readShards({ config, book }: BookOf): Promise<Shard[]> {
  const logs = await logsSince({
    client: clientOf(config),
    address: book,
    events: [ISSUED],
    fromBlock: config.factoryBlock,
  })
  return logs
    .flatMap(({ args }) => shardsOfIssue(args))
    .sort((a, b) => Number(a.campaignId - b.campaignId) || Number(a.index - b.index))
}

// Roots never change once issued, so they are hashed once for each page.
const knownRoots = new Map<string, readonly Hex[]>()

/** The roots of the campaign's shards that were not counted yet, in order, as `ledger`, `release` and `close` want them. */
export async function uncountedRoots({
  config,
  book,
  campaignId,
}: BookOf & { campaignId: bigint }): Promise<readonly Hex[]> {
  const { shards: count, shardsCounted } = await readCounters({ config, book, campaignId })
  const key = `${config.chainId}.${book}.${campaignId}`
  let roots = knownRoots.get(key) ?? []
  if (BigInt(roots.length) !== count) {
    const shards = await readShards({ config, book })
    roots = shards
      .filter((shard) => shard.campaignId === campaignId && shard.index < FIRST_STANDBY_SHARD)
      .map(rootOf)
    knownRoots.set(key, roots)
  }
  return roots.slice(Number(shardsCounted))
}
