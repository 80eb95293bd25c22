import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packProof } from '@coupon-secure/protocol/coupon'
import {
  BaseError,
  ContractFunctionRevertedError,
  HttpRequestError,
  TimeoutError,
  type Address,
  type Hex,
} from 'viem'
import { createNodes, MEMORY_MILLISECONDS } from '@coupon-secure/service/chain-nodes'
import { ChainUnavailableError, ClockWrongError } from '@coupon-secure/service/errors'
import { remembered } from '@coupon-secure/service/remembered'

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

/** A campaign of a book. */
export type CampaignOfBook = { book: Address; campaignId: bigint }

/** What is there for all once nothing is held any more: how many coupons, and of which shards. */
export type Leftovers = { leftForAll: bigint; shardsCounted: bigint }

/** One coupon as somebody claims to hold it. */
export type CouponClaim = CampaignOfBook & {
  serial: bigint
  holder: Address
  proof: readonly Hex[]
}

/** What a witness vouches as, where (0: everywhere) and when, in unix seconds, the end exclusive. */
export type WitnessEntry = { classes: number; site: number; validFrom: bigint; validUntil: bigint }

/** What the oracle asks the chain. Each throws ChainUnavailableError or ClockWrongError where there is no answer to rely on. */
export type ChainReader = {
  /** That a statement could be given now: nodes, chain, head and clock are as they must be. Cheap to ask. */
  requireSound: () => Promise<void>
  /** That besides, the factory is there. */
  check: () => Promise<void>
  isBook: (book: Address) => Promise<boolean>
  /** The campaign as it stands and the coupon's status; undefined where the book has no such campaign. */
  read: (claim: CouponClaim) => Promise<CouponRead | undefined>
  /** What a campaign has left for standby and late holders; it matters after `heldUntil` alone. */
  readLeftovers: (campaign: CampaignOfBook) => Promise<Leftovers>
  /** A witness's entry in the book as it stands; all zero where the key is none. */
  witness: (of: { book: Address; key: Address }) => Promise<WitnessEntry>
  /** Whether a holder that is a contract calls the signature its own (ERC-1271). */
  approves: (call: { holder: Address; digest: Hex; signature: Hex }) => Promise<boolean>
}

/**
 * A chain reader over one node, or over several that must agree; each has `timeout` milliseconds for each try.
 * `maxHeadAge` in seconds.
 */
export function createChainReader({
  rpcUrls,
  chainId,
  factory,
  now,
  maxHeadAge,
  timeout = 4_000,
}: {
  rpcUrls: readonly string[]
  chainId: number
  factory: Address
  now: () => number
  maxHeadAge?: number | undefined
  timeout?: number
}): ChainReader {
  const { head, agreed } = createNodes({ rpcUrls, chainId, now, maxHeadAge, timeout })
  const campaign = remembered({
    now,
    milliseconds: MEMORY_MILLISECONDS,
    keyOf: ({ book, campaignId }: CampaignOfBook) => `${book} ${campaignId}`,
    ask: readCampaign,
  })
  // A book stays a book; an address that is none yet may become one, so only yes is remembered.
  const books = new Set<Address>()

  return {
    requireSound: () =>
      reached(async () => {
        await head()
      }),

    check: () =>
      reached(async () => {
        await head() // first, so that what is wrong has its right name
        const code = await agreed(({ node, at }) => node.getCode({ address: factory, ...at }))
        if (!code) {
          const reason = `no factory at ${factory}`
          throw new ChainUnavailableError({ failing: 'factory', reason })
        }
      }),

    isBook: (book) =>
      reached(async () => {
        if (books.has(book)) return true
        const call = { abi: couponBookFactoryAbi, functionName: 'isBook', args: [book] } as const
        const isBook = await agreed(({ node, at }) =>
          node.readContract({ address: factory, ...call, ...at }),
        )
        if (isBook) {
          if (books.size >= MOST_BOOKS_REMEMBERED) books.clear()
          books.add(book)
        }
        return isBook
      }),

    read: ({ book, campaignId, serial, holder, proof }) =>
      reached(async () => {
        const args = [campaignId, serial, holder, packProof(proof)] as const
        const [known, status] = await Promise.all([
          campaign({ book, campaignId }),
          agreed(({ node, at }) =>
            node.readContract({
              address: book,
              abi: couponBookAbi,
              functionName: 'statusOf',
              args,
              ...at,
            }),
          ),
        ])
        const named = STATUSES[status]
        if (!named) throw new ChainUnavailableError({ reason: `unknown coupon status ${status}` })
        return known && { ...known, status: named }
      }),

    readLeftovers: ({ book, campaignId }) =>
      reached(() =>
        agreed(({ node, at }) =>
          node.readContract({
            address: book,
            abi: couponBookAbi,
            functionName: 'countersOf',
            args: [campaignId],
            ...at,
          }),
        ),
      ),

    witness: ({ book, key }) =>
      reached(() =>
        agreed(({ node, at }) =>
          node.readContract({
            address: book,
            abi: couponBookAbi,
            functionName: 'witness',
            args: [key],
            ...at,
          }),
        ),
      ),

    approves: ({ holder, digest, signature }) =>
      reached(async () => {
        const code = await agreed(({ node, at }) => node.getCode({ address: holder, ...at }))
        if (!code) return false
        // Not viem's verifyHash: that calls an outage an invalid signature.
        const answer = await agreed(({ node, at }) =>
          node
            .readContract({
              address: holder,
              abi: erc1271Abi,
              functionName: 'isValidSignature',
              args: [digest, signature],
              ...at,
            })
            .catch(unlessUnreached),
        )
        return answer === ERC1271_MAGIC
      }),
  }

  async function readCampaign({ book, campaignId }: CampaignOfBook) {
    const contract = { address: book, abi: couponBookAbi } as const
    const [terms, pausedAt] = await agreed(({ node, at }) =>
      Promise.all([
        node
          .readContract({ ...contract, functionName: 'campaign', args: [campaignId], ...at })
          .catch(unlessUnknownCampaign),
        node
          .readContract({ ...contract, functionName: 'pausedAt', args: [campaignId], ...at })
          .catch(unlessUnknownCampaign),
      ]),
    )
    if (terms === undefined || pausedAt === undefined) return undefined
    return { terms, isPaused: pausedAt !== 0n }
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
