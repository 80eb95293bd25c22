import type { ReactNode } from 'react'
import styles from './Badge.module.css'

/** A word or two of state. */
export function Badge({
  kind = 'plain',
  children,
}: {
  kind?: 'plain' | 'info' | 'good' | 'warn' | 'bad'
  children: ReactNode
}) {
  return <span className={`${styles.badge} ${styles[kind]}`}>{children}</span>
}
