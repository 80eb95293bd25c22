'use client'

import { useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { Card } from '../../ui/Card.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import styles from './organise.module.css'

/** The holders' page as a link and as a code to print: whoever has a coupon finds it there. */
export function ShareBook({ book }: { book: Address }) {
  // The server does not know under which address the browser reaches it.
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => window.location.origin,
    () => '',
  )
  const link = `${origin}/redeem/${book}`
  return (
    <Card title="Share it">
      <p className="soft small">
        Holders find what they can use here. It opens for everybody and gives nothing away: a coupon
        is used by its holder alone.
      </p>
      {origin !== '' && (
        <>
          <p className="row small">
            <a href={link} className={styles.link}>
              {link}
            </a>
            <CopyButton text={link} label="the link to the holders’ page" />
          </p>
          <details>
            <summary>Show it as a QR code</summary>
            <div className={styles.share}>
              <QrCode text={link} label="A QR code that leads to the holders’ page" />
            </div>
          </details>
        </>
      )}
    </Card>
  )
}
