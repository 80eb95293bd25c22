'use client'

import { useEffect, useState } from 'react'
import { useConfig } from '../chain/config.tsx'
import { disconnectWallet, recallWallet, useWallet } from '../chain/wallet.ts'
import { WalletList } from '../chain/WalletList.tsx'
import { AddressText } from '../ui/AddressText.tsx'
import { shortAddress } from '../ui/short-address.ts'
import { Button } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useShellWords } from '../words/Speaking.tsx'

/** Connects a wallet, or shows which account is connected. */
export function WalletButton() {
  const config = useConfig()
  const { address, connector, status } = useWallet()
  const [isOpen, setIsOpen] = useState(false)
  const { say } = useShellWords()
  const close = () => setIsOpen(false)
  useEffect(() => void recallWallet(config), [config])

  return (
    <>
      <Button
        kind={address ? 'other' : 'main'}
        isBusy={status === 'connecting' || status === 'reconnecting'}
        onClick={() => setIsOpen(true)}
        aria-label={
          address ? say('wallet.named', { short: shortAddress(address), address }) : undefined
        }
      >
        {address ? <bdi>{shortAddress(address)}</bdi> : say('wallet.connect')}
      </Button>
      <Dialog
        title={say(address ? 'wallet.yours' : 'wallet.connectTitle')}
        isOpen={isOpen}
        onClose={close}
      >
        {address ? (
          <>
            <p>
              <bdi>{connector?.name}</bdi>: <AddressText address={address} />{' '}
              <CopyButton text={address} label={say('wallet.address')} />
            </p>
            <Button
              onClick={() => {
                void disconnectWallet(config)
                close()
              }}
            >
              {say('wallet.disconnect')}
            </Button>
          </>
        ) : (
          <WalletList onConnected={close} />
        )}
      </Dialog>
    </>
  )
}
