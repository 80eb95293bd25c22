import type { AbiEvent } from 'abitype'
import { type Address, BaseError } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import type { ChainClient } from './client.ts'

type Range = { fromBlock: bigint; toBlock: bigint }

/** All logs of some events since a block; where a node refuses a long range, it is asked in halves. */
export async function logsSince<const events extends readonly AbiEvent[]>({
  client,
  address,
  events,
  fromBlock,
}: {
  client: ChainClient
  address: Address
  events: events
  fromBlock: bigint
}) {
  const read = (range: Range) => getLogs(client, { address, events, strict: true, ...range })
  type Logs = Awaited<ReturnType<typeof read>>
  const readOrHalve = async (range: Range): Promise<Logs> => {
    try {
      return await read(range)
    } catch (error) {
      if (range.toBlock <= range.fromBlock || !isAboutRange(error)) throw error
      const middle = (range.fromBlock + range.toBlock) / 2n
      const first = await readOrHalve({ fromBlock: range.fromBlock, toBlock: middle })
      const second = await readOrHalve({ fromBlock: middle + 1n, toBlock: range.toBlock })
      return [...first, ...second]
    }
  }
  const toBlock = await getBlockNumber(client, { cacheTime: 0 })
  return toBlock < fromBlock ? [] : await readOrHalve({ fromBlock, toBlock })
}

function isAboutRange(error: unknown): boolean {
  return (
    error instanceof BaseError &&
    /range|limit|too many|too large|exceed|results/i.test(error.message)
  )
}
