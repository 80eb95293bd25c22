import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { onIndexedBlock } from '../../chain/indexer.ts'
import { historyQuery } from './audit-queries.ts'
import { textsIn } from './filter.ts'

/** The book's history, from where the page's address wants it. */
export function useHistory(book: Address) {
  const config = useConfig()
  const isFromChain = useIsFromChain()
  return useQuery(historyQuery({ config, book, isFromChain }))
}

/** Reads on as soon as the index has another block; without an index, or while it is silent, the query does every few seconds. */
export function useLiveIndex(book: Address) {
  const config = useConfig()
  const queries = useQueryClient()
  const isFromChain = useIsFromChain()
  useEffect(() => {
    const { indexerUrl } = config
    if (indexerUrl === undefined || isFromChain) return
    const { queryKey } = historyQuery({ config, book, isFromChain })
    // A reading that is under way goes on: where blocks follow each other quickly none would ever end.
    const then = () => void queries.invalidateQueries({ queryKey }, { cancelRefetch: false })
    return onIndexedBlock({ indexerUrl, then })
  }, [config, book, isFromChain, queries])
}

function useIsFromChain(): boolean {
  return textsIn(useSearchParams()).source === 'chain'
}
