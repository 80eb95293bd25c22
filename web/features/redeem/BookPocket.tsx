'use client'

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { bookQuery } from '../../chain/book-queries.ts'
import { claimKeysOf } from '../../chain/claim-keys.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { WalletList } from '../../chain/WalletList.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { MyCoupons } from './MyCoupons.tsx'
import styles from './redeem.module.css'
import type { Holder } from './use-redemption.ts'

// For who has opened a claim link here.
const LinksHere = lazy(async () => ({ default: (await import('./LinksHere.tsx')).LinksHere }))

/** A holder's view of one book: connect, see one's coupons, use one. */
export function BookPocket({ book }: { book: Address }) {
  const { say, explain } = useWords()
  const config = useConfig()
  const { address, connector, chainId, status } = useConnection()
  const found = useQuery(bookQuery({ config, book }))
  const place = useMemo(() => ({ chainId: config.chainId, book }), [config.chainId, book])
  const keys = useQuery({
    queryKey: ['claim-keys', place],
    queryFn: () => claimKeysOf(place),
    networkMode: 'always',
    staleTime: Infinity, // another tab may add one: it is seen when this page is opened again
  })
  const holders = useMemo((): Holder[] => {
    const byKey = (keys.data ?? []).map(({ holder, key }): Holder => ({
      address: holder,
      signer: { kind: 'key', key },
    }))
    if (address === undefined) return byKey
    // Before it is connected again, what wagmi remembers of a connector cannot sign.
    const isReady = status === 'connected'
    const signer = isReady ? ({ kind: 'wallet', connector, chainId } as const) : undefined
    return [...byKey, { address, signer }]
  }, [keys.data, address, connector, chainId, status])
  // Redrawn for every account, so that nothing of one is ever shown to another.
  const [wasHolder, setWasHolder] = useState<Address>()
  const hasChanged = wasHolder !== undefined && address !== undefined && wasHolder !== address
  if (address !== undefined && wasHolder === undefined) setWasHolder(address)

  return (
    <div className={styles.page}>
      <header className={styles.title}>
        <h1>
          <bdi>{found.data?.name ?? say('pocket.page')}</bdi>
        </h1>
        <p className="soft small">
          {say('pocket.book')} <AddressText address={book} />
        </p>
      </header>

      {found.error && holders.length === 0 && (
        <Notice
          kind="bad"
          title={say('common.chainAway')}
          code={explainRevert(found.error).code}
          action={<Button onClick={() => void found.refetch()}>{say('common.again')}</Button>}
        >
          <p>
            {explain(explainRevert(found.error))} {say('pocket.safe')}
          </p>
        </Notice>
      )}
      {found.data === null && (
        <Notice kind="bad" title={say('common.bookUnknown')} code="BOOK_UNKNOWN">
          <p>{say('pocket.bookUnknown')}</p>
        </Notice>
      )}
      {hasChanged && (
        <Notice
          kind="info"
          title={say('pocket.changed')}
          action={
            <Button kind="quiet" onClick={() => setWasHolder(address)}>
              {say('pocket.changed.seen')}
            </Button>
          }
        >
          <p>{say('pocket.changed.words')}</p>
        </Notice>
      )}

      {found.data === null ? null : keys.data !== undefined && holders.length > 0 ? (
        <>
          <MyCoupons key={address ?? 'links'} place={place} holders={holders} />
          {keys.data.length > 0 && (
            <Suspense fallback={null}>
              <LinksHere keys={keys.data} onChange={() => void keys.refetch()} />
            </Suspense>
          )}
        </>
      ) : keys.data === undefined || status === 'reconnecting' || status === 'connecting' ? (
        <p role="status" className="soft">
          {say('pocket.looking')}
        </p>
      ) : (
        <Card title={say('pocket.whose')}>
          <p>{say('pocket.whose.link')}</p>
          <p>{say('pocket.whose.wallet')}</p>
          <WalletList />
          {config.isDemo && (
            <p className="soft small" lang="en" dir="ltr">
              On this local chain you can also choose a demo account at the top of the page:
              attendees 001 to 100 hold coupons, and 011 and 012 wait on standby for one more.
            </p>
          )}
        </Card>
      )}
    </div>
  )
}
