'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { Address } from 'viem'
import styles from './book-nav.module.css'

/** The rooms of a book's desk, in the order of a gathering. */
export function BookNav({ book }: { book: Address }) {
  const path = usePathname()
  const desk = `/organise/${book}`
  const rooms = [
    { href: desk, name: 'Campaigns' },
    { href: `${desk}/watch`, name: 'Watch' },
    { href: `${desk}/leftovers`, name: 'Leftovers' },
    { href: `${desk}/people`, name: 'People and devices' },
  ]
  return (
    <nav className={styles.rooms} aria-label="This book">
      {rooms.map(({ href, name }) => {
        const isHere = path.toLowerCase() === href.toLowerCase()
        return (
          <Link key={href} href={href} aria-current={isHere ? 'page' : undefined}>
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
