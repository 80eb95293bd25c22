import styles from './redeem.module.css'

/** Says that a position is made up, where one is. */
export function PretendedMark() {
  return (
    <p className={styles.mark} lang="en" dir="ltr">
      Pretended position – local chain only
    </p>
  )
}
