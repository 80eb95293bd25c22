'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { awaitOffer } from '../ui/install.ts'
import { whenIdle } from '../ui/when-idle.ts'
import { useShellWords } from '../words/Speaking.tsx'

const PATIENCE_MS = 3_000

/** Puts each page that is opened at hand for when there is no network, once it is there; draws nothing. */
export function KeepOffline() {
  const path = usePathname()
  const { tag } = useShellWords().language
  useEffect(awaitOffer, [])
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return // what is being changed must not be remembered
    // After what the page itself still loads: a first visit has better things to do with its line.
    const later = setTimeout(() => {
      whenIdle(
        () =>
          void import('./offline.ts').then(({ keepOffline }) =>
            keepOffline({ path, language: tag }),
          ),
      )
    }, PATIENCE_MS)
    return () => clearTimeout(later)
  }, [path, tag])
  return null
}
