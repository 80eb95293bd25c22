'use client'

import { shardOf, seatOf } from '@coupon-secure/protocol/coupon'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import { vouchersQuery } from './audit-queries.ts'
import styles from './audit.module.css'
import type { Entry, Terms } from './history.ts'
import { classesText } from './sentence.ts'

const MOST_HOLDERS = 100

/** What an entry says beyond its sentence. */
export function EntryDetails({ book, entry }: { book: Address; entry: Entry }) {
  switch (entry.kind) {
    case 'redemption':
      return <VouchersOf book={book} entry={entry} />
    case 'campaign':
      return (
        <>
          <TermsOf terms={entry.terms} />
          {entry.details !== '' && <p className={styles.details}>{entry.details}</p>}
        </>
      )
    case 'terms':
      return <TermsOf terms={entry.terms} />
    case 'issue':
      return (
        <ol className={styles.holders}>
          {entry.holders.slice(0, MOST_HOLDERS).map((holder, index) => (
            <li key={index}>
              <AddressText address={holder} />
            </li>
          ))}
          {entry.holders.length > MOST_HOLDERS && (
            <li>… and {entry.holders.length - MOST_HOLDERS} more</li>
          )}
        </ol>
      )
    case 'witness':
      return (
        <Facts
          facts={[
            ['Vouches as', classesText(entry.classes)],
            ['Until', timeText(entry.until)],
          ]}
        />
      )
    case 'book':
      return <Facts facts={entry.facts} />
    case 'revocation':
    case 'closing':
    case 'witness-removed':
      return null
  }
}

function VouchersOf({
  book,
  entry,
}: {
  book: Address
  entry: Extract<Entry, { kind: 'redemption' }>
}) {
  const config = useConfig()
  const asked = useQuery(vouchersQuery({ config, book, transaction: entry.transaction }))
  if (asked.data === undefined) {
    return asked.error ? (
      <p role="alert">
        {explainRevert(asked.error).sentence} <code>{explainRevert(asked.error).code}</code>
      </p>
    ) : (
      <p className="soft">Reading the transaction …</p>
    )
  }
  const coupon: [string, ReactNode][] = [
    ['Sent by', <AddressText key="from" address={asked.data.from} />],
    ['Coupon', `shard ${shardOf(entry.serial)}, seat ${seatOf(entry.serial)}`],
  ]
  if (asked.data.kind === 'unreadable') {
    return (
      <>
        <Facts facts={coupon} />
        <p className="soft">
          It was sent through another contract, so its statements cannot be read from the outside.
          The book checked them all the same.
        </p>
      </>
    )
  }
  return (
    <>
      <Facts facts={coupon} />
      {asked.data.vouchers.length === 0 && (
        <p className="soft">Nobody: the campaign asks for no witness.</p>
      )}
      {asked.data.vouchers.map((voucher) => (
        <Facts
          key={voucher.evidenceHash}
          facts={[
            ['Witness', <AddressText key="witness" address={voucher.witness} />],
            ['Saw the holder', timeText(voucher.observedAt)],
            ['Good until', timeText(voucher.validUntil)],
            [
              'Evidence',
              <code key="evidence" className={styles.long}>
                {voucher.evidenceHash}
              </code>,
            ],
          ]}
        />
      ))}
    </>
  )
}

function TermsOf({ terms }: { terms: Terms }) {
  return (
    <Facts
      facts={[
        ['Open', <TimeRange key="open" from={Number(terms.opensAt)} to={Number(terms.closesAt)} />],
        ['Settled until', timeText(terms.closesAt + terms.grace)],
        ['At most', `${terms.supply.toLocaleString('en-GB')} coupons`],
        ['Sites', terms.sites === 0 ? 'none named' : String(terms.sites)],
        ['Asks for', classesText(terms.requiredWitnesses)],
        [
          'Geofence',
          <code key="geofence" className={styles.long}>
            {terms.geofenceHash}
          </code>,
        ],
      ]}
    />
  )
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function timeText(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
}
