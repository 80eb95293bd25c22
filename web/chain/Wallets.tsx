'use client'

import { type ReactNode, useState } from 'react'
import { WagmiContext } from 'wagmi'
import { useConfig } from './config.tsx'
import { Queries } from './Queries.tsx'
import { wagmiOf } from './wagmi-config.ts'

/** wagmi and the cache, for pages that sign and send; `recallWallet` connects what was connected before. */
export function Wallets({ children }: { children: ReactNode }) {
  const config = useConfig()
  const [wagmi] = useState(() => wagmiOf(config))
  return (
    <WagmiContext value={wagmi}>
      <Queries>{children}</Queries>
    </WagmiContext>
  )
}
