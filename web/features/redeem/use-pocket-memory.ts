'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { type PocketMemory, recallPocket, rememberPocket } from './pocket-memory.ts'

const REFRESH_SECONDS = 60

/** Keeps what the chain says while it says it (`live`), and gives back what was kept. */
export function usePocketMemory({
  book,
  holders,
  live,
  readAt,
}: {
  book: Address
  holders: readonly Address[]
  /** Undefined until the chain has told all of it; the same object while nothing has changed. */
  live: Omit<PocketMemory, 'at'> | undefined
  /** When the chain last said so, in unix seconds. */
  readAt: number
}): PocketMemory | undefined {
  const { chainId } = useConfig()
  const kept = useQuery({
    queryKey: ['pocket-memory', chainId, book, holders],
    queryFn: () => recallPocket({ chainId, book, holders }),
    networkMode: 'always',
    staleTime: Infinity,
  })
  const written = useRef({ at: 0, live })
  useEffect(() => {
    if (live === undefined) return
    if (written.current.live === live && readAt - written.current.at < REFRESH_SECONDS) return
    written.current = { at: readAt, live }
    void rememberPocket({ chainId, book, holders, memory: { ...live, at: readAt } })
  }, [chainId, book, holders, live, readAt])
  return kept.data ?? undefined
}
