'use client'

import Link from 'next/link'
import { LanguageChoice } from '../words/LanguageChoice.tsx'
import { useShellWords } from '../words/Speaking.tsx'
import { DemoBar } from './demo-bar.tsx'
import styles from './header.module.css'
import { NavLink } from './nav-link.tsx'
import { NetworkNotice } from './network-notice.tsx'
import { WalletButton } from './wallet-button.tsx'

/** The head of every page: where one can go, and whose wallet is here. */
export function Header() {
  const { say } = useShellWords()
  return (
    <>
      <DemoBar />
      <header className={styles.header}>
        <div className={styles.inside}>
          <Link href="/" prefetch={false} className={styles.name}>
            {/* eslint-disable-next-line @next/next/no-img-element -- a local icon of half a kilobyte */}
            <img src="/icon.svg" alt="" width={28} height={28} />
            Coupon Secure
          </Link>
          <nav className={styles.nav} aria-label={say('nav.main')}>
            <NavLink href="/organise">{say('nav.organise')}</NavLink>
            <NavLink href="/redeem">{say('nav.redeem')}</NavLink>
            <NavLink href="/audit">{say('nav.audit')}</NavLink>
          </nav>
          <div className={styles.language}>
            <LanguageChoice />
          </div>
          <WalletButton />
        </div>
      </header>
      <NetworkNotice />
    </>
  )
}
