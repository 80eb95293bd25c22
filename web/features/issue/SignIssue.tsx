'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import {
  type Campaign,
  campaignsQuery,
  type Ledger,
  ledgerQuery,
} from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup, Problem } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { type Decisions, type IssuePlan, planIssue } from './plan.ts'
import type { ReadList } from './read-list.ts'

/** Which campaigns, what that comes to, and the signature. */
export function SignIssue({
  book,
  list,
  decisions,
  onSign,
}: {
  book: Address
  list: ReadList
  decisions: Decisions
  onSign: (plan: Extract<IssuePlan, { ok: true }>) => Promise<void>
}) {
  const config = useConfig()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const open = (campaigns.data ?? []).filter(({ terms }) => Number(terms.closesAt) > nowSeconds())
  const ledgers = useQueries({
    queries: open.map(({ id }) => ledgerQuery({ config, book, campaignId: id })),
  })
  const [ticked, setTicked] = useState<ReadonlySet<bigint>>(new Set())
  const [isAsked, setIsAsked] = useState(false)
  const [isStarting, setIsStarting] = useState(false)
  const [failure, setFailure] = useState<{ code: string; sentence: string }>()

  const targets = open.flatMap((campaign, index) => {
    const ledger = ledgers[index]?.data
    return ledger
      ? [{ id: campaign.id, name: campaign.name, supplyLeft: supplyLeftOf({ campaign, ledger }) }]
      : []
  })
  const plan = planIssue({ list, decisions, targets: targets.filter(({ id }) => ticked.has(id)) })

  const toggle = (id: bigint) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    setTicked(next)
  }
  const sign = async () => {
    setIsAsked(true)
    if (!plan.ok) return
    setIsStarting(true)
    await onSign(plan).catch((error: unknown) => setFailure(explainRevert(error)))
    setIsStarting(false)
  }

  return (
    <div className="stack">
      <FieldGroup
        legend="In which campaigns"
        hint="Everybody gets one coupon in each campaign you tick."
      >
        {targets.map(({ id, name, supplyLeft }) => (
          <Choice
            key={id}
            label={name}
            hint={`${supplyLeft.toLocaleString('en-GB')} left of the supply`}
            checked={ticked.has(id)}
            onChange={() => toggle(id)}
          />
        ))}
        {campaigns.data && open.length === 0 && (
          <p className="soft">No campaign is open or to come. Make one first.</p>
        )}
      </FieldGroup>
      {plan.ok ? (
        <p>
          <strong>
            {plan.coupons.toLocaleString('en-GB')} coupons for{' '}
            {plan.holders.length.toLocaleString('en-GB')} wallets
          </strong>{' '}
          in {plan.chunks.length === 1 ? 'one transaction' : `${plan.chunks.length} transactions`}.
          Your wallet asks for each. You sign that these wallets get coupons; names and e-mails stay
          here, the addresses become public. The network takes its fee each time.
        </p>
      ) : (
        isAsked && (
          <div role="alert">
            {plan.obstacles.map((obstacle) => (
              <Problem key={obstacle.code + obstacle.message} problem={obstacle} />
            ))}
          </div>
        )
      )}
      {failure && <Notice kind="bad" title={failure.sentence} code={failure.code} />}
      <div>
        <Button kind="main" isBusy={isStarting} onClick={() => void sign()}>
          {plan.ok ? `Issue ${plan.coupons.toLocaleString('en-GB')} coupons` : 'Issue coupons'}
        </Button>
      </div>
    </div>
  )
}

function supplyLeftOf({ campaign, ledger }: { campaign: Campaign; ledger: Ledger }): bigint {
  return campaign.terms.supply - (ledger.issued - ledger.revoked)
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
