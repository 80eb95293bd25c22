'use client'

import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Badge } from '../../ui/Badge.tsx'
import { chainTotalsQuery } from './audit-queries.ts'
import styles from './audit.module.css'
import type { History } from './read-history.ts'
import { type CampaignTotals, differencesOf } from './totals.ts'

const HEADS = ['Campaign', 'Issued', 'Redeemed', 'Revoked', 'Unused', 'Does the chain agree?']

/** Each campaign's ledger by its events, beside what the contract itself counts. */
export function LedgerTable({
  book,
  totals,
  history,
}: {
  book: Address
  totals: readonly CampaignTotals[]
  history: History
}) {
  return (
    // Roles are spelled out because small screens draw the rows as cards, and browsers then forget the table.
    <table role="table" className={`${styles.table} ${styles.ledger}`}>
      <caption className="unseen">
        The ledger of each campaign: issued equals redeemed plus revoked plus unused
      </caption>
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
        {totals.map((campaign) => (
          <LedgerRow
            key={String(campaign.campaignId)}
            book={book}
            campaign={campaign}
            history={history}
          />
        ))}
      </tbody>
    </table>
  )
}

function LedgerRow({
  book,
  campaign: { campaignId, name, totals, isPaused, isClosed, supply },
  history,
}: {
  book: Address
  campaign: CampaignTotals
  history: History
}) {
  const config = useConfig()
  const chain = useQuery(chainTotalsQuery({ config, book, campaignId, history }))
  const share = (part: bigint) =>
    `${totals.issued === 0n ? 0 : Number((part * 1000n) / totals.issued) / 10}%`

  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <div>
          {name} {isPaused && <Badge kind="warn">Paused</Badge>}
          {isClosed && <Badge>Closed</Badge>}
        </div>
        <span className="soft small">
          No. {String(campaignId)}, at most {supply.toLocaleString('en-GB')}
        </span>
        <span className={styles.bar} aria-hidden="true">
          <span className={styles.redeemed} style={{ width: share(totals.redeemed) }} />
          <span className={styles.revoked} style={{ width: share(totals.revoked) }} />
        </span>
      </th>
      {(['issued', 'redeemed', 'revoked', 'unused'] as const).map((part) => (
        <td key={part} role="cell" data-label={part} className={styles.number}>
          {totals[part].toLocaleString('en-GB')}
        </td>
      ))}
      <td role="cell" className={styles.verdict}>
        {verdict()}
      </td>
    </tr>
  )

  function verdict() {
    if (chain.data === undefined) {
      return chain.error ? (
        <span>
          <Badge kind="warn">Not compared</Badge> {explainRevert(chain.error).sentence}{' '}
          <code>{explainRevert(chain.error).code}</code>
        </span>
      ) : (
        <span className="soft">Asking the contract …</span>
      )
    }
    const differences = differencesOf({ events: totals, chain: chain.data })
    // A number from an earlier block, while the one for the newest is on its way, is no disagreement.
    if (differences.length > 0 && chain.isPlaceholderData) {
      return <span className="soft">Asking the contract …</span>
    }
    return differences.length === 0 ? (
      <Badge kind="good">✓ The chain says the same</Badge>
    ) : (
      <span role="alert">
        <Badge kind="bad">! The chain says otherwise</Badge>{' '}
        {differences.map(({ name: part, chain: says }) => `${part} ${says}`).join(', ')}.{' '}
        <code>LEDGER_DIFFERS</code>
      </span>
    )
  }
}
