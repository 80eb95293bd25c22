import type { ReactNode } from 'react'
import { Button } from '../../ui/Button.tsx'
import { useWords } from '../../words/use-words.ts'
import { PretendedMark } from './PretendedMark.tsx'
import styles from './redeem.module.css'

/** Why the position is asked for, and what is not kept, before anybody is asked. */
export function WhyThere({
  way,
  hasNone,
  isByPhone,
  isPretended,
  isReady,
  onGo,
  onLeave,
  children,
}: {
  /** How it comes to the chain. */
  way: 'relayed' | 'handed' | 'wallet'
  /** This browser has no position to give. */
  hasNone: boolean
  /** The phone says where it is, not a managed device. */
  isByPhone: boolean
  isPretended: boolean
  isReady: boolean
  onGo: () => void
  onLeave: () => void
  /** What else is asked for or known. */
  children: ReactNode
}) {
  const { say, rich } = useWords()
  return (
    <>
      <p className={styles.lead}>{say('sheet.lead')}</p>
      <ul className={styles.reasons}>
        <li>
          {rich('sheet.position', {
            source: isByPhone ? 'phone' : 'device',
            b: (inside) => <b>{inside}</b>,
          })}
        </li>
        <li>{say('sheet.notKept')}</li>
        <li>{say('sheet.last', { way })}</li>
      </ul>
      {hasNone && <p>{say('pair.none')}</p>}
      {children}
      {isPretended && <PretendedMark />}
      <div className={styles.actions}>
        <Button kind="main" className={styles.big} onClick={onGo} disabled={!isReady}>
          {say(hasNone ? 'pair.offer' : 'sheet.here')}
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          {say('common.leave')}
        </Button>
      </div>
    </>
  )
}
