import styles from './Spinner.module.css'

/** A turning ring for short waits; words beside it say what is awaited. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />
}

/** How far a long deed has come, spoken politely to those who cannot see it. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div className={styles.progress}>
      <div className={styles.words} role="status">
        {label}
      </div>
      <progress value={done} max={total} aria-label={label} />
    </div>
  )
}
