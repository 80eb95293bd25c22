'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { type Address, isAddressEqual } from 'viem'
import { campaignsQuery, ledgerQuery, witnessesQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Card } from '../../ui/Card.tsx'
import { oracleQuery } from './oracle-query.ts'
import styles from './organise.module.css'

/** What the book still lacks before coupons can be used, in the order to do it. */
export function Checklist({ book }: { book: Address }) {
  const config = useConfig()
  const witnesses = useQuery(witnessesQuery({ config, book }))
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const oracle = useQuery(oracleQuery(config))
  const ledgers = useQueries({
    queries: (campaigns.data ?? []).map(({ id }) => ledgerQuery({ config, book, campaignId: id })),
  })

  const answer = oracle.data?.ok === true ? oracle.data.answer : undefined
  const empty = (campaigns.data ?? []).filter((_, index) => ledgers[index]?.data?.issued === 0n)
  const hasCampaigns = (campaigns.data ?? []).length > 0
  const isWitness =
    answer !== undefined &&
    witnesses.data?.some(({ key }) => isAddressEqual(key, answer.address)) === true

  return (
    <Card title="Before people come">
      <ol className={styles.checks}>
        <Item
          isDone={answer !== undefined}
          title="The oracle answers"
          detail={
            oracle.data?.ok === false
              ? `${oracle.data.sentence} (${oracle.data.code})`
              : 'It vouches where people are.'
          }
        />
        <Item
          isDone={isWitness}
          title="The book believes the oracle"
          detail={
            isWitness
              ? 'It is a location witness of this book.'
              : 'This app’s oracle is no witness of the book: campaigns that ask for a place could not be used.'
          }
        />
        <Item
          isDone={hasCampaigns}
          title="A campaign"
          detail={
            hasCampaigns
              ? `${campaigns.data?.length} in this book.`
              : 'One for each meal: when, where, how many.'
          }
          href="#new-campaign"
        />
        <Item
          isDone={hasCampaigns && empty.length === 0 && ledgers.every(({ data }) => data)}
          title="Coupons issued"
          detail={
            empty.length > 0
              ? `None yet in: ${empty.map(({ name }) => name).join(', ')}.`
              : 'Give them to a list of people, with wallets or without.'
          }
          href="#issue"
        />
      </ol>
    </Card>
  )
}

function Item({
  isDone,
  title,
  detail,
  href,
}: {
  isDone: boolean
  title: string
  detail: string
  href?: string
}) {
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
