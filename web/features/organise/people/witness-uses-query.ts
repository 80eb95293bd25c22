import { queryOptions, skipToken } from '@tanstack/react-query'
import { witnessUses } from '../../../chain/indexer.ts'
import type { BookOf } from '../../../chain/book-reads.ts'

/** How often each witness vouched, and when last: only the index knows, since it would have to read every redemption's transaction. */
export function witnessUsesQuery({ config: { indexerUrl, chainId }, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', chainId, 'witness-uses', book],
    queryFn:
      indexerUrl === undefined ? skipToken : () => witnessUses({ indexerUrl, chainId, book }),
    refetchInterval: 10_000,
  })
}
