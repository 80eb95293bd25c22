import Link from 'next/link'
import { BooksOnChain } from './BooksOnChain.tsx'
import styles from './home.module.css'

const DOORS = [
  {
    href: '/organise',
    verb: 'Organise',
    who: 'You feed a crowd.',
    what: 'Open a book, draw the places on a map, set the hours, issue a coupon to everybody on your list.',
  },
  {
    href: '/redeem',
    verb: 'Redeem',
    who: 'You are hungry.',
    what: 'See what you can use here and now, and use it in two taps when you stand at the counter.',
  },
  {
    href: '/audit',
    verb: 'Audit',
    who: 'You want to know.',
    what: 'Read every issue and every redemption, and check that they add up. Nobody’s permission is needed.',
  },
] as const

/** The front page: what this is in one breath, and three doors. */
export function Home() {
  return (
    <div className={styles.home}>
      <section className={styles.hero}>
        <h1>
          One coupon, <em>one meal</em>, and nobody’s word for it.
        </h1>
        <p className={styles.breath}>
          Coupon Secure gives out meal coupons that can be used <b>once</b>, by <b>their holder</b>,{' '}
          <b>in their hours</b>, <b>at their place</b>. A public chain holds them to it, so anyone
          can count what was issued, used and left over.
        </p>
        <Specimen />
      </section>

      <nav aria-label="What would you like to do?">
        <ul className={styles.doors}>
          {DOORS.map(({ href, verb, who, what }) => (
            <li key={href}>
              <Link href={href} className={styles.door}>
                <span className={styles.stub} aria-hidden="true" />
                <span className={styles.who}>{who}</span>
                <span className={styles.verb}>{verb}</span>
                <span className={styles.what}>{what}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>

      <section className={styles.sum} aria-label="The ledger of every campaign">
        <p>
          <span>issued</span> = <span>redeemed</span> + <span>revoked</span> + <span>unused</span>
        </p>
        <p className="soft">
          True for every campaign, at every block. The contract keeps it so; the audit page counts
          again in front of you.
        </p>
      </section>

      <section className="stack" aria-labelledby="books">
        <h2 id="books">Books on this chain</h2>
        <BooksOnChain door="redeem" />
      </section>
    </div>
  )
}

/** A coupon as a picture of the four promises; screen readers have them in the words beside it. */
function Specimen() {
  return (
    <div className={styles.specimen} aria-hidden="true">
      <div className={styles.specimenBody}>
        <b>Lunch</b>
        <dl>
          <dt>who</dt>
          <dd>its holder</dd>
          <dt>when</dt>
          <dd>12:30 – 14:00</dd>
          <dt>where</dt>
          <dd>the mess hall</dd>
        </dl>
      </div>
      <div className={styles.specimenStub}>
        <span>once</span>
      </div>
    </div>
  )
}
