'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { campaignsQuery, ledgerQuery, witnessesQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Card } from '../../ui/Card.tsx'
import { useClock } from '../../ui/use-clock.ts'
import { type Check, checksOf } from './checklist.ts'
import { oracleQuery, placeQuery } from './oracle-query.ts'
import styles from './organise.module.css'

/** What the book still lacks before coupons can be used, in the order to do it, each with where it is done. */
export function Checklist({ book }: { book: Address }) {
  const config = useConfig()
  const now = useClock()
  const witnesses = useQuery(witnessesQuery({ config, book }))
  const { data: campaigns = [] } = useQuery(campaignsQuery({ config, book }))
  const oracle = useQuery(oracleQuery(config))
  const ledgers = useQueries({
    queries: campaigns.map(({ id }) => ledgerQuery({ config, book, campaignId: id })),
  })
  const places = useQueries({
    queries: campaigns.map(({ terms }) => placeQuery({ config, geofenceHash: terms.geofenceHash })),
  })
  const checks = checksOf({
    book,
    campaigns,
    ledgers: ledgers.map(({ data }) => data),
    witnesses: witnesses.data,
    oracle: oracle.data?.ok === true ? oracle.data.answer : oracle.data,
    unknownPlaces: campaigns
      .filter((_, index) => places[index]?.data === false)
      .map(({ id }) => id),
    now,
  })
  const done = checks.filter(({ isDone }) => isDone).length

  return (
    <Card
      title="Before people come"
      aside={
        <span className="soft small">
          {done} of {checks.length} done
        </span>
      }
    >
      <ol className={styles.checks}>
        {checks.map((check) => (
          <Item key={check.title} check={check} />
        ))}
      </ol>
    </Card>
  )
}

function Item({ check: { title, detail, isDone, href } }: { check: Check }) {
  return (
    <li className={isDone ? styles.done : ''}>
      <span className={styles.tick} aria-hidden="true">
        ✓
      </span>
      <div>
        <strong>{href !== undefined && !isDone ? <a href={href}>{title}</a> : title}</strong>
        <span className="unseen">{isDone ? ' – done' : ' – missing'}</span>
        <p className="soft small">{detail}</p>
      </div>
    </li>
  )
}
