import type { Metadata } from 'next'
import { Suspense } from 'react'
import { Leftovers } from '../../../../features/organise/leftovers/Leftovers.tsx'
import { bookOf } from '../../book-of.ts'

export const metadata: Metadata = { title: 'Leftovers' }

export default async function LeftoversPage({ params }: { params: Promise<{ book: string }> }) {
  return (
    <Suspense>
      <Leftovers book={await bookOf(params)} />
    </Suspense>
  )
}
