import { createPublicClient, http, stringify, type PublicClient } from 'viem'
import { createLookAtHead, type LookAtHead } from './chain-head.ts'
import { ChainUnavailableError } from './errors.ts'
import { remembered } from './remembered.ts'

/** Shorter than any chain's blocks: what all claims ask alike is asked twice a second. */
export const MEMORY_MILLISECONDS = 500

/** Which node is asked, and about which block; the newest where none is named. */
export type Asked = { node: PublicClient; at: { blockNumber?: bigint } }

/** The nodes of a chain, as one that is to be relied on. */
export type Nodes = {
  head: LookAtHead
  /** What all nodes answer about one block; throws where they differ, or the head is not to be relied on. */
  agreed: <answer>(ask: (asked: Asked) => Promise<answer>) => Promise<answer>
}

/** One node, or two that must agree; each has `timeout` milliseconds for each try. */
export function createNodes({
  rpcUrls,
  timeout,
  now,
  ...expected
}: {
  rpcUrls: readonly string[]
  timeout: number
  now: () => number
  chainId: number
  maxHeadAge: number | undefined
}): Nodes {
  const nodes = rpcUrls.map((url) =>
    // Calls of one turn travel in one request.
    createPublicClient({ transport: http(url, { batch: true, timeout, retryCount: 1 }) }),
  )
  const head = remembered({
    now,
    milliseconds: MEMORY_MILLISECONDS,
    keyOf: () => 'head',
    ask: createLookAtHead({ nodes, now, ...expected }),
  })

  return {
    head: () => head(undefined),

    agreed: async (ask) => {
      const [node, second] = nodes
      if (!node) throw new ChainUnavailableError({ reason: 'there is no node' })
      if (!second) {
        // At the same time as for its head, in one request.
        const [answer] = await Promise.all([ask({ node, at: {} }), head(undefined)])
        return answer
      }
      const { number: blockNumber } = await head(undefined)
      const at = { blockNumber }
      const [answer, other] = await Promise.all([ask({ node, at }), ask({ node: second, at })])
      if (stringify(answer) !== stringify(other)) {
        throw new ChainUnavailableError({ failing: 'agreement', reason: 'the nodes disagree' })
      }
      return answer
    },
  }
}
