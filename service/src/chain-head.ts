import type { Hex, PublicClient } from 'viem'
import { ChainUnavailableError, ClockWrongError } from './errors.ts'

const MOST_SECONDS_APART = 30
// Between two looks as close as this, a new block is as good as a clock.
const CLOSE_LOOKS_SECONDS = 5

/** The newest block that all nodes know. */
export type Head = { number: bigint; hash: Hex; timestamp: bigint }

/** Looks at the newest block; throws where the nodes, the block's age or our own clock are not to be relied on. */
export type LookAtHead = () => Promise<Head>

/**
 * A look at the head through one node or several that must agree. Without `maxHeadAge` (seconds) it may be of any age,
 * as it is on a local chain that makes a block for each transaction.
 */
export function createLookAtHead({
  nodes,
  chainId,
  now,
  maxHeadAge,
}: {
  nodes: readonly PublicClient[]
  chainId: number
  now: () => number
  maxHeadAge: number | undefined
}): LookAtHead {
  let last: { number: bigint; lookedAt: number } | undefined
  let secondsBehindUs = 0

  return async () => {
    const heads = await Promise.all(nodes.map((node) => headOf(node)))
    const head = heads.reduce((lower, other) => (other.number < lower.number ? other : lower))
    await Promise.all(
      nodes.map(async (node, index) => {
        const own = heads[index]
        const known = own?.number === head.number ? own : await headOf(node, head)
        if (known.hash !== head.hash) {
          throw new ChainUnavailableError({ failing: 'agreement', reason: 'the nodes disagree' })
        }
      }),
    )
    requireSoundClock(head)
    return head
  }

  async function headOf(node: PublicClient, at?: Head): Promise<Head> {
    const [actual, block] = await Promise.all([
      node.getChainId(),
      node.getBlock(at ? { blockNumber: at.number } : { blockTag: 'latest' }),
    ])
    if (actual !== chainId) {
      const reason = `the node is on chain ${actual}, not ${chainId}`
      throw new ChainUnavailableError({ failing: 'chain id', reason })
    }
    const { number, hash, timestamp } = block
    // viem takes any answer for a block.
    if (typeof number !== 'bigint' || typeof timestamp !== 'bigint' || !/^0x.{64}$/.test(hash)) {
      throw new ChainUnavailableError({ failing: 'node', reason: 'its newest block is none' })
    }
    return { number, hash, timestamp }
  }

  function requireSoundClock({ number, timestamp }: Head): void {
    const lookedAt = now() / 1000
    const age = lookedAt - Number(timestamp)
    if (last && number > last.number && lookedAt - last.lookedAt <= CLOSE_LOOKS_SECONDS) {
      secondsBehindUs = age // made since our last look, so its age is what the clocks differ by
    }
    last = { number, lookedAt }
    if (age < -MOST_SECONDS_APART) throw new ClockWrongError({ seconds: age })
    if (maxHeadAge !== undefined && age > maxHeadAge) {
      const reason = `its newest block is ${Math.round(age)} s old`
      throw new ChainUnavailableError({ failing: 'head', reason })
    }
    if (secondsBehindUs > MOST_SECONDS_APART + CLOSE_LOOKS_SECONDS) {
      throw new ClockWrongError({ seconds: secondsBehindUs })
    }
  }
}
