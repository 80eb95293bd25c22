'use client'

import { useSyncExternalStore } from 'react'

/** Whether the browser has a network at all; a network may still lead nowhere. */
export function useIsOnline(): boolean {
  return useSyncExternalStore(
    listen,
    () => navigator.onLine,
    () => true,
  )
}

function listen(then: () => void): () => void {
  addEventListener('online', then)
  addEventListener('offline', then)
  return () => {
    removeEventListener('online', then)
    removeEventListener('offline', then)
  }
}
