'use client'

import { lazy, Suspense, useEffect, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { whenIdle } from '../ui/when-idle.ts'
import { useShellWords } from '../words/Speaking.tsx'
import { useConfig } from './config.tsx'
import { ErrorWords } from './ErrorWords.tsx'
import { connectWallet, prepareWallet } from './wallet.ts'
import { hasCancelled, PHONE_WALLET } from './wallet-connect-state.ts'
import { type WalletHere, watchWallets } from './wallets-here.ts'

const PhoneCode = lazy(async () => ({ default: (await import('./PhoneCode.tsx')).PhoneCode }))

/** The wallets that this browser has; for pages that need one, as well as for the header. */
export function WalletList({ onConnected }: { onConnected?: () => void }) {
  const { say } = useShellWords()
  const config = useConfig()
  const [wallets, setWallets] = useState<readonly WalletHere[]>([])
  const [asked, setAsked] = useState<string>()
  const [error, setError] = useState<unknown>()
  useEffect(() => watchWallets({ window, onChange: setWallets }), [])
  const isAny = wallets.length > 0
  useEffect(() => (isAny ? whenIdle(() => void prepareWallet()) : undefined), [isAny])

  const connect = async (id: string) => {
    setAsked(id)
    setError(undefined)
    try {
      await connectWallet({ config, id })
      onConnected?.()
    } catch (caught) {
      if (!hasCancelled(caught)) setError(caught)
    }
    setAsked(undefined)
  }

  return (
    <div className="stack">
      {wallets.map(({ id, name, icon }) => (
        <Button key={id} isBusy={asked === id} onClick={() => void connect(id)}>
          {icon !== undefined && (
            // eslint-disable-next-line @next/next/no-img-element -- wallets announce data: addresses
            <img src={icon} alt="" width={24} height={24} />
          )}
          <bdi>{name ?? say('wallet.nameless')}</bdi>
        </Button>
      ))}
      {config.walletConnect !== undefined && (
        <Button isBusy={asked === PHONE_WALLET} onClick={() => void connect(PHONE_WALLET)}>
          {say('wallet.phone')}
        </Button>
      )}
      {asked === PHONE_WALLET && (
        <Suspense>
          <PhoneCode />
        </Suspense>
      )}
      {!isAny && (
        <Notice kind="info" title={say('wallet.none')} code="NO_WALLET">
          <p>{say('wallet.none.words')}</p>
        </Notice>
      )}
      {error !== undefined && (
        <Notice kind="bad">
          <ErrorWords error={error} />
        </Notice>
      )}
    </div>
  )
}
