'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import {
  campaignsQuery,
  countersQuery,
  ledgerQuery,
  witnessesQuery,
} from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { explainRevert } from '../../../chain/explain-revert.ts'
import { momentText } from '../../../ui/range-text.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { useClock } from '../../../ui/use-clock.ts'
import { oracleQuery } from '../oracle-query.ts'
import { AlertList } from './AlertList.tsx'
import { alertsOf } from './alerts.ts'
import { oracleHealthQuery } from './oracle-health.ts'
import { paceQuery } from './read-pace.ts'
import { RefusalPanel } from './RefusalPanel.tsx'
import { WatchedCampaign } from './WatchedCampaign.tsx'
import { inOrder } from './watched-order.ts'

/** How the gathering goes right now: what needs somebody, each campaign's numbers and its queue, and who is turned away. */
export function Watch({ book }: { book: Address }) {
  const config = useConfig()
  const now = useClock()
  const of = { config, book }
  const campaigns = useQuery(campaignsQuery(of))
  const ids = (campaigns.data ?? []).map(({ id }) => id)
  const ledgers = useQueries({
    queries: ids.map((campaignId) => ledgerQuery({ ...of, campaignId })),
  })
  const counters = useQueries({
    queries: ids.map((campaignId) => countersQuery({ ...of, campaignId })),
  })
  const witnesses = useQuery(witnessesQuery(of))
  const oracle = useQuery({ ...oracleQuery(config), refetchInterval: 5_000 }) // a silence must not last
  const health = useQuery(oracleHealthQuery(config))
  const pace = useQuery(paceQuery(of))
  const error = campaigns.error ?? ledgers.find((ledger) => ledger.error)?.error

  const counted = (campaigns.data ?? []).map((campaign, index) => {
    return { campaign, ledger: ledgers[index]?.data, counters: counters[index]?.data }
  })
  const alerts = alertsOf({
    campaigns: counted,
    witnesses: witnesses.data ?? [],
    silence: oracle.data?.ok === false ? oracle.data.sentence : undefined,
    readiness: health.data?.readiness,
    index: pace.data?.from,
    now,
    timeOf: momentText,
  })

  return (
    <div className="stack-wide">
      <h2>Watch</h2>
      {error && (
        <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code}>
          {campaigns.data && <p>What is shown is what was read before.</p>}
        </Notice>
      )}
      {campaigns.data === undefined || now === 0 ? (
        !error && (
          <p className="row soft" role="status">
            <Spinner /> Reading the chain…
          </p>
        )
      ) : (
        <>
          <AlertList book={book} alerts={alerts} />
          {counted.length === 0 && <p className="soft">There is no campaign to watch yet.</p>}
          {inOrder({ campaigns: counted, now }).map((one) => (
            <WatchedCampaign
              key={String(one.campaign.id)}
              counted={one}
              pace={pace.data}
              paceError={pace.error ?? undefined}
              now={now}
            />
          ))}
          <RefusalPanel
            book={book}
            health={health.data}
            isIndexed={pace.data?.from.kind === 'index'}
            names={new Map(counted.map(({ campaign }) => [campaign.id, campaign.name]))}
          />
        </>
      )}
    </div>
  )
}
