'use client'

import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import type { Campaign, Counters, Ledger } from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { Card } from '../../../ui/Card.tsx'
import { momentText } from '../../../ui/range-text.ts'
import { forecastOf, leftToCome } from '../watch/pace.ts'
import { paceQuery } from '../watch/read-pace.ts'
import { leftWords } from './left-words.ts'

/** What is left now, what will be left when the window closes, and for whom it could be. */
export function LeftPanel({
  book,
  campaign,
  counters,
  ledger,
  now,
}: {
  book: Address
  campaign: Campaign
  counters: Counters
  ledger: Ledger | undefined
  /** Unix seconds. */
  now: number
}) {
  const config = useConfig()
  const pace = useQuery(paceQuery({ config, book }))
  if (ledger === undefined) return null
  const forecast = forecastOf({
    minutes: pace.data?.minutes ?? [],
    campaignId: campaign.id,
    left: leftToCome({ ledger, terms: campaign.terms }),
    now,
    opensAt: Number(campaign.terms.opensAt),
    closesAt: Number(campaign.terms.closesAt),
  })
  return (
    <Card title="What will be left">
      {leftWords({ campaign, ledger, counters, forecast, now, timeOf: momentText }).map((words) => (
        <p key={words}>{words}</p>
      ))}
    </Card>
  )
}
