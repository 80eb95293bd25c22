'use client'

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import type { Address } from 'viem'
import { bookQuery } from '../../chain/book-queries.ts'
import type { ClaimKey } from '../../chain/claim-keys.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Queries } from '../../chain/Queries.tsx'
import { useWallet } from '../../chain/wallet.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import type { FoundBook } from './RedeemBook.tsx'
import type { Holder } from './use-redemption.ts'

const MyCoupons = lazy(async () => ({ default: (await import('./MyCoupons.tsx')).MyCoupons }))

// For who has opened a claim link here.
const LinksHere = lazy(async () => ({ default: (await import('./LinksHere.tsx')).LinksHere }))

type Props = {
  book: Address
  /** Those that this browser has for the book. */
  keys: readonly ClaimKey[]
  /** They have changed. */
  onKeys: () => void
  onFound: (found: FoundBook) => void
}

/** What the chain says of a book, and of the coupons in it of whoever is here. */
export function BookPocket(props: Props) {
  return (
    <Queries>
      <Pocket {...props} />
    </Queries>
  )
}

function Pocket({ book, keys, onKeys, onFound }: Props) {
  const { say, explain } = useWords()
  const config = useConfig()
  const { address, connector, chainId, status } = useWallet()
  const found = useQuery(bookQuery({ config, book }))
  useEffect(() => {
    if (found.data !== undefined) onFound(found.data)
  }, [found.data, onFound])
  const place = useMemo(() => ({ chainId: config.chainId, book }), [config.chainId, book])
  const holders = useMemo((): Holder[] => {
    const byKey = keys.map(({ holder, key }): Holder => ({
      address: holder,
      signer: { kind: 'key', key },
    }))
    if (address === undefined) return byKey
    // Before it is connected again, what wagmi remembers of a connector cannot sign.
    const isReady = status === 'connected'
    const signer = isReady ? ({ kind: 'wallet', connector, chainId } as const) : undefined
    return [...byKey, { address, signer }]
  }, [keys, address, connector, chainId, status])
  // Redrawn for every account, so that nothing of one is ever shown to another.
  const [wasHolder, setWasHolder] = useState<Address>()
  const hasChanged = wasHolder !== undefined && address !== undefined && wasHolder !== address
  if (address !== undefined && wasHolder === undefined) setWasHolder(address)

  if (found.data === null) {
    return (
      <Notice kind="bad" title={say('common.bookUnknown')} code="BOOK_UNKNOWN">
        <p>{say('pocket.bookUnknown')}</p>
      </Notice>
    )
  }
  return (
    <>
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
      {holders.length > 0 && (
        <Suspense
          fallback={
            <p role="status" className="soft">
              {say('pocket.looking')}
            </p>
          }
        >
          <MyCoupons key={address ?? 'links'} place={place} holders={holders} />
        </Suspense>
      )}
      {keys.length > 0 && (
        <Suspense fallback={null}>
          <LinksHere keys={keys} onChange={onKeys} />
        </Suspense>
      )}
    </>
  )
}
