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

type Line = { doing: string; done: string; hint: string }

const LINES: Record<Step, Line> = {
  locating: {
    doing: 'Finding where you are …',
    done: 'Position taken',
    hint: 'Hold the phone still, with a view of the sky if you can.',
  },
  'signing-in': {
    doing: 'Sign in with your wallet',
    done: 'Signed in',
    hint: 'Once for this book: it lets this phone speak to the oracle for you. It costs nothing.',
  },
  asking: {
    doing: 'Asking the location oracle …',
    done: 'The oracle vouches for you',
    hint: 'This takes a second or two.',
  },
  confirming: {
    doing: 'Confirm in your wallet',
    done: 'Confirmed',
    hint: 'Your wallet is asking you. The coupon is used only when you confirm there.',
  },
}

const NOTHING = { best: undefined, again: undefined }

const SIGNING: Line = {
  doing: 'Signing …',
  done: 'Signed',
  hint: 'This phone signs with the key of your link.',
}
const BY_KEY: Record<Step, Line> = { ...LINES, 'signing-in': SIGNING, confirming: SIGNING }

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
  const shown: Step[] = [
    ...(isAsked && !isByDevice ? (['locating'] as const) : []),
    ...(redemption.step === 'signing-in' ? (['signing-in'] as const) : []),
    ...(isAsked ? (['asking'] as const) : []),
    'confirming',
  ]
  const lines = isByKey ? BY_KEY : LINES
  const current = shown.indexOf(redemption.step)
  const isRead = isByDevice && redemption.step === 'asking'
  const { doing } = lines[redemption.step]
  const hint = isRead
    ? 'It wakes your managed device. That may take ten seconds.'
    : lines[redemption.step].hint
  const { best, again } = redemption.step === 'locating' ? redemption : NOTHING
  const { say, explain } = useWords()
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
              ? lines[step].done
              : lines[step].doing.replace(' …', index === current ? ' …' : '')}
          </li>
        ))}
      </ol>
      <p className={styles.hint}>{trying ?? hint}</p>
      {best && <LivePosition position={best} document={document} />}
      {isPretended && <p className={styles.mark}>Pretended position – local chain only</p>}
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
