'use client'

import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { campaignsQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { CampaignTicket } from './CampaignTicket.tsx'

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
