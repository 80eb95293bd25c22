'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { bookQuery } from '../../chain/book-queries.ts'
import { readHasRole } from '../../chain/book-reads.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { ButtonLink } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { BookNav } from './BookNav.tsx'
import { MANAGER_ROLE } from './roles.ts'
import styles from './organise.module.css'

/** The book's name and address, and what stands in the way of working on it. */
export function BookHead({ book }: { book: Address }) {
  const config = useConfig()
  const { data, error } = useQuery(bookQuery({ config, book }))
  return (
    <header className={styles.head}>
      <h1>{data?.name ?? 'Book'}</h1>
      <div className="row">
        <AddressText
          address={book}
          href={config.explorerUrl && `${config.explorerUrl}/address/${book}`}
        />
        <CopyButton text={book} label="the book’s address" />
        <ButtonLink kind="quiet" href={`/redeem/${book}`}>
          Holders’ page
        </ButtonLink>
        <ButtonLink kind="quiet" href={`/audit/${book}`}>
          Audit
        </ButtonLink>
      </div>
      {data === null && (
        <Notice kind="bad" code="BOOK_UNKNOWN" title="There is no book of this app’s factory here.">
          <p>
            Look at the address again. Nothing should be signed for a contract of unknown origin.
          </p>
        </Notice>
      )}
      {error && (
        <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
      )}
      <ManagerNotice book={book} />
      <BookNav book={book} />
    </header>
  )
}

function ManagerNotice({ book }: { book: Address }) {
  const { address, status } = useConnection()
  const config = useConfig()
  const { data: isManager } = useQuery({
    queryKey: ['chain', config.chainId, 'manager', book, address],
    queryFn: address
      ? () => readHasRole({ config, book, role: MANAGER_ROLE, account: address })
      : skipToken,
  })
  if (status === 'disconnected') {
    return (
      <Notice kind="info" title="Connect the wallet that made this book to change it.">
        <p>Anybody may look.</p>
      </Notice>
    )
  }
  if (isManager !== false) return null
  return (
    <Notice kind="warn" code="NOT_A_MANAGER" title="This account is no manager of the book.">
      <p>
        You may look, but the contract would refuse changes. Switch to the account that made it.
      </p>
    </Notice>
  )
}
