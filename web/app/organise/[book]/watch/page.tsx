import type { Metadata } from 'next'
import { Watch } from '../../../../features/organise/watch/Watch.tsx'
import { bookOf } from '../../book-of.ts'

export const metadata: Metadata = { title: 'Watch' }

export default async function WatchPage({ params }: { params: Promise<{ book: string }> }) {
  return <Watch book={await bookOf(params)} />
}
