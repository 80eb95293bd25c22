'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { type Book, booksQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import styles from './home.module.css'

const FIRST = 6

/** What a list of books shows of one. */
export type Named = Pick<Book, 'address' | 'name'>

/** Every book that the factory made, newest first, a few at a time. */
export function BooksOnChain({ door }: { door: 'redeem' | 'audit' | 'counter' }) {
  const config = useConfig()
  const books = useQuery(booksQuery(config))
  const [isWhole, setIsWhole] = useState(false)

  if (books.data === undefined) {
    return books.error ? (
      <Notice
        kind="bad"
        title="The chain does not answer"
        code={explainRevert(books.error).code}
        action={<Button onClick={() => void books.refetch()}>Try again</Button>}
      >
        <p>{explainRevert(books.error).sentence}</p>
      </Notice>
    ) : (
      <p role="status" className="soft">
        Reading the chain …
      </p>
    )
  }
  if (books.data.length === 0) {
    return (
      <p className="soft">
        None yet. <Link href="/organise">Make the first</Link>.
      </p>
    )
  }
  const shown = isWhole ? books.data : books.data.slice(0, FIRST)
  return (
    <>
      <BookList books={shown} door={door} />
      {shown.length < books.data.length && (
        <div className="row">
          <Button onClick={() => setIsWhole(true)}>Show all {books.data.length}</Button>
        </div>
      )}
    </>
  )
}

/** Books to choose from. */
export function BookList({
  books,
  door,
}: {
  books: readonly Named[]
  door: 'redeem' | 'audit' | 'counter'
}) {
  return (
    <ul className={styles.books}>
      {books.map(({ address, name }) => (
        <li key={address}>
          <Link href={`/${door}/${address}`} className={styles.book}>
            <b>{name || 'A book without a name'}</b>
            <span className="soft small">
              <AddressText address={address} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
