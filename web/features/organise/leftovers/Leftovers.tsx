'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import type { Address } from 'viem'
import {
  type Campaign,
  campaignsQuery,
  countersQuery,
  ledgerQuery,
} from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { explainRevert } from '../../../chain/explain-revert.ts'
import { Select } from '../../../ui/Field.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { useClock } from '../../../ui/use-clock.ts'
import { inOrder } from '../watch/watched-order.ts'
import { ClosingPanel } from './ClosingPanel.tsx'
import { LeftPanel } from './LeftPanel.tsx'
import { ReleasePanel } from './ReleasePanel.tsx'
import { TakeBackPanel } from './TakeBackPanel.tsx'

/** What becomes of what is left in one campaign: shown, released, taken back, given to others, and stated at the end. */
export function Leftovers({ book }: { book: Address }) {
  const config = useConfig()
  const now = useClock()
  const router = useRouter()
  const asked = useSearchParams().get('campaign')
  const { data, error } = useQuery(campaignsQuery({ config, book }))
  const ordered =
    data && now > 0
      ? inOrder({ campaigns: data.map((campaign) => ({ campaign })), now }).map(
          (counted) => counted.campaign,
        )
      : undefined
  const chosen = ordered?.find(({ id }) => String(id) === asked) ?? ordered?.[0]

  return (
    <div className="stack-wide">
      <h2>Leftovers</h2>
      {error && (
        <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
      )}
      {ordered === undefined && !error && (
        <p className="row soft" role="status">
          <Spinner /> Reading the chain…
        </p>
      )}
      {ordered?.length === 0 && <p className="soft">There is no campaign yet.</p>}
      {ordered && chosen && (
        <>
          <Select
            label="Campaign"
            isWide={false}
            value={String(chosen.id)}
            onChange={(event) => router.replace(`?campaign=${event.target.value}`)}
          >
            {ordered.map(({ id, name }) => (
              <option key={String(id)} value={String(id)}>
                {name} (no. {String(id)})
              </option>
            ))}
          </Select>
          <OfCampaign key={String(chosen.id)} book={book} campaign={chosen} now={now} />
        </>
      )}
    </div>
  )
}

function OfCampaign({ book, campaign, now }: { book: Address; campaign: Campaign; now: number }) {
  const config = useConfig()
  const of = { config, book, campaignId: campaign.id }
  const { data: counters, error } = useQuery(countersQuery(of))
  const { data: ledger } = useQuery(ledgerQuery(of))
  if (counters === undefined) {
    return error ? (
      <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
    ) : null
  }
  const rest = { book, campaign, counters, now }
  return (
    <>
      <LeftPanel {...rest} ledger={ledger} />
      <ReleasePanel {...rest} />
      <TakeBackPanel {...rest} />
      <ClosingPanel {...rest} ledger={ledger} />
    </>
  )
}
