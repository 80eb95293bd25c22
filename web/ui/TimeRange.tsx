'use client'

import { useSyncExternalStore } from 'react'
import { useShellWords } from '../words/Speaking.tsx'
import { rangeText } from './range-text.ts'

type Shown = { from: number; to: number; zone?: string }

/** A window of time in the reader's zone (or a given one), unix seconds, `to` exclusive. */
export function TimeRange({ from, to, zone }: Shown) {
  // The server does not know the reader's zone: it draws UTC, the browser draws again.
  const isBrowser = useSyncExternalStore(never, yes, no)
  const words = useShellWords()
  const shown = rangeText({ from, to, words, zone: zone ?? (isBrowser ? undefined : 'UTC') })
  return (
    <time dateTime={new Date(from * 1000).toISOString()} suppressHydrationWarning>
      {shown}
    </time>
  )
}

const never = () => () => undefined
const yes = () => true
const no = () => false
