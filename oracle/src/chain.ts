import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packProof } from '@coupon-secure/protocol/coupon'
import {
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  http,
  HttpRequestError,
  TimeoutError,
  type Address,
  type Hex,
} from 'viem'
import { ChainUnavailableError } from './errors.ts'

const MOST_BOOKS_REMEMBERED = 10_000
const ERC1271_MAGIC = '0x1626ba7e'
const STATUSES = ['not-issued', 'unused', 'redeemed', 'revoked'] as const

const erc1271Abi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [
      { name: 'hash', type: 'bytes32' },
      { name: 'signature', type: 'bytes' },
    ],
    outputs: [{ name: '', type: 'bytes4' }],
  },
] as const

/** Where a coupon stands in its one life. */
export type Status = (typeof STATUSES)[number]

/** What the oracle needs of a campaign. Times are unix seconds. */
export type Terms = {
  opensAt: bigint
  closesAt: bigint
  /** Until when unused coupons wait for their holders; 0: to the end. */
  heldUntil: bigint
  requiredWitnesses: number
  geofenceHash: Hex
}

/** What the chain says of a coupon and its campaign. */
export type CouponRead = { terms: Terms; isPaused: boolean; status: Status }

/** What is there for all once nothing is held any more: how many coupons, and of which shards. */
export type Leftovers = { leftForAll: bigint; shardsCounted: bigint }

/** One coupon as somebody claims to hold it. */
export type CouponClaim = {
  book: Address
  campaignId: bigint
  serial: bigint
  holder: Address
  proof: readonly Hex[]
}

/** What the oracle asks the chain. Each throws ChainUnavailableError where there is no answer to rely on. */
export type ChainReader = {
  /** That the node answers, for the right chain, and knows the factory. */
  check: () => Promise<void>
  isBook: (book: Address) => Promise<boolean>
  /** The campaign as it stands and the coupon's status; undefined where the book has no such campaign. */
  read: (claim: CouponClaim) => Promise<CouponRead | undefined>
  /** What a campaign has left for standby and late holders; it matters after `heldUntil` alone. */
  readLeftovers: (campaign: Pick<CouponClaim, 'book' | 'campaignId'>) => Promise<Leftovers>
  /** Whether a holder that is a contract calls the signature its own (ERC-1271). */
  approves: (call: { holder: Address; digest: Hex; signature: Hex }) => Promise<boolean>
}

/** A chain reader over one node, which has `timeout` milliseconds for each try. */
export function createChainReader({
  rpcUrl,
  chainId,
  factory,
  timeout = 4_000,
}: {
  rpcUrl: string
  chainId: number
  factory: Address
  timeout?: number
}): ChainReader {
  const client = createPublicClient({
    // Calls of one turn travel in one request.
    transport: http(rpcUrl, { batch: true, timeout, retryCount: 1 }),
  })
  // A book stays a book; an address that is none yet may become one, so only yes is remembered.
  const books = new Set<Address>()

  return {
    check: () =>
      reached(async () => {
        const code = await onOurChain(client.getCode({ address: factory }))
        if (!code) throw new ChainUnavailableError({ reason: `no factory at ${factory}` })
      }),

    isBook: (book) =>
      reached(async () => {
        if (books.has(book)) return true
        const call = { abi: couponBookFactoryAbi, functionName: 'isBook', args: [book] } as const
        const isBook = await onOurChain(client.readContract({ address: factory, ...call }))
        if (isBook) {
          if (books.size >= MOST_BOOKS_REMEMBERED) books.clear()
          books.add(book)
        }
        return isBook
      }),

    read: ({ book, campaignId, serial, holder, proof }) =>
      reached(async () => {
        const contract = { address: book, abi: couponBookAbi } as const
        const [terms, pausedAt, status] = await onOurChain(
          Promise.all([
            client
              .readContract({ ...contract, functionName: 'campaign', args: [campaignId] })
              .catch(unlessUnknownCampaign),
            client
              .readContract({ ...contract, functionName: 'pausedAt', args: [campaignId] })
              .catch(unlessUnknownCampaign),
            client.readContract({
              ...contract,
              functionName: 'statusOf',
              args: [campaignId, serial, holder, packProof(proof)],
            }),
          ]),
        )
        const named = STATUSES[status]
        if (!named) throw new ChainUnavailableError({ reason: `unknown coupon status ${status}` })
        if (terms === undefined || pausedAt === undefined) return undefined
        return { terms, isPaused: pausedAt !== 0n, status: named }
      }),

    readLeftovers: ({ book, campaignId }) =>
      reached(() =>
        onOurChain(
          client.readContract({
            address: book,
            abi: couponBookAbi,
            functionName: 'countersOf',
            args: [campaignId],
          }),
        ),
      ),

    approves: ({ holder, digest, signature }) =>
      reached(async () => {
        const code = await onOurChain(client.getCode({ address: holder }))
        if (!code) return false
        // Not viem's verifyHash: that calls an outage an invalid signature.
        const answer = await client
          .readContract({
            address: holder,
            abi: erc1271Abi,
            functionName: 'isValidSignature',
            args: [digest, signature],
          })
          .catch(unlessUnreached)
        return answer === ERC1271_MAGIC
      }),
  }

  async function onOurChain<answer>(asked: Promise<answer>): Promise<answer> {
    const [answer, actual] = await Promise.all([asked, client.getChainId()])
    if (actual !== chainId) {
      throw new ChainUnavailableError({ reason: `the node is on chain ${actual}, not ${chainId}` })
    }
    return answer
  }
}

async function reached<answer>(ask: () => Promise<answer>): Promise<answer> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof ChainUnavailableError) throw cause
    throw new ChainUnavailableError({ reason: 'the node does not answer', cause })
  }
}

function unlessUnknownCampaign(error: unknown): undefined {
  const revert =
    error instanceof BaseError && error.walk((one) => one instanceof ContractFunctionRevertedError)
  const isRevert = revert instanceof ContractFunctionRevertedError
  if (!isRevert || revert.data?.errorName !== 'UnknownCampaign') throw error
}

// Whatever else a hostile wallet does (revert, return nothing, burn all gas) is no approval.
function unlessUnreached(error: unknown): undefined {
  const isAnswer =
    error instanceof BaseError &&
    !error.walk((one) => one instanceof HttpRequestError || one instanceof TimeoutError)
  if (!isAnswer) throw error
}
