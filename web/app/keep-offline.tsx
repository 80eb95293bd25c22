'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { whenIdle } from '../ui/when-idle.ts'

const PATIENCE_MS = 3_000

/** Puts each page that is opened at hand for when there is no network, once it is there; draws nothing. */
export function KeepOffline() {
  const path = usePathname()
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return // what is being changed must not be remembered
    // After what the page itself still loads: a first visit has better things to do with its line.
    const later = setTimeout(() => {
      whenIdle(() => void import('./offline.ts').then(({ keepOffline }) => keepOffline(path)))
    }, PATIENCE_MS)
    return () => clearTimeout(later)
  }, [path])
  return null
}
