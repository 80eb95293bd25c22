import type { Metadata } from 'next'
import { RedeemBook } from '../../../features/redeem/RedeemBook.tsx'
import { bookIn } from '../../../features/home/book-reference.ts'
import { RememberBook } from '../../../features/home/RememberBook.tsx'
import { WrongBook } from '../../../features/home/WrongBook.tsx'

export const metadata: Metadata = { title: 'My coupons' }

export default async function RedeemBookPage({ params }: { params: Promise<{ book: string }> }) {
  const { book: text } = await params
  const found = bookIn(text)
  if (!found.ok) return <WrongBook problem={found.problem} door="redeem" />
  return (
    <>
      <RememberBook book={found.book} />
      <RedeemBook book={found.book} />
    </>
  )
}
