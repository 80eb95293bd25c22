'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type SubmitEvent, useState } from 'react'
import { isAddressEqual } from 'viem'
import { booksQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'
import { BookList, BooksOnChain, type Named } from './BooksOnChain.tsx'
import { bookIn } from './book-reference.ts'
import styles from './home.module.css'
import { recentBooks } from './recent-books.ts'

/** Choosing a book: one opened before, one from a link or an address, or one of all on this chain. */
export function ChooseBook({ door }: { door: 'redeem' | 'audit' | 'counter' }) {
  const { say, rich, explain } = useWords()
  const config = useConfig()
  const router = useRouter()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<Failure>()
  const books = useQuery(booksQuery(config))
  // A query, since only the browser knows and the server draws the page first.
  const recent = useQuery({
    queryKey: ['recent-books', config.chainId],
    queryFn: () => recentBooks({ shelf: localStorage, chainId: config.chainId }),
    networkMode: 'always',
    staleTime: 0,
  })

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const found = bookIn(text)
    setProblem(found.ok ? undefined : found.problem)
    if (found.ok) router.push(`/${door}/${found.book}`)
  }
  const opened = (recent.data ?? []).flatMap((address): Named[] => {
    // Without a network nobody says its name, and its coupons may be at hand all the same.
    if (books.data === undefined) return [{ address, name: say('choose.known') }]
    const book = books.data.find((one) => isAddressEqual(one.address, address))
    return book ? [book] : []
  })

  return (
    <div className="stack-wide">
      {opened.length > 0 && (
        <section className="stack" aria-labelledby="recent">
          <h2 id="recent">{say('choose.opened')}</h2>
          <BookList books={opened} door={door} />
        </section>
      )}
      <form onSubmit={submit} className={styles.paste} noValidate>
        <Field
          label={say('choose.field')}
          placeholder="0x…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          problem={problem && { code: problem.code, message: explain(problem) }}
          autoComplete="off"
          spellCheck={false}
          inputMode="url"
        />
        <Button kind="main" type="submit">
          {say('choose.open')}
        </Button>
      </form>
      <section className="stack" aria-labelledby="all">
        <h2 id="all">{say('choose.all')}</h2>
        <BooksOnChain door={door} />
      </section>
      {door === 'redeem' && (
        <p className="soft">
          {rich('choose.nothing', { a: (inside) => <Link href="/">{inside}</Link> })}
        </p>
      )}
    </div>
  )
}
