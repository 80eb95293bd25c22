'use client'

import { useQuery } from '@tanstack/react-query'
import { isAddressEqual } from 'viem'
import { useConnection } from 'wagmi'
import { booksQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { WalletList } from '../../chain/WalletList.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button, ButtonLink } from '../../ui/Button.tsx'
import { Card, Ticket } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { NewBookForm } from './NewBookForm.tsx'
import styles from './organise.module.css'

/** Where an organiser begins: their books, and a new one. */
export function OrganiseHome() {
  const { address, status } = useConnection()
  if (status === 'reconnecting') return <Waiting words="Looking for your wallet" />
  if (address === undefined) {
    return (
      <Card title="Connect a wallet first">
        <p>
          A book belongs to the account that makes it. Choose the wallet you will use for this
          gathering; it signs, and pays the network’s fees.
        </p>
        <WalletList />
      </Card>
    )
  }
  return (
    <div className={styles.columns}>
      <MyBooks creator={address} />
      <NewBookForm creator={address} />
    </div>
  )
}

function MyBooks({ creator }: { creator: `0x${string}` }) {
  const config = useConfig()
  const { data, error, isPending, refetch } = useQuery(booksQuery(config))
  const mine = data?.filter((book) => isAddressEqual(book.creator, creator)) ?? []

  return (
    <section className="stack" aria-labelledby="my-books">
      <h2 id="my-books">My books</h2>
      {isPending && <Waiting words="Reading the chain" />}
      {error && (
        <Notice
          kind="bad"
          title={explainRevert(error).sentence}
          code={explainRevert(error).code}
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        />
      )}
      {data && mine.length === 0 && (
        <p className="soft">
          None yet. A book holds all the coupons of one gathering: make one, then add its meals.
        </p>
      )}
      {mine.map((book) => (
        <Ticket
          key={book.address}
          stub={
            <ButtonLink href={`/organise/${book.address}`} aria-label={`Open ${book.name}`}>
              Open
            </ButtonLink>
          }
        >
          <h3>{book.name}</h3>
          <p className="soft small">
            <AddressText address={book.address} />
          </p>
        </Ticket>
      ))}
    </section>
  )
}

function Waiting({ words }: { words: string }) {
  return (
    <p className="row soft" role="status">
      <Spinner /> {words}…
    </p>
  )
}
