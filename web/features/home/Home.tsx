'use client'

import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import styles from './home.module.css'

// What reads the chain comes after what can be read without it.
const BooksOnChain = dynamic(async () => (await import('./BooksOnChain.tsx')).BooksOnChain, {
  ssr: false,
})

const DOORS = ['organise', 'redeem', 'audit'] as const

/** The front page: what this is in one breath, and three doors. */
export function Home() {
  const { say, rich } = useWords()
  const b = (inside: ReactNode) => <b>{inside}</b>
  const span = (inside: ReactNode) => <span>{inside}</span>
  return (
    <div className={styles.home}>
      <section className={styles.hero}>
        <h1>{rich('home.title', { em: (inside) => <em>{inside}</em> })}</h1>
        <p className={styles.breath}>{rich('home.breath', { b })}</p>
        <Specimen />
      </section>

      <nav aria-label={say('home.ask')}>
        <ul className={styles.doors}>
          {DOORS.map((door) => (
            <li key={door}>
              <Link href={`/${door}`} className={styles.door}>
                <span className={styles.stub} aria-hidden="true" />
                <span className={styles.who}>{say(`home.${door}.who`)}</span>
                <span className={styles.verb}>{say(`nav.${door}`)}</span>
                <span className={styles.what}>{say(`home.${door}.what`)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>

      <section className={styles.sum} aria-label={say('home.sum')}>
        <p>{rich('home.sum.equation', { span })}</p>
        <p className="soft">{say('home.sum.words')}</p>
      </section>

      <section className="stack" aria-labelledby="books">
        <h2 id="books">{say('home.books')}</h2>
        <BooksOnChain door="redeem" />
      </section>
    </div>
  )
}

/** A coupon as a picture of the four promises; screen readers have them in the words beside it. */
function Specimen() {
  const { say } = useWords()
  return (
    <div className={styles.specimen} aria-hidden="true">
      <div className={styles.specimenBody}>
        <b>{say('home.specimen.lunch')}</b>
        <dl>
          <dt>{say('home.specimen.who')}</dt>
          <dd>{say('home.specimen.holder')}</dd>
          <dt>{say('home.specimen.when')}</dt>
          <dd>
            <bdi>12:30 – 14:00</bdi>
          </dd>
          <dt>{say('home.specimen.where')}</dt>
          <dd>{say('home.specimen.hall')}</dd>
        </dl>
      </div>
      <div className={styles.specimenStub}>
        <span>{say('home.specimen.once')}</span>
      </div>
    </div>
  )
}
