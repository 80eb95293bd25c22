import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import type { RedemptionCode, RedemptionRequest } from '@coupon-secure/protocol/wire-redemption'
import { createNodes } from '@coupon-secure/service/chain-nodes'
import { ChainUnavailableError, ClockWrongError } from '@coupon-secure/service/errors'
import {
  BaseError,
  createPublicClient,
  decodeFunctionResult,
  http,
  RawContractError,
  TransactionReceiptNotFoundError,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { callOfOne, type BookCall } from './redemption.ts'
import { codeOfError } from './refusals.ts'

const MOST_BOOKS_REMEMBERED = 10_000

/** What a transaction pays for each unit of gas, in wei. */
export type Fees = { maxFee: bigint; tip: bigint }

/** What the relayer asks the chain and gives to it. Each throws ChainUnavailableError where there is no answer to rely on. */
export type Chain = ReturnType<typeof createChain>

/** The chain through one node: it is not believed, since the contract itself decides what counts. */
export function createChain({
  rpcUrl,
  chainId,
  factory,
  now,
  maxHeadAge,
  timeout = 4_000,
}: {
  rpcUrl: string
  chainId: number
  factory: Address
  now: () => number
  /** Seconds; without it the head may be of any age. */
  maxHeadAge?: number | undefined
  timeout?: number
}) {
  const nodes = createNodes({ rpcUrls: [rpcUrl], chainId, now, maxHeadAge, timeout })
  const node = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout, retryCount: 1 }),
  })
  // A book stays a book; an address that is none yet may become one, so only yes is remembered.
  const books = new Set<Address>()

  return {
    /** That the factory is there, on the right chain, which is not behind. */
    check: () =>
      reached(async () => {
        await nodes.head()
        if (await node.getCode({ address: factory })) return
        const reason = `no factory at ${factory}`
        throw new ChainUnavailableError({ failing: 'factory', reason })
      }),

    isBook: (book: Address) =>
      reached(async () => {
        if (books.has(book)) return true
        await nodes.head() // on another chain there may be anything
        const call = { abi: couponBookFactoryAbi, functionName: 'isBook', args: [book] } as const
        const isBook = await node.readContract({ address: factory, ...call })
        if (!isBook) return false
        if (books.size >= MOST_BOOKS_REMEMBERED) books.clear()
        books.add(book)
        return true
      }),

    /** Why the contract would refuse this in the next block, sent by us; undefined where it would not. */
    refusalOf: ({ redemption, from }: { redemption: RedemptionRequest; from: Address }) =>
      reached(async (): Promise<RedemptionCode | 'signature' | undefined> => {
        const { book, data } = callOfOne(redemption)
        try {
          // What is under way counts too, where the node knows of it.
          await node.call({ account: from, to: book, data, blockTag: 'pending' })
          return undefined
        } catch (error) {
          return codeOfError(revertIn(error))
        }
      }),

    /** How many coupons a batch would use in the next block, sent by us; none where the contract would refuse it whole. */
    redeemedBy: ({ from, call: { book, data } }: { from: Address; call: BookCall }) =>
      reached(async (): Promise<number> => {
        try {
          const answer = await node.call({ account: from, to: book, data, blockTag: 'pending' })
          if (answer.data === undefined) return 0 // a reorganised chain has no book there
          const of = { abi: couponBookAbi, functionName: 'redeemBatch' } as const
          return Number(decodeFunctionResult({ ...of, data: answer.data }))
        } catch (error) {
          revertIn(error) // what is no revert is thrown on
          return 0
        }
      }),

    gasOf: ({ from, call: { book, data } }: { from: Address; call: BookCall }) =>
      reached(() => node.estimateGas({ account: from, to: book, data })),

    fees: () =>
      reached(async (): Promise<{ base: bigint; tip: bigint }> => {
        const [block, tip] = await Promise.all([
          node.getBlock(),
          node.estimateMaxPriorityFeePerGas(),
        ])
        return { base: block.baseFeePerGas ?? 0n, tip }
      }),

    /** How many transactions of the account are in blocks. */
    nonceOf: (address: Address) =>
      reached(() => node.getTransactionCount({ address, blockTag: 'latest' })),

    balanceOf: (address: Address) => reached(() => node.getBalance({ address })),

    /** Hands a transaction to the node; whether it took it, or knows it already. */
    broadcast: (serializedTransaction: Hex) =>
      reached(async () => {
        try {
          await node.sendRawTransaction({ serializedTransaction })
          return true
        } catch (error) {
          // An answer, if not the one hoped for: known, too cheap, too late, no funds. The next look says what came of it.
          if (isAnswer(error)) return false
          throw error
        }
      }),

    receiptOf: (hash: Hex) =>
      reached(async (): Promise<TransactionReceipt | undefined> => {
        try {
          return await node.getTransactionReceipt({ hash })
        } catch (error) {
          if (error instanceof TransactionReceiptNotFoundError) return undefined
          throw error
        }
      }),

    head: () =>
      reached(async () => {
        const { number, hash } = await node.getBlock()
        return { number, hash }
      }),

    /** The block of that number in the chain as it is now; undefined where it has none yet, or no more. */
    block: (blockNumber: bigint) =>
      reached(async () => {
        const block = await node.getBlock({ blockNumber }).catch((error: unknown) => {
          if (error instanceof BaseError && error.name === 'BlockNotFoundError') return undefined
          throw error
        })
        return block && { hash: block.hash, time: Number(block.timestamp) }
      }),
  }
}

async function reached<answer>(ask: () => Promise<answer>): Promise<answer> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof ChainUnavailableError || cause instanceof ClockWrongError) throw cause
    throw new ChainUnavailableError({ reason: 'the node does not answer', cause })
  }
}

/** What a call reverted with; an error that is no revert is thrown on. */
function revertIn(error: unknown): Hex {
  const revert =
    error instanceof BaseError &&
    error.walk((one) => one instanceof RawContractError || (one instanceof Error && 'data' in one))
  const data: unknown = revert && 'data' in revert ? revert.data : undefined
  if (typeof data === 'string' && data.startsWith('0x')) return data as Hex
  if (isAnswer(error) && error instanceof BaseError && /revert/i.test(error.details)) return '0x'
  throw error
}

/** Whether the node answered, and said no. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  return !error.walk((one) =>
    ['HttpRequestError', 'TimeoutError', 'SocketClosedError'].includes((one as Error).name),
  )
}
