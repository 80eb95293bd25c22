import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { redemptionIn } from '@coupon-secure/protocol/sent-redemption'
import { queryOptions } from '@tanstack/react-query'
import type { Address, Hex } from 'viem'
import { getBlock, getTransaction, readContract } from 'viem/actions'
import { clientOf } from '../../chain/client.ts'
import type { AppConfig } from '../../chain/parse-config.ts'
import type { Entry } from './history.ts'
import { type History, readHistory } from './read-history.ts'
import { rootsOf, type Totals } from './totals.ts'

type Of = { config: AppConfig; book: Address }

/** The book's whole history, read once and then kept up with; from the chain alone where somebody wants that. */
export function historyQuery({ config, book, isFromChain }: Of & { isFromChain: boolean }) {
  const queryKey = ['chain', config.chainId, 'history', book, isFromChain] as const
  return queryOptions({
    queryKey,
    queryFn: ({ client: queries }) =>
      readHistory({
        config,
        book,
        isFromChain,
        earlier: queries.getQueryData<History>(queryKey),
      }),
    refetchInterval: 4_000,
    structuralSharing: false, // thousands of entries are replaced, not compared
  })
}

/** The contract's own count of a campaign at the block up to which its events were read. */
export function chainTotalsQuery({
  config,
  book,
  campaignId,
  history,
}: Of & { campaignId: bigint; history: History }) {
  return queryOptions({
    queryKey: ['audit-ledger', config.chainId, book, String(campaignId), String(history.toBlock)],
    queryFn: async (): Promise<Totals> => {
      const at = { address: book, abi: couponBookAbi, blockNumber: history.toBlock } as const
      const client = clientOf(config)
      const { shardsCounted } = await readContract(client, {
        ...at,
        functionName: 'countersOf',
        args: [campaignId],
      })
      const roots = knownRoots({ book, campaignId, entries: history.entries })
      return await readContract(client, {
        ...at,
        functionName: 'ledger',
        args: [campaignId, roots.slice(Number(shardsCounted))],
      })
    },
    placeholderData: (earlier) => earlier,
    gcTime: 10_000, // one a block: the last few are enough
  })
}

/** When a block was made, unix seconds. */
export function blockTimeQuery({ config, block }: { config: AppConfig; block: bigint }) {
  return queryOptions({
    queryKey: ['block-time', config.chainId, String(block)],
    queryFn: async () => (await getBlock(clientOf(config), { blockNumber: block })).timestamp,
    staleTime: Infinity,
  })
}

/** Who sent a redemption, and who signed the statements that it was sent with. */
export function vouchersQuery({
  config,
  book,
  redemption,
}: Of & { redemption: Extract<Entry, { kind: 'redemption' }> }) {
  const { transaction, key, campaignId, serial, holder, site } = redemption
  return queryOptions({
    queryKey: ['vouchers', config.chainId, transaction, key],
    queryFn: async () => {
      const { input, to, from } = await getTransaction(clientOf(config), { hash: transaction })
      const sent = redemptionIn({ input, to, book, coupon: { campaignId, serial } })
      if (sent.kind === 'unreadable') return { from, ...sent }

      // Loaded by the one who asks: curves are heavy.
      const { witnessOf } = await import('@coupon-secure/protocol/witness')
      const seen = { chainId: config.chainId, book, campaignId, serial, holder, site }
      const vouchers = await Promise.all(
        sent.statements.map(async (statement) => {
          return { ...statement, witness: await witnessOf({ ...seen, statement }) }
        }),
      )
      return { from, kind: sent.kind, sentBy: sent.sentBy, vouchers }
    },
    staleTime: Infinity,
  })
}

const rootsByIssues = new Map<string, Hex[]>()

// A root never changes, and ten thousand leaves are not hashed every few seconds.
function knownRoots({
  book,
  campaignId,
  entries,
}: {
  book: Address
  campaignId: bigint
  entries: readonly Entry[]
}): Hex[] {
  const issues = entries.filter(
    (entry) => entry.kind === 'issue' && entry.campaignId === campaignId,
  )
  const key = [book, campaignId, ...issues.map(({ transaction }) => transaction)].join('.')
  const roots = rootsByIssues.get(key) ?? rootsOf({ entries: issues, campaignId })
  rootsByIssues.set(key, roots)
  return roots
}
