import styles from './AddressText.module.css'
import { shortAddress } from './short-address.ts'

/** An address in short form; the whole of it is in the title and for screen readers. */
export function AddressText({ address, href }: { address: string; href?: string | undefined }) {
  const text = (
    <code title={address} className={styles.address}>
      <span aria-hidden="true">{shortAddress(address)}</span>
      <span className="unseen">{address}</span>
    </code>
  )
  return href === undefined ? (
    text
  ) : (
    <a href={href} target="_blank" rel="noreferrer">
      {text}
    </a>
  )
}
