'use client'

import { useSyncExternalStore } from 'react'

type Shown = { from: number; to: number; zone?: string }

/** A window of time in the reader's zone (or a given one), unix seconds, `to` exclusive. */
export function TimeRange({ from, to, zone }: Shown) {
  // The server does not know the reader's zone: it draws UTC, the browser draws again.
  const isBrowser = useSyncExternalStore(never, yes, no)
  const shown = rangeText({ from, to, zone: zone ?? (isBrowser ? undefined : 'UTC') })
  return (
    <time dateTime={new Date(from * 1000).toISOString()} suppressHydrationWarning>
      {shown}
    </time>
  )
}

/** "Sat 14 Feb, 12:00 – 14:00 GMT+5:30", naming the second day only where it is another. */
export function rangeText({ from, to, zone }: Omit<Shown, 'zone'> & { zone: string | undefined }) {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  })
  return format.formatRange(from * 1000, to * 1000)
}

const never = () => () => undefined
const yes = () => true
const no = () => false
