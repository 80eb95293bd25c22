'use client'

import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { Button } from '../../ui/Button.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { useWords } from '../../words/use-words.ts'
import { LivePosition } from './LivePosition.tsx'
import type { Redemption } from './redemption.ts'
import styles from './redeem.module.css'

type Step = 'locating' | 'signing-in' | 'asking' | 'confirming'
type UnderWay = Extract<Redemption, { step: Step }>

const NOTHING = { best: undefined, again: undefined }

/** What is happening and what comes next, spoken politely as it changes. */
export function Steps({
  redemption,
  isAsked,
  isByDevice,
  isPretended,
  isByKey,
  document,
  onCancel,
}: {
  redemption: UnderWay
  isAsked: boolean
  /** The oracle reads a managed device: there is no position to take here. */
  isByDevice: boolean
  isPretended: boolean
  /** No wallet is asked: this phone signs with the key of a claim link. */
  isByKey: boolean
  /** The campaign's place, where this phone knows it. */
  document: GeofenceDocument | undefined
  onCancel: () => void
}) {
  const { say, explain } = useWords()
  const shown: Step[] = [
    ...(isAsked && !isByDevice ? (['locating'] as const) : []),
    ...(redemption.step === 'signing-in' ? (['signing-in'] as const) : []),
    ...(isAsked ? (['asking'] as const) : []),
    'confirming',
  ]
  const lineOf = (step: Step) =>
    isByKey && (step === 'signing-in' || step === 'confirming')
      ? 'steps.key'
      : (`steps.${step}` as const)
  const current = shown.indexOf(redemption.step)
  const isRead = isByDevice && redemption.step === 'asking'
  const line = lineOf(redemption.step)
  const doing = say(line)
  const hint = say(isRead ? 'steps.asking.device' : `${line}.hint`)
  const { best, again } = redemption.step === 'locating' ? redemption : NOTHING
  const trying = again && `${say('guide.try', again)} ${explain(again.failure)}`

  return (
    <>
      <ol className={styles.steps}>
        {shown.map((step, index) => (
          <li
            key={step}
            className={index < current ? styles.done : index === current ? styles.doing : ''}
            aria-current={index === current ? 'step' : undefined}
          >
            <span className={styles.bullet} aria-hidden="true">
              {index < current ? '✓' : index === current ? <Spinner /> : index + 1}
            </span>
            {index < current
              ? say(`${lineOf(step)}.done`)
              : say(lineOf(step)).replace(' …', index === current ? ' …' : '')}
          </li>
        ))}
      </ol>
      <p className={styles.hint}>{trying ?? hint}</p>
      {best && <LivePosition position={best} document={document} />}
      {isPretended && (
        <p className={styles.mark} lang="en" dir="ltr">
          Pretended position – local chain only
        </p>
      )}
      <p className="unseen" role="status">
        {doing} {trying ?? hint}
      </p>
      {again && (
        <div className={styles.actions}>
          <Button onClick={onCancel}>{say('guide.cancel')}</Button>
        </div>
      )}
    </>
  )
}
