'use client'

import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { type Campaign, countersQuery, ledgerQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Button } from '../../ui/Button.tsx'
import { Ticket } from '../../ui/Card.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import { useClock } from '../../ui/use-clock.ts'
import { CampaignCare } from './CampaignCare.tsx'
import styles from './organise.module.css'
import { downloadGeofence, keptGeofence } from '../../chain/kept-geofences.ts'
import { TermsChange } from './TermsChange.tsx'
import { WindowBadge } from './WindowBadge.tsx'

/** One campaign: its terms, its live count, and what can be done with it now. */
export function CampaignTicket({ book, campaign }: { book: Address; campaign: Campaign }) {
  const config = useConfig()
  const now = useClock()
  const asked = { config, book, campaignId: campaign.id }
  const { data: ledger } = useQuery(ledgerQuery(asked))
  const { data: counters } = useQuery(countersQuery(asked))
  const { terms, pausedAt } = campaign
  const heldUntil = Number(terms.heldUntil)
  const counts = [
    { word: 'issued', count: ledger?.issued },
    { word: 'redeemed', count: ledger?.redeemed },
    { word: 'unused', count: ledger?.unused },
    { word: 'revoked', count: ledger?.revoked },
    ...(heldUntil === 0
      ? []
      : [
          {
            word: 'on standby',
            count: counters && counters.standbyIssued - counters.standbyRevoked,
          },
          { word: 'left for all', count: counters?.leftForAll },
        ]),
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
        <WindowBadge campaign={campaign} now={now} />
      </div>
      <p>
        <TimeRange from={Number(terms.opensAt)} to={Number(terms.closesAt)} />
      </p>
      {pausedAt !== 0n && (
        <p>
          Nobody can use a coupon of it since{' '}
          <TimeRange from={Number(pausedAt)} to={Number(pausedAt)} />.
        </p>
      )}
      {heldUntil !== 0 && (
        <p>
          Unused coupons are held for their holders until{' '}
          <TimeRange from={heldUntil} to={heldUntil} />
          {counters && now >= heldUntil && `; ${releasedText(counters)}`}.
        </p>
      )}
      <p className="soft small">
        Supply {terms.supply.toLocaleString('en-GB')} ·{' '}
        {terms.sites === 0 ? 'any place' : terms.sites === 1 ? '1 site' : `${terms.sites} sites`} ·
        grace {graceText(terms.grace)} · no. {String(campaign.id)}
      </p>
      <div className={styles.deeds}>
        {now > 0 && <CampaignCare book={book} campaign={campaign} counters={counters} now={now} />}
        {now > 0 && counters && (
          <TermsChange book={book} campaign={campaign} counters={counters} now={now} />
        )}
        <SaveGeofence campaign={campaign} />
      </div>
    </Ticket>
  )
}

function releasedText({ shards, shardsCounted }: { shards: bigint; shardsCounted: bigint }) {
  if (shardsCounted === shards) return 'they are released to whoever comes first'
  return shardsCounted === 0n ? 'they are not released yet' : 'a part of them is released'
}

/** A pause in the grace lengthens it by odd seconds; hours are told to a tenth. */
function graceText(seconds: bigint): string {
  return `${Math.round(Number(seconds) / 360) / 10} h`
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
