import type { Metadata } from 'next'
import { AuditBook } from '../../../features/audit/AuditBook.tsx'
import { bookIn } from '../../../features/home/book-reference.ts'
import { RememberBook } from '../../../features/home/RememberBook.tsx'
import { WrongBook } from '../../../features/home/WrongBook.tsx'

export const metadata: Metadata = { title: 'Audit' }

export default async function AuditBookPage({ params }: { params: Promise<{ book: string }> }) {
  const { book: text } = await params
  const found = bookIn(text)
  if (!found.ok) return <WrongBook problem={found.problem} door="audit" />
  return (
    <>
      <RememberBook book={found.book} />
      <AuditBook book={found.book} />
    </>
  )
}
