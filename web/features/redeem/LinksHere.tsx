'use client'

import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { useState } from 'react'
import { type ClaimKey, forgetClaimKey } from '../../chain/claim-keys.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import styles from './hand-over.module.css'

/** The claim links that were opened on this phone: carried to another one, or forgotten. */
export function LinksHere({ keys, onChange }: { keys: readonly ClaimKey[]; onChange: () => void }) {
  const [shown, setShown] = useState<{ claimKey: ClaimKey; deed: 'carry' | 'forget' }>()
  const close = () => setShown(undefined)
  const forget = async (claimKey: ClaimKey) => {
    await forgetClaimKey(claimKey)
    const { forgetPlaces } = await import('./documents.ts')
    forgetPlaces({ shelf: localStorage, holder: claimKey.holder })
    close()
    onChange()
  }
  return (
    <details>
      <summary>
        {keys.length === 1 ? 'One link is' : `${keys.length} links are`} kept on this phone
      </summary>
      <ul className={styles.links}>
        {keys.map((claimKey) => (
          <li key={claimKey.holder} className="row">
            <AddressText address={claimKey.holder} />
            <Button onClick={() => setShown({ claimKey, deed: 'carry' })}>To another phone</Button>
            <Button kind="danger" onClick={() => setShown({ claimKey, deed: 'forget' })}>
              Forget
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        title={shown?.deed === 'carry' ? 'Carry it to another phone' : 'Forget this link?'}
        isOpen={shown !== undefined}
        onClose={close}
      >
        {shown?.deed === 'carry' && (
          <>
            <p>
              Scan this with the other phone. Show it to nobody else: who has it can use the
              coupons.
            </p>
            <QrCode
              text={`${location.origin}/c#${writeClaimLink(shown.claimKey)}`}
              label="The claim link, for your other phone"
            />
          </>
        )}
        {shown?.deed === 'forget' && (
          <>
            <p>Its coupons leave this phone. You need the link or the card to get them back.</p>
            <div className="row">
              <Button kind="danger" onClick={() => void forget(shown.claimKey)}>
                Forget it
              </Button>
              <Button onClick={close}>Keep it</Button>
            </div>
          </>
        )}
      </Dialog>
    </details>
  )
}
