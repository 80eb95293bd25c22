import type { ReactNode } from 'react'
import { BookHead } from '../../../features/organise/BookHead.tsx'
import { bookOf } from '../book-of.ts'

export default async function BookLayout({
  params,
  children,
}: {
  params: Promise<{ book: string }>
  children: ReactNode
}) {
  return (
    <>
      <BookHead book={await bookOf(params)} />
      {children}
    </>
  )
}
