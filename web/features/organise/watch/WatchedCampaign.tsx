'use client'

import { Card } from '../../../ui/Card.tsx'
import { explainRevert } from '../../../chain/explain-revert.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { momentText } from '../../../ui/range-text.ts'
import { Table } from '../../../ui/Table.tsx'
import { TimeRange } from '../../../ui/TimeRange.tsx'
import { WindowBadge } from '../WindowBadge.tsx'
import type { Counted } from './alerts.ts'
import { forecastOf, forecastWords, leftToCome, siteCountsOf } from './pace.ts'
import { PaceChart } from './PaceChart.tsx'
import type { Pace } from './read-pace.ts'
import styles from './watch.module.css'

/** One campaign as it goes: its numbers, its sites, its redemptions by the minute, and when its queue ends. */
export function WatchedCampaign({
  counted: { campaign, ledger, counters },
  pace,
  paceError,
  now,
}: {
  counted: Counted
  pace: Pace | undefined
  paceError: Error | undefined
  /** Unix seconds. */
  now: number
}) {
  const { id, name, terms } = campaign
  const window = { opensAt: Number(terms.opensAt), closesAt: Number(terms.closesAt) }
  const counts = [
    { word: 'issued', count: ledger?.issued },
    { word: 'redeemed', count: ledger?.redeemed },
    { word: 'unused', count: ledger?.unused },
    { word: 'revoked', count: ledger?.revoked },
    { word: 'standby', count: counters && counters.standbyIssued - counters.standbyRevoked },
    ...(terms.heldUntil === 0n ? [] : [{ word: 'left for all', count: counters?.leftForAll }]),
  ]
  const minutes = pace?.minutes ?? []
  const forecast =
    ledger && pace && campaign.pausedAt === 0n
      ? forecastOf({ minutes, campaignId: id, left: leftToCome({ ledger, terms }), now, ...window })
      : undefined

  return (
    <Card
      title={name}
      aside={<WindowBadge campaign={campaign} now={now} />}
      id={`campaign-${String(id)}`}
    >
      <p className="soft">
        <TimeRange from={window.opensAt} to={window.closesAt} />
      </p>
      <dl className={styles.counts} aria-label={`${name}, as the chain counts it`}>
        {counts.map(({ word, count }) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{count === undefined ? '–' : count.toLocaleString('en-GB')}</dd>
          </div>
        ))}
      </dl>
      {paceError && pace === undefined && (
        <Notice
          kind="warn"
          title={explainRevert(paceError).sentence}
          code={explainRevert(paceError).code}
        />
      )}
      {pace && (
        <div className={styles.detail}>
          <SiteTable
            name={name}
            sites={siteCountsOf({ minutes, campaignId: id, sites: terms.sites })}
          />
          {now >= window.opensAt && (
            <PaceChart campaign={campaign} minutes={minutes} now={now} isTimed={isTimed(pace)} />
          )}
        </div>
      )}
      {forecast && (
        <p>
          <strong>Queue.</strong> {forecastWords({ forecast, timeOf: momentText })}
        </p>
      )}
    </Card>
  )
}

function SiteTable({
  name,
  sites,
}: {
  name: string
  sites: readonly { site: number; redeemed: number }[]
}) {
  if (sites.length === 0) return null
  return (
    <Table caption={`${name}: redeemed at each site`} head={['Site', 'Redeemed there']}>
      {sites.map(({ site, redeemed }) => (
        <tr key={site}>
          <td>{site === 0 ? 'No site named' : `Site ${site}`}</td>
          <td>{redeemed.toLocaleString('en-GB')}</td>
        </tr>
      ))}
    </Table>
  )
}

function isTimed({ minutes }: Pace): boolean {
  return minutes.every(({ since }) => since > 0n)
}
