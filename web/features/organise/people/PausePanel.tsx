'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { campaignsQuery, countersQuery } from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { Card } from '../../../ui/Card.tsx'
import { useClock } from '../../../ui/use-clock.ts'
import { CampaignCare } from '../CampaignCare.tsx'
import styles from '../organise.module.css'
import { useRoles } from '../use-roles.ts'
import { WindowBadge } from '../WindowBadge.tsx'

/** Stops a campaign, and lets it go on: what a guardian needs in a hurry. */
export function PausePanel({ book }: { book: Address }) {
  const config = useConfig()
  const now = useClock()
  const { isAdmin, isGuardian } = useRoles(book)
  const { data } = useQuery(campaignsQuery({ config, book }))
  const going = (data ?? []).filter(
    ({ terms, pausedAt }) => pausedAt !== 0n || now < Number(terms.closesAt + terms.grace),
  )
  const counters = useQueries({
    queries: going.map(({ id }) => countersQuery({ config, book, campaignId: id })),
  })
  return (
    <Card title="Pause">
      <p className="soft">
        While a campaign is paused nobody can use a coupon of it; the time that is lost is given
        back. Admin and guardians pause, the admin alone lets it go on.
      </p>
      {!isAdmin && !isGuardian && <p className="soft small">Your account can do neither.</p>}
      {now > 0 && going.length === 0 && <p>There is no campaign that could be paused.</p>}
      <ul className={styles.witnesses} aria-label="Campaigns that can be paused">
        {now > 0 &&
          going.map((campaign, index) => (
            <li key={String(campaign.id)} className="row">
              <strong>{campaign.name}</strong> <WindowBadge campaign={campaign} now={now} />
              <CampaignCare
                {...{ book, campaign, now }}
                counters={counters[index]?.data}
                deeds={['pause', 'resume']}
              />
            </li>
          ))}
      </ul>
    </Card>
  )
}
