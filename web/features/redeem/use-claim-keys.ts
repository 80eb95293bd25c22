'use client'

import type { Address } from 'viem'
import { useCallback, useEffect, useState } from 'react'
import { type ClaimKey, claimKeysOf } from '../../chain/claim-keys.ts'
import { useConfig } from '../../chain/config.tsx'

/** The keys that this browser has for a book, undefined until it has looked; another tab may add one, which is seen when the page is opened again. */
export function useClaimKeys(book: Address) {
  const { chainId } = useConfig()
  const [keys, setKeys] = useState<readonly ClaimKey[]>()
  const look = useCallback(() => void claimKeysOf({ chainId, book }).then(setKeys), [chainId, book])
  useEffect(look, [look])
  return { keys, look }
}
