import type { ReactNode } from 'react'
import styles from './Table.module.css'

/** A table that scrolls sideways in its own frame, never the page. */
export function Table({
  caption,
  head,
  children,
}: {
  caption: string
  head: readonly ReactNode[]
  children: ReactNode
}) {
  return (
    // A frame that scrolls must be reachable by keyboard.
    <div className={styles.frame} role="region" tabIndex={0} aria-label={caption}>
      <table className={styles.table}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
