import type { Metadata } from 'next'
import { CounterBook } from '../../../features/counter/CounterBook.tsx'
import { bookIn } from '../../../features/home/book-reference.ts'
import { RememberBook } from '../../../features/home/RememberBook.tsx'
import { WrongBook } from '../../../features/home/WrongBook.tsx'

export const metadata: Metadata = { title: 'Counter' }

export default async function CounterBookPage({ params }: { params: Promise<{ book: string }> }) {
  const { book: text } = await params
  const found = bookIn(text)
  if (!found.ok) return <WrongBook problem={found.problem} door="counter" />
  return (
    <>
      <RememberBook book={found.book} />
      <CounterBook book={found.book} />
    </>
  )
}
