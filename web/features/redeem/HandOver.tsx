'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { type HandedRedemption, writeHanded } from '@coupon-secure/protocol/handed'
import { useConfig } from '../../chain/config.tsx'
import type { Failure } from '../../chain/explain-revert.ts'
import { SendHanded } from '../../chain/SendHanded.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import styles from './hand-over.module.css'
import { useNow } from './use-now.ts'

/** A redemption that this phone has signed and cannot pay for: a code for whoever sends it, until the chain shows it. */
export function HandOver({
  handed,
  coupon,
  why,
}: {
  handed: HandedRedemption
  coupon: HeldCoupon
  /** Why the relayer does not send it; there may be none. */
  why?: Failure
}) {
  const config = useConfig()
  const now = useNow()
  const left = Math.max(0, Number(handed.deadline) - now)
  const address = `${location.origin}/send#${writeHanded(handed)}`
  return (
    <div className={styles.handing}>
      {why && (
        <Notice kind="warn" title="It has to be sent another way" code={why.code}>
          <p>{why.sentence}</p>
        </Notice>
      )}
      <p className={styles.lead}>Signed. Now show this to the staff.</p>
      <div className={styles.code}>
        <QrCode text={address} label="Your signed coupon, for the staff to scan and send" />
      </div>
      <p role="status">Waiting for it to be sent. This turns green by itself.</p>
      <p className="soft small">
        Good for {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}. The staff scan it
        with a phone that has a wallet, and send it: the network’s fee is theirs. It holds no
        secret, and can do nothing but use this coupon here.
      </p>
      <details open={config.isDemo}>
        <summary>Nobody to scan it?</summary>
        <div className="stack">
          <p className="small">
            Anybody with a wallet can send it, you too, or whoever you send it to.
          </p>
          <SendHanded handed={handed} proof={coupon.proof} />
          <div className="row">
            <CopyButton text={address} label="the signed coupon as a link" />
          </div>
        </div>
      </details>
    </div>
  )
}
