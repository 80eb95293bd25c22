'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import styles from './header.module.css'

/** A link of the main navigation; it knows whether its room is the open one. */
export function NavLink({ href, children }: { href: string; children: string }) {
  const path = usePathname()
  const isHere = path === href || path.startsWith(`${href}/`)
  return (
    // Not fetched ahead: a holder on a thin line does not pay for rooms that are not entered.
    <Link
      href={href}
      prefetch={false}
      className={styles.link}
      aria-current={isHere ? 'page' : undefined}
    >
      {children}
    </Link>
  )
}
