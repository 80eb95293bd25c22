'use client'

import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { type Campaign, campaignsQuery, ledgerQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Ticket } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import styles from './organise.module.css'
import { downloadGeofence, keptGeofence } from './saved-geofences.ts'

/** The book's campaigns, each with its live count. */
export function CampaignList({ book }: { book: Address }) {
  const config = useConfig()
  const { data, error, isPending } = useQuery(campaignsQuery({ config, book }))
  return (
    <section className="stack" aria-labelledby="campaigns">
      <h2 id="campaigns">Campaigns</h2>
      {isPending && (
        <p className="row soft" role="status">
          <Spinner /> Reading the chain…
        </p>
      )}
      {error && (
        <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
      )}
      {data?.length === 0 && <p className="soft">None yet. Make the first one below.</p>}
      {data?.map((campaign) => (
        <CampaignTicket key={campaign.id} book={book} campaign={campaign} />
      ))}
    </section>
  )
}

function CampaignTicket({ book, campaign }: { book: Address; campaign: Campaign }) {
  const config = useConfig()
  const { data: ledger } = useQuery(ledgerQuery({ config, book, campaignId: campaign.id }))
  const { terms } = campaign
  const counts = [
    { word: 'issued', count: ledger?.issued },
    { word: 'redeemed', count: ledger?.redeemed },
    { word: 'unused', count: ledger?.unused },
    { word: 'revoked', count: ledger?.revoked },
  ]
  return (
    <Ticket
      stub={
        <dl className={styles.counts}>
          {counts.map(({ word, count }) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{count === undefined ? '–' : count.toLocaleString('en-GB')}</dd>
            </div>
          ))}
        </dl>
      }
    >
      <div className="row">
        <h3>{campaign.name}</h3>
        <WindowBadge opensAt={Number(terms.opensAt)} closesAt={Number(terms.closesAt)} />
      </div>
      <p>
        <TimeRange from={Number(terms.opensAt)} to={Number(terms.closesAt)} />
      </p>
      <p className="soft small">
        Supply {terms.supply.toLocaleString('en-GB')} ·{' '}
        {terms.sites === 0 ? 'any place' : terms.sites === 1 ? '1 site' : `${terms.sites} sites`} ·
        grace {Number(terms.grace) / 3600} h · no. {String(campaign.id)}
      </p>
      <SaveGeofence campaign={campaign} />
    </Ticket>
  )
}

function SaveGeofence({ campaign }: { campaign: Campaign }) {
  const hash = campaign.terms.geofenceHash
  const isKept = useSyncExternalStore(
    () => () => undefined,
    () => keptGeofence(hash) !== undefined,
    () => false,
  )
  if (!isKept) return null
  const save = () => {
    const document = keptGeofence(hash)
    if (document) downloadGeofence({ name: campaign.name, document })
  }
  return (
    <div>
      <Button kind="quiet" onClick={save} aria-label={`Save the geofence of ${campaign.name}`}>
        Save the geofence
      </Button>
    </div>
  )
}

function WindowBadge({ opensAt, closesAt }: { opensAt: number; closesAt: number }) {
  const now = useSyncExternalStore(everyHalfMinute, halfMinutes, () => 0) * 30
  if (now === 0) return null
  if (now < opensAt) return <Badge kind="info">Opens later</Badge>
  return now < closesAt ? <Badge kind="good">Open now</Badge> : <Badge>Over</Badge>
}

function everyHalfMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, 5_000)
  return () => clearInterval(timer)
}

function halfMinutes(): number {
  return Math.floor(Date.now() / 30_000)
}
