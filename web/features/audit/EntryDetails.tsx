'use client'

import { isStandby, shardOf, seatOf } from '@coupon-secure/protocol/coupon'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { explainErrorData, explainRevert } from '../../chain/explain-revert.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import { blockTimeQuery, vouchersQuery } from './audit-queries.ts'
import styles from './audit.module.css'
import type { Entry, Terms } from './history.ts'
import { classesText } from './sentence.ts'
import { useHistory } from './use-history.ts'
import { classesOfSender } from './vouchers.ts'

const MOST_HOLDERS = 100

/** What an entry says beyond its sentence. */
export function EntryDetails({ book, entry }: { book: Address; entry: Entry }) {
  switch (entry.kind) {
    case 'redemption':
      return <VouchersOf book={book} entry={entry} />
    case 'refusal':
      return (
        <Facts
          facts={[
            ['Coupon', couponText(entry)],
            ['Error', <code key="error">{explainErrorData(entry.why).code}</code>],
          ]}
        />
      )
    case 'campaign':
      return (
        <>
          <TermsOf terms={entry.terms} />
          {entry.details !== '' && <p className={styles.details}>{entry.details}</p>}
        </>
      )
    case 'terms':
    case 'resumption':
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
            ['From', timeText(entry.from)],
            ['Until', timeText(entry.until)],
          ]}
        />
      )
    case 'book':
      return <Facts facts={entry.facts} />
    case 'revocation':
    case 'reallotment':
    case 'pause':
    case 'release':
    case 'counting':
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
  const asked = useQuery(vouchersQuery({ config, book, redemption: entry }))
  const history = useHistory(book)
  const block = useQuery({
    ...blockTimeQuery({ config, block: entry.block }),
    enabled: entry.at === undefined,
  })
  const at = entry.at ?? block.data
  if (asked.data === undefined || at === undefined) {
    const error = asked.error ?? block.error
    return error ? (
      <p role="alert">
        {explainRevert(error).sentence} <code>{explainRevert(error).code}</code>
      </p>
    ) : (
      <p className="soft">Reading the transaction …</p>
    )
  }
  const { from } = asked.data
  const classes = classesOfSender({
    entries: history.data?.entries ?? [],
    sender: from,
    redemption: entry,
    at,
  })
  const facts: [string, ReactNode][] = [
    ['Coupon', couponText(entry)],
    ['Sent by', <AddressText key="from" address={from} />],
  ]
  if (classes !== 0)
    facts.push(['Witness too', `vouches by sending it, as ${classesText(classes)}`])
  if (asked.data.kind === 'unreadable') {
    return (
      <>
        <Facts facts={facts} />
        <p className="soft">
          The transaction does not say plainly which statements were this coupon’s: it came through
          another contract, or names the coupon twice. The book checked them all the same.
        </p>
      </>
    )
  }
  const { vouchers, sentBy } = asked.data
  return (
    <>
      <Facts
        facts={[
          ...facts,
          ['For', sentBy === 'holder' ? 'themselves' : 'the holder, who signed for it'],
        ]}
      />
      {vouchers.length === 0 && classes === 0 && (
        <p className="soft">Nobody: the campaign asks for no witness.</p>
      )}
      {vouchers.map(({ witness, observedAt, validUntil, evidenceHash, r }) => (
        <Facts
          key={r}
          facts={[
            [
              'Witness',
              witness ? <AddressText key="witness" address={witness} /> : 'its signature is broken',
            ],
            ['Saw the holder', timeText(observedAt)],
            ['Good until', timeText(validUntil)],
            [
              'Evidence',
              <code key="evidence" className={styles.long}>
                {evidenceHash}
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
        ...(terms.heldUntil === 0n ? [] : [['Held until', timeText(terms.heldUntil)] as const]),
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

function couponText({ serial }: { serial: bigint }): string {
  return `shard ${shardOf(serial)}, seat ${seatOf(serial)}${isStandby(serial) ? ', standby' : ''}`
}

function timeText(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
}
