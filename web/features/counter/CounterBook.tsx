'use client'

import dynamic from 'next/dynamic'
import type { Address } from 'viem'

// In the browser alone, whose key it shows; and apart from the first load, since it brings the curve with it.
const CounterScreen = dynamic(async () => (await import('./CounterScreen.tsx')).CounterScreen, {
  ssr: false,
  loading: () => <p role="status">Opening the counter …</p>,
})

/** A counter of one book. */
export function CounterBook({ book }: { book: Address }) {
  return <CounterScreen book={book} />
}
