'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { WagmiProvider } from 'wagmi'
import { hashFn } from 'wagmi/query'
import { ConfigProvider } from '../chain/config.tsx'
import type { AppConfig } from '../chain/parse-config.ts'
import { wagmiConfigOf } from '../chain/wagmi-config.ts'

/** Everything that the pages read from: the configuration, the wallet, the query cache. */
export function Providers({ config, children }: { config: AppConfig; children: ReactNode }) {
  const [wagmi] = useState(() => wagmiConfigOf(config))
  const [queries] = useState(
    () =>
      new QueryClient({
        // wagmi's hash knows big integers, which JSON does not.
        defaultOptions: { queries: { queryKeyHashFn: hashFn, staleTime: 2_000, retry: 1 } },
      }),
  )
  return (
    <ConfigProvider config={config}>
      <WagmiProvider config={wagmi}>
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </WagmiProvider>
    </ConfigProvider>
  )
}
