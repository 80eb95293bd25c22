import type { ReactNode } from 'react'
import styles from './Card.module.css'

/** A sheet of paper with an optional heading and something at its right. */
export function Card({
  title,
  aside,
  children,
  id,
}: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className={styles.card} id={id}>
      {(title !== undefined || aside !== undefined) && (
        <div className={styles.head}>
          {title !== undefined && <h2>{title}</h2>}
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}

/** A coupon-shaped sheet: what matters on the left, a torn-off stub on the right (below, on a phone). */
export function Ticket({
  children,
  stub,
  isSpent = false,
}: {
  children: ReactNode
  stub?: ReactNode
  isSpent?: boolean
}) {
  return (
    <article className={`${styles.ticket} ${isSpent ? styles.spent : ''}`}>
      <div className={styles.body}>{children}</div>
      {stub !== undefined && <div className={styles.stub}>{stub}</div>}
    </article>
  )
}
