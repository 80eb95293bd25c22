'use client'

import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useMemo, useState } from 'react'
import type { Address } from 'viem'
import { bookQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import styles from './audit.module.css'
import { EntryTable } from './EntryTable.tsx'
import { filterFrom, type FilterText, searchOf, textsIn } from './filter.ts'
import { FilterBar } from './FilterBar.tsx'
import { filtered, namesOf } from './history.ts'
import { LedgerTable } from './LedgerTable.tsx'
import { SourceNote } from './SourceNote.tsx'
import { totalsOf } from './totals.ts'
import { useHistory, useLiveIndex } from './use-history.ts'

const PAGE = 50

/** Everything that happened in one book, and whether it adds up. */
export function AuditBook({ book }: { book: Address }) {
  const config = useConfig()
  const search = useSearchParams()
  const found = useQuery(bookQuery({ config, book }))
  const history = useHistory(book)
  useLiveIndex(book)
  const [most, setMost] = useState(PAGE)

  const entries = useMemo(() => history.data?.entries ?? [], [history.data])
  const names = useMemo(() => namesOf(entries), [entries])
  const totals = useMemo(() => totalsOf(entries), [entries])
  const texts = textsIn(search)
  const { filter, problems } = filterFrom(texts)
  const wanted = filtered({ entries, filter })
  const change = (next: FilterText) => {
    setMost(PAGE)
    // The page's address is the state, so that a finding can be sent to somebody.
    window.history.replaceState(null, '', `${window.location.pathname}${searchOf(next)}`)
  }
  const error = history.error ?? found.error

  return (
    <div className="stack-wide">
      <header className={styles.title}>
        <h1>{found.data?.name ?? 'Audit'}</h1>
        <p className="soft row">
          <span>
            Book <AddressText address={book} />
          </span>
          <CopyButton text={book} label="the book’s address" />
          {history.data && (
            <span role="status">Read up to block {String(history.data.toBlock)}</span>
          )}
        </p>
      </header>

      {error && (
        <Notice
          kind="bad"
          title="The chain does not answer"
          code={explainRevert(error).code}
          action={<Button onClick={() => void history.refetch()}>Try again</Button>}
        >
          <p>
            {explainRevert(error).sentence}
            {history.data && ' What is shown is what was read before.'}
          </p>
        </Notice>
      )}
      {found.data === null && (
        <Notice kind="warn" title="Not a book of this factory" code="BOOK_UNKNOWN">
          <p>
            The contract at this address was not made by this app’s factory, so nothing is known of
            its rules. Believe none of what it says.
          </p>
        </Notice>
      )}

      {history.data && !error && (
        <SourceNote
          from={history.data.from}
          onChoose={(source) => change({ ...texts, source })}
          isChosen={texts.source === 'chain'}
        />
      )}

      {history.data === undefined ? (
        !error && (
          <p role="status" className="soft">
            Reading the book’s events …
          </p>
        )
      ) : (
        <>
          <section className="stack" aria-labelledby="ledger">
            <h2 id="ledger">Does it add up?</h2>
            {totals.length === 0 ? (
              <p className="soft">This book has no campaign yet, so there is nothing to count.</p>
            ) : (
              <LedgerTable book={book} totals={totals} history={history.data} />
            )}
          </section>

          <section className="stack" aria-labelledby="events">
            <h2 id="events">What happened</h2>
            <FilterBar texts={texts} problems={problems} names={names} onChange={change} />
            <p role="status" className="soft small">
              {wanted.length === entries.length
                ? `${entries.length} events, newest first.`
                : `${wanted.length} of ${entries.length} events, newest first.`}
            </p>
            {wanted.length === 0 ? (
              <p className="soft">
                {entries.length === 0
                  ? 'Nothing has happened in this book.'
                  : 'No event fits these filters.'}
              </p>
            ) : (
              <EntryTable book={book} entries={wanted.slice(0, most)} names={names} />
            )}
            {wanted.length > most && (
              <div className="row">
                <Button onClick={() => setMost(most + PAGE)}>
                  Show {Math.min(PAGE, wanted.length - most)} more
                </Button>
              </div>
            )}
          </section>
        </>
      )}
    </div>
  )
}
