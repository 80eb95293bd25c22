'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'

/** Puts each page that is opened at hand for when there is no network, once it is there; draws nothing. */
export function KeepOffline() {
  const path = usePathname()
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return // what is being changed must not be remembered
    const keep = () => void import('./offline.ts').then(({ keepOffline }) => keepOffline(path))
    if (document.readyState === 'complete') keep()
    else window.addEventListener('load', keep, { once: true })
    return () => window.removeEventListener('load', keep)
  }, [path])
  return null
}
