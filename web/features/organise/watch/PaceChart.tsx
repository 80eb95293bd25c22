'use client'

import { useState } from 'react'
import type { Campaign } from '../../../chain/book-queries.ts'
import type { Minute } from '../../../chain/indexer.ts'
import { BarChart } from '../../../ui/BarChart.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { clockText, momentText } from '../../../ui/range-text.ts'
import { Table } from '../../../ui/Table.tsx'
import { chartOf, type Span } from './pace.ts'
import styles from './watch.module.css'

const MARKS = 4

/** A campaign's redemptions by the minute, as bars and as the table behind them. */
export function PaceChart({
  campaign: { id, name, terms },
  minutes,
  now,
  isTimed,
}: {
  campaign: Campaign
  minutes: readonly Minute[]
  /** Unix seconds. */
  now: number
  /** Whether it is known of every redemption when it happened. */
  isTimed: boolean
}) {
  const [span, setSpan] = useState<Span>('hour')
  const [opensAt, closesAt] = [Number(terms.opensAt), Number(terms.closesAt)]
  const chart = chartOf({ minutes, campaignId: id, span, now, opensAt, closesAt })
  const { bars } = chart
  const step = chart.minutes * 60
  const [from, until] = [bars[0]?.since ?? now, (bars.at(-1)?.since ?? now) + step]
  const sum = bars.reduce((total, { redeemed }) => total + redeemed, 0)
  const busiest = bars.reduce((best, bar) => (bar.redeemed > best.redeemed ? bar : best), {
    since: from,
    redeemed: 0,
  })
  const each = chart.minutes === 1 ? 'per minute' : `per ${chart.minutes} minutes`
  const title = `Redemptions ${each}, ${momentText(from)} to ${momentText(until)}`
  const summary =
    sum === 0
      ? 'None in this time.'
      : `${sum.toLocaleString('en-GB')} in this time, most of them (${busiest.redeemed}) from ${clockText(busiest.since)} on.`
  const marks = Array.from({ length: MARKS + 1 }, (_, index) =>
    (until - from > 24 * 3600 ? momentText : clockText)(from + ((until - from) * index) / MARKS),
  )
  const sites = [...new Set(bars.flatMap(({ bySite }) => [...bySite.keys()]))].sort((a, b) => a - b)

  if (!isTimed) {
    return (
      <Notice code="TIMES_UNKNOWN">
        <p>
          There is no chart: the index is not there, and this node does not say when each coupon was
          used.
        </p>
      </Notice>
    )
  }
  return (
    <figure className="stack" aria-label={`${name}: ${title}`}>
      <figcaption className={styles.caption}>
        <span>
          <strong>Redemptions {each}</strong> <span className="soft small">{summary}</span>
        </span>
        <Button kind="quiet" onClick={() => setSpan(span === 'hour' ? 'window' : 'hour')}>
          {span === 'hour' ? 'Show the whole window' : 'Show the last hour'}
        </Button>
      </figcaption>
      {sum > 0 && (
        <BarChart
          label={`${title}. ${summary} The table below has every number.`}
          marks={marks}
          bars={bars.map(({ since, redeemed }) => {
            return {
              key: String(since),
              value: redeemed,
              title: `${clockText(since)}: ${redeemed}`,
            }
          })}
        />
      )}
      {sum > 0 && (
        <details>
          <summary>The table behind this chart</summary>
          <Table
            caption={`${name}: ${title}`}
            head={[
              'From',
              'Redeemed',
              ...sites.map((site) => (site === 0 ? 'No site' : `Site ${site}`)),
            ]}
          >
            {bars
              .filter(({ redeemed }) => redeemed > 0)
              .map(({ since, redeemed, bySite }) => (
                <tr key={since}>
                  <td>{momentText(since)}</td>
                  <td>{redeemed.toLocaleString('en-GB')}</td>
                  {sites.map((site) => (
                    <td key={site}>{(bySite.get(site) ?? 0).toLocaleString('en-GB')}</td>
                  ))}
                </tr>
              ))}
          </Table>
          <p className="soft small">Stretches in which nobody came are left out.</p>
        </details>
      )}
    </figure>
  )
}
