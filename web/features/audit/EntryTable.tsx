'use client'

import { idOf } from '@coupon-secure/protocol/coupon'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { shortAddress } from '../../ui/short-address.ts'
import { Badge } from '../../ui/Badge.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { blockTimeQuery } from './audit-queries.ts'
import styles from './audit.module.css'
import { EntryDetails } from './EntryDetails.tsx'
import { campaignOf, type Entry } from './history.ts'
import { sentenceOf } from './sentence.ts'

const HEADS = ['When', 'What happened', 'Campaign', 'Coupon and holder', 'Transaction']

const MARKS: Record<
  Entry['kind'],
  { kind: 'plain' | 'info' | 'good' | 'warn' | 'bad'; word: string }
> = {
  redemption: { kind: 'good', word: 'Redeemed' },
  refusal: { kind: 'bad', word: 'Refused' },
  issue: { kind: 'info', word: 'Issued' },
  revocation: { kind: 'bad', word: 'Revoked' },
  reallotment: { kind: 'info', word: 'Re-allotted' },
  release: { kind: 'info', word: 'Released' },
  counting: { kind: 'plain', word: 'Counted' },
  campaign: { kind: 'info', word: 'Campaign' },
  terms: { kind: 'warn', word: 'Terms' },
  pause: { kind: 'warn', word: 'Paused' },
  resumption: { kind: 'warn', word: 'Goes on' },
  closing: { kind: 'plain', word: 'Closed' },
  witness: { kind: 'warn', word: 'Witness' },
  'witness-removed': { kind: 'warn', word: 'Witness' },
  book: { kind: 'plain', word: 'Book' },
}

/** Events as a table; as cards where there is no room for one. */
export function EntryTable({
  book,
  entries,
  names,
}: {
  book: Address
  entries: readonly Entry[]
  names: ReadonlyMap<bigint, string>
}) {
  return (
    <table role="table" className={`${styles.table} ${styles.events}`}>
      <caption className="unseen">Events of this book, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {HEADS.map((head) => (
            <th key={head} role="columnheader" scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {entries.map((entry) => (
          <EntryRow key={entry.key} book={book} entry={entry} names={names} />
        ))}
      </tbody>
    </table>
  )
}

function EntryRow({
  book,
  entry,
  names,
}: {
  book: Address
  entry: Entry
  names: ReadonlyMap<bigint, string>
}) {
  const config = useConfig()
  const [isOpen, setIsOpen] = useState(false)
  const campaignId = campaignOf(entry)
  const { kind, word } = MARKS[entry.kind]
  const hash = <code title={entry.transaction}>{shortAddress(entry.transaction)}</code>

  return (
    <tr role="row">
      <td role="cell" className={styles.when}>
        <BlockTime block={entry.block} at={entry.at} />
        <span className="soft small">block {String(entry.block)}</span>
      </td>
      <td role="cell" className={styles.what}>
        <Badge kind={kind}>{word}</Badge> <span>{sentenceOf(entry)}</span>
        {hasMore(entry) && (
          <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
            <summary>{entry.kind === 'redemption' ? 'Who vouched?' : 'More'}</summary>
            {isOpen && <EntryDetails book={book} entry={entry} />}
          </details>
        )}
      </td>
      <td role="cell" className={styles.campaign}>
        {campaignId === undefined ? (
          <span className="soft">–</span>
        ) : (
          (names.get(campaignId) ?? `Campaign ${campaignId}`)
        )}
      </td>
      <td role="cell" className={styles.who}>
        {'serial' in entry && (
          <span>
            No. {String(entry.serial)}{' '}
            <code className="soft" title={printedId({ entry, book, chainId: config.chainId })}>
              {printedId({ entry, book, chainId: config.chainId }).slice(0, 8)}
            </code>
          </span>
        )}
        {'holder' in entry && <AddressCopy address={entry.holder} label="holder’s address" />}
        {'key_' in entry && <AddressCopy address={entry.key_} label="witness’s address" />}
        {!('serial' in entry) && !('key_' in entry) && <span className="soft">–</span>}
      </td>
      <td role="cell" className={styles.hash}>
        {config.explorerUrl ? (
          <a
            href={`${config.explorerUrl}/tx/${entry.transaction}`}
            target="_blank"
            rel="noreferrer"
          >
            {hash}
          </a>
        ) : (
          hash
        )}
        <CopyButton text={entry.transaction} label="transaction hash" />
      </td>
    </tr>
  )
}

function AddressCopy({ address, label }: { address: Address; label: string }) {
  const { explorerUrl } = useConfig()
  return (
    <span className={styles.address}>
      <AddressText
        address={address}
        href={explorerUrl ? `${explorerUrl}/address/${address}` : undefined}
      />
      <CopyButton text={address} label={label} />
    </span>
  )
}

function BlockTime({ block, at }: { block: bigint; at: bigint | undefined }) {
  const config = useConfig()
  const asked = useQuery({ ...blockTimeQuery({ config, block }), enabled: at === undefined })
  const seconds = at ?? asked.data
  if (seconds === undefined) return <span className="soft">…</span>
  const date = new Date(Number(seconds) * 1000)
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  )
}

function printedId({
  entry,
  book,
  chainId,
}: {
  entry: { campaignId: bigint; serial: bigint }
  book: Address
  chainId: number
}): string {
  return idOf({ chainId, book, campaignId: entry.campaignId, serial: entry.serial })
}

const PLAIN: ReadonlySet<Entry['kind']> = new Set([
  'revocation',
  'reallotment',
  'release',
  'counting',
  'pause',
  'witness-removed',
  'closing',
])

function hasMore({ kind }: Entry): boolean {
  return !PLAIN.has(kind)
}
