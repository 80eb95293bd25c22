'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { bookQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { WalletList } from '../../chain/WalletList.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { MyCoupons } from './MyCoupons.tsx'
import styles from './redeem.module.css'

/** A holder's view of one book: connect, see one's coupons, use one. */
export function BookPocket({ book }: { book: Address }) {
  const config = useConfig()
  const { address, connector, chainId, status } = useConnection()
  const found = useQuery(bookQuery({ config, book }))
  const pocket = useMemo(
    () => address && { chainId: config.chainId, book, holder: address },
    [config.chainId, book, address],
  )
  // Redrawn for every account, so that nothing of one is ever shown to another.
  const [wasHolder, setWasHolder] = useState<Address>()
  const hasChanged = wasHolder !== undefined && address !== undefined && wasHolder !== address
  if (address !== undefined && wasHolder === undefined) setWasHolder(address)

  return (
    <div className={styles.page}>
      <header className={styles.title}>
        <h1>{found.data?.name ?? 'My coupons'}</h1>
        <p className="soft small">
          Book <AddressText address={book} />
        </p>
      </header>

      {found.error && (
        <Notice
          kind="bad"
          title="The chain does not answer"
          code={explainRevert(found.error).code}
          action={<Button onClick={() => void found.refetch()}>Try again</Button>}
        >
          <p>{explainRevert(found.error).sentence} Your coupons are safe.</p>
        </Notice>
      )}
      {found.data === null && (
        <Notice kind="bad" title="There is no such book here" code="BOOK_UNKNOWN">
          <p>
            The address is not that of a book made by this app’s factory on this network. Check the
            link you were given.
          </p>
        </Notice>
      )}
      {hasChanged && (
        <Notice
          kind="info"
          title="Your wallet’s account has changed"
          action={
            <Button kind="quiet" onClick={() => setWasHolder(address)}>
              All right
            </Button>
          }
        >
          <p>These are the coupons of the account that is connected now.</p>
        </Notice>
      )}

      {found.data === null ? null : pocket !== undefined ? (
        <MyCoupons
          key={pocket.holder}
          pocket={pocket}
          // Before it is connected again, what wagmi remembers of a connector cannot sign.
          wallet={status === 'connected' ? { connector, chainId } : undefined}
        />
      ) : status === 'reconnecting' || status === 'connecting' ? (
        <p role="status" className="soft">
          Looking for your wallet …
        </p>
      ) : (
        <Card title="Whose coupons?">
          <p>
            Connect the wallet that your coupons were issued to. Looking costs nothing, and nothing
            is used before you say so.
          </p>
          <WalletList />
          {config.isDemo && (
            <p className="soft small">
              On this local chain you can also choose a demo account at the top of the page:
              attendees 001 to 100 hold coupons, and 011 and 012 wait on standby for one more.
            </p>
          )}
        </Card>
      )}
    </div>
  )
}
