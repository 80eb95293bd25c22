'use client'

import type { ReactNode } from 'react'
import { useShellWords } from '../words/Speaking.tsx'
import styles from './Notice.module.css'

/** What a notice is about. */
export type NoticeKind = 'info' | 'good' | 'warn' | 'bad'

const MARKS: Record<NoticeKind, string> = { info: 'i', good: '✓', warn: '!', bad: '×' }

/** A message to the person; bad news is announced at once, the rest politely. `code` is what support asks for. */
export function Notice({
  kind = 'info',
  title,
  code,
  children,
  action,
}: {
  kind?: NoticeKind
  title?: ReactNode
  code?: string | undefined
  children?: ReactNode
  action?: ReactNode
}) {
  const { say } = useShellWords()
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <span className={styles.mark} aria-hidden="true">
        {MARKS[kind]}
      </span>
      <div className={styles.words}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children}
        {code !== undefined && (
          <p className={styles.code}>
            {say('common.code')} <code>{code}</code>
          </p>
        )}
        {action !== undefined && <div className={styles.action}>{action}</div>}
      </div>
    </div>
  )
}
