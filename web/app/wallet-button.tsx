'use client'

import { useState } from 'react'
import { useConnection, useDisconnect } from 'wagmi'
import { WalletList } from '../chain/WalletList.tsx'
import { AddressText } from '../ui/AddressText.tsx'
import { shortAddress } from '../ui/short-address.ts'
import { Button } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Connects a wallet, or shows which account is connected. */
export function WalletButton() {
  const { address, connector, status } = useConnection()
  const { mutate: disconnect } = useDisconnect()
  const [isOpen, setIsOpen] = useState(false)
  const close = () => setIsOpen(false)

  return (
    <>
      <Button
        kind={address ? 'other' : 'main'}
        isBusy={status === 'connecting' || status === 'reconnecting'}
        onClick={() => setIsOpen(true)}
        aria-label={address ? `Wallet ${shortAddress(address)}, ${address}` : undefined}
      >
        {address ? shortAddress(address) : 'Connect wallet'}
      </Button>
      <Dialog title={address ? 'Your wallet' : 'Connect a wallet'} isOpen={isOpen} onClose={close}>
        {address ? (
          <>
            <p>
              {connector?.name}: <AddressText address={address} />{' '}
              <CopyButton text={address} label="address" />
            </p>
            <Button
              onClick={() => {
                disconnect({})
                close()
              }}
            >
              Disconnect
            </Button>
          </>
        ) : (
          <WalletList onConnected={close} />
        )}
      </Dialog>
    </>
  )
}
