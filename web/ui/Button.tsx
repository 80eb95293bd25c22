import Link from 'next/link'
import type { ComponentProps } from 'react'
import styles from './Button.module.css'
import { Spinner } from './Spinner.tsx'

/** How much a button asks for: the page's one main deed, another deed, a quiet one, one that takes away. */
export type ButtonKind = 'main' | 'other' | 'quiet' | 'danger'

/** A button; while it is busy it says so and does nothing else. */
export function Button({
  kind = 'other',
  isBusy = false,
  disabled,
  className = '',
  children,
  ...rest
}: ComponentProps<'button'> & { kind?: ButtonKind; isBusy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={`${styles.button} ${styles[kind]} ${className}`}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  )
}

/** A link that looks like a button, for going somewhere. */
export function ButtonLink({
  kind = 'other',
  className = '',
  ...rest
}: ComponentProps<typeof Link> & { kind?: ButtonKind }) {
  return <Link {...rest} className={`${styles.button} ${styles[kind]} ${className}`} />
}

/** A link that looks like a button, out of the app: to a wallet on this device. */
export function OutLink({ className = '', ...rest }: ComponentProps<'a'>) {
  return <a {...rest} className={`${styles.button} ${styles.main} ${className}`} />
}
