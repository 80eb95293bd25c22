'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { type Book, booksQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Queries } from '../../chain/Queries.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './home.module.css'

const FIRST = 6

/** What a list of books shows of one. */
export type Named = Pick<Book, 'address' | 'name'>

type Door = 'redeem' | 'audit' | 'counter'

/** Every book that the factory made, newest first, a few at a time. */
export function BooksOnChain({ door }: { door: Door }) {
  return (
    <Queries>
      <Books door={door} />
    </Queries>
  )
}

function Books({ door }: { door: Door }) {
  const { say, rich, explain } = useWords()
  const config = useConfig()
  const books = useQuery(booksQuery(config))
  const [isWhole, setIsWhole] = useState(false)

  if (books.data === undefined) {
    return books.error ? (
      <Notice
        kind="bad"
        title={say('common.chainAway')}
        code={explainRevert(books.error).code}
        action={<Button onClick={() => void books.refetch()}>{say('common.again')}</Button>}
      >
        <p>{explain(explainRevert(books.error))}</p>
      </Notice>
    ) : (
      <p role="status" className="soft">
        {say('books.reading')}
      </p>
    )
  }
  if (books.data.length === 0) {
    return (
      <p className="soft">
        {rich('books.none', { a: (inside) => <Link href="/organise">{inside}</Link> })}
      </p>
    )
  }
  const shown = isWhole ? books.data : books.data.slice(0, FIRST)
  return (
    <>
      <BookList books={shown} door={door} />
      {shown.length < books.data.length && (
        <div className="row">
          <Button onClick={() => setIsWhole(true)}>
            {say('books.all', { count: books.data.length })}
          </Button>
        </div>
      )}
    </>
  )
}

/** Books to choose from. */
export function BookList({ books, door }: { books: readonly Named[]; door: Door }) {
  const { say } = useWords()
  return (
    <ul className={styles.books}>
      {books.map(({ address, name }) => (
        <li key={address}>
          <Link href={`/${door}/${address}`} className={styles.book}>
            <b>
              <bdi>{name || say('books.unnamed')}</bdi>
            </b>
            <span className="soft small">
              <AddressText address={address} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
