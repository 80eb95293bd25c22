'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { type HandedRedemption, writeHanded } from '@coupon-secure/protocol/handed'
import { useConfig } from '../../chain/config.tsx'
import type { Failure } from '../../chain/explain-revert.ts'
import { SendHanded } from '../../chain/SendHanded.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './hand-over.module.css'
import { useNow } from './use-now.ts'
import { leftText } from './when.ts'

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
  const { say, rich, explain } = useWords()
  const config = useConfig()
  const now = useNow()
  const left = Math.max(0, Number(handed.deadline) - now)
  const address = `${location.origin}/send#${writeHanded(handed)}`
  return (
    <div className={styles.handing}>
      {why && (
        <Notice kind="warn" title={say('handing.why')} code={why.code}>
          <p>{explain(why)}</p>
        </Notice>
      )}
      <p className={styles.lead}>{say('handing.lead')}</p>
      <div className={styles.code}>
        <QrCode text={address} label={say('handing.code')} />
      </div>
      <p role="status">{say('handing.waiting')}</p>
      <p className="soft small">{rich('handing.words', { clock: <bdi>{leftText(left)}</bdi> })}</p>
      <details open={config.isDemo}>
        <summary>{say('handing.nobody')}</summary>
        <div className="stack">
          <p className="small">{say('handing.anybody')}</p>
          <SendHanded handed={handed} proof={coupon.proof} />
          <div className="row">
            <CopyButton text={address} label={say('handing.link')} />
          </div>
        </div>
      </details>
    </div>
  )
}
