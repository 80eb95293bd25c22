'use client'

import { QueryClient, QueryClientProvider, type QueryKey } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'

let ours: QueryClient | undefined

/** What reads below it is cached: in the browser once for all pages. */
export function Queries({ children }: { children: ReactNode }) {
  const [queries] = useState(queriesHere)
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>
}

function queriesHere(): QueryClient {
  if (typeof window === 'undefined') return makeQueries() // one for each drawing: nobody sees another's
  ours ??= makeQueries()
  return ours
}

function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { queryKeyHashFn: nameOf, staleTime: 2_000, retry: 1 } },
  })
}

// As the library's own, and big integers besides, which JSON does not know.
function nameOf(key: QueryKey): string {
  return JSON.stringify(key, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
