'use client'

import { useState } from 'react'
import { useConnection, useDisconnect } from 'wagmi'
import { WalletList } from '../chain/WalletList.tsx'
import { AddressText } from '../ui/AddressText.tsx'
import { shortAddress } from '../ui/short-address.ts'
import { Button } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useShellWords } from '../words/Speaking.tsx'

/** Connects a wallet, or shows which account is connected. */
export function WalletButton() {
  const { address, connector, status } = useConnection()
  const { mutate: disconnect } = useDisconnect()
  const [isOpen, setIsOpen] = useState(false)
  const { say } = useShellWords()
  const close = () => setIsOpen(false)

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
                disconnect({})
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
