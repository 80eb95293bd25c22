'use client'

import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './pairing.module.css'
import type { Again } from './redemption.ts'
import { useNow } from './use-now.ts'
import type { Shown } from './wallet-side.ts'

/** The code for a person's other browser: a link to copy, a QR to scan, sixteen digits to type; and how far it is. */
export function PairingPanel({
  shown: { code, expiresAt, isOpened, isOld },
  again,
  onCancel,
}: {
  shown: Shown
  again: Again | undefined
  onCancel: () => void
}) {
  const { say, explain } = useWords()
  const now = useNow()
  const [hasCopied, setHasCopied] = useState(false)
  const left = Math.max(0, expiresAt - now)
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  // In the fragment: no server ever hears of it.
  const address = `${location.origin}/there#${code}`
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    setHasCopied(true)
  }

  return (
    <div className={styles.panel}>
      {again && (
        <Notice kind="warn" title={say('guide.try', again)} code={again.failure.code}>
          <p>{explain(again.failure)}</p>
        </Notice>
      )}
      {isOld && (
        <Notice kind="warn">
          <p>{say('pair.old')}</p>
        </Notice>
      )}
      <p className={styles.lead}>{say('pair.title')}</p>
      <p>{say('pair.paste')}</p>
      <Button kind="main" className={styles.big} onClick={() => void copy()}>
        {say(hasCopied ? 'common.copied' : 'pair.copy')}
      </Button>
      <div className={styles.qr}>
        <QrCode text={address} label={say('pair.qr')} />
      </div>
      <p>{say('pair.type', { address: `${location.host}/there` })}</p>
      <p>
        <code className={styles.code} dir="ltr">
          {code}
        </code>
      </p>
      <p className="soft small">{say('pair.left', { time })}</p>
      <p role="status">{say(isOpened ? 'pair.opened' : 'pair.waiting')}</p>
      {isOpened && <p className="soft small">{say('pair.notYou')}</p>}
      <Button onClick={onCancel}>{say('guide.cancel')}</Button>
    </div>
  )
}
