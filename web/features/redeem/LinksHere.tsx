'use client'

import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { useState } from 'react'
import { type ClaimKey, forgetClaimKey } from '../../chain/claim-keys.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './hand-over.module.css'
import { ScanButton } from './ScanButton.tsx'

/** The claim links that were opened on this phone: carried to another one, or forgotten. */
export function LinksHere({ keys, onChange }: { keys: readonly ClaimKey[]; onChange: () => void }) {
  const [shown, setShown] = useState<{ claimKey: ClaimKey; deed: 'carry' | 'forget' }>()
  const { say } = useWords()
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
      <summary>{say('links.kept', { count: keys.length })}</summary>
      <ul className={styles.links}>
        {keys.map((claimKey) => (
          <li key={claimKey.holder} className="row">
            <AddressText address={claimKey.holder} />
            <Button onClick={() => setShown({ claimKey, deed: 'carry' })}>
              {say('links.carry')}
            </Button>
            <Button kind="danger" onClick={() => setShown({ claimKey, deed: 'forget' })}>
              {say('links.forget')}
            </Button>
          </li>
        ))}
      </ul>
      <ScanButton />
      <Dialog
        title={say(shown?.deed === 'carry' ? 'links.carry.title' : 'links.forget.title')}
        isOpen={shown !== undefined}
        onClose={close}
      >
        {shown?.deed === 'carry' && (
          <>
            <p>{say('links.carry.words')}</p>
            <QrCode
              text={`${location.origin}/c#${writeClaimLink(shown.claimKey)}`}
              label={say('links.carry.code')}
            />
          </>
        )}
        {shown?.deed === 'forget' && (
          <>
            <p>{say('links.forget.words')}</p>
            <div className="row">
              <Button kind="danger" onClick={() => void forget(shown.claimKey)}>
                {say('links.forget.sure')}
              </Button>
              <Button onClick={close}>{say('links.keep')}</Button>
            </div>
          </>
        )}
      </Dialog>
    </details>
  )
}
