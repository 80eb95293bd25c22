'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import type { Address } from 'viem'
import { bookNameOf } from '../../chain/book-name.ts'
import { useConfig } from '../../chain/config.tsx'
import { useWallet } from '../../chain/wallet.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { whenIdle } from '../../ui/when-idle.ts'
import { useShellWords } from '../../words/Speaking.tsx'
import styles from './redeem.module.css'
import { useClaimKeys } from './use-claim-keys.ts'
import { WhoseCoupons } from './WhoseCoupons.tsx'

// Apart from the first load: the page's words are there, and can be read, before the code that reads the chain has come.
const BookPocket = dynamic(async () => (await import('./BookPocket.tsx')).BookPocket, {
  ssr: false,
})

/** What the chain says of the book: its name, or that there is none. */
export type FoundBook = { name: string } | null

/** A holder's view of one book: connect, see one's coupons, use one. */
export function RedeemBook({ book }: { book: Address }) {
  const { say } = useShellWords()
  usePageTitle(say('pocket.page'))
  const config = useConfig()
  const wallet = useWallet()
  const { keys, look } = useClaimKeys(book)
  const [found, setFound] = useState<FoundBook>()
  const [isOdd, setIsOdd] = useState(false)
  useEffect(
    () =>
      whenIdle(() => {
        const asked = bookNameOf({ config, book, fetch: (url, init) => fetch(url, init) })
        void asked.then((name) => (name === undefined ? setIsOdd(true) : setFound({ name })))
      }),
    [config, book],
  )
  const isAnybodyHere = wallet.address !== undefined || (keys !== undefined && keys.length > 0)
  const isLooking = keys === undefined || wallet.status === 'reconnecting'
  useEffect(() => {
    // At the same time as what shows them, not after it; that says so where it cannot be loaded.
    if (isAnybodyHere) void import('./MyCoupons.tsx').catch(() => undefined)
  }, [isAnybodyHere])

  return (
    <div className={styles.page}>
      <header className={styles.title}>
        <h1>
          <bdi>{found?.name ?? say('pocket.page')}</bdi>
        </h1>
        <p className="soft small">
          {say('pocket.book')} <AddressText address={book} />
        </p>
      </header>
      <p className={styles.opening}>{say('pocket.opening')}</p>

      {(isAnybodyHere || isOdd) && (
        <BookPocket book={book} keys={keys ?? []} onKeys={look} onFound={setFound} />
      )}
      {!isAnybodyHere &&
        found !== null &&
        (isLooking ? (
          <p role="status" className="soft">
            {say('pocket.looking')}
          </p>
        ) : (
          <WhoseCoupons />
        ))}
    </div>
  )
}
