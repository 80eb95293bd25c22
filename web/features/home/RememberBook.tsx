'use client'

import { useEffect } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { rememberBook } from './recent-books.ts'

/** Notes in this browser that the book was opened; draws nothing. */
export function RememberBook({ book }: { book: Address }) {
  const { chainId } = useConfig()
  useEffect(() => {
    rememberBook({ shelf: localStorage, chainId, book })
  }, [chainId, book])
  return null
}
