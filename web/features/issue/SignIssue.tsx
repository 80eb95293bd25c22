'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import {
  type Campaign,
  campaignsQuery,
  countersQuery,
  supplyLeftQuery,
} from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup, Problem } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './issue.module.css'
import { type Decisions, type IssueKind, type IssuePlan, planIssue, type Target } from './plan.ts'
import type { ReadList } from './read-list.ts'
import { failureOf } from './use-issue.ts'

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
  onSign: (signed: {
    plan: Extract<IssuePlan, { ok: true }>
    header: readonly string[]
  }) => Promise<void>
}) {
  const config = useConfig()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const open = (campaigns.data ?? []).filter(({ terms }) => Number(terms.closesAt) > nowSeconds())
  const held = open.filter(({ terms }) => terms.heldUntil !== 0n)
  const lefts = useQueries({
    queries: open.map(({ id }) => supplyLeftQuery({ config, book, campaignId: id })),
  })
  const counters = useQueries({
    queries: held.map(({ id }) => countersQuery({ config, book, campaignId: id })),
  })
  const [chosen, setChosen] = useState<IssueKind>('supply')
  const [ticked, setTicked] = useState<ReadonlySet<bigint>>(new Set())
  const [isAsked, setIsAsked] = useState(false)
  const [isStarting, setIsStarting] = useState(false)
  const [failure, setFailure] = useState<{ code: string; sentence: string }>()

  const kind = held.length === 0 ? 'supply' : chosen
  const offered = kind === 'standby' ? standbyTargets() : supplyTargets()
  const targets = offered.filter(({ id }) => ticked.has(id))
  const plan = planIssue({ list, decisions, kind, targets })
  const what = kind === 'standby' ? 'standby coupons' : 'coupons'

  const toggle = (id: bigint) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    setTicked(next)
  }
  const sign = async () => {
    setIsAsked(true)
    if (!plan.ok) return
    setIsStarting(true)
    await onSign({ plan, header: list.header }).catch((error: unknown) =>
      setFailure(failureOf(error)),
    )
    setIsStarting(false)
  }

  return (
    <div className="stack">
      {held.length > 0 && (
        <FieldGroup legend="Which kind">
          <Choice
            type="radio"
            name="issue-kind"
            label="Coupons"
            hint="Of the supply: each is held for its holder."
            checked={kind === 'supply'}
            onChange={() => setChosen('supply')}
          />
          <Choice
            type="radio"
            name="issue-kind"
            label="Standby"
            hint="Beyond the supply: usable after the holding time, as far as others leave something."
            checked={kind === 'standby'}
            onChange={() => setChosen('standby')}
          />
        </FieldGroup>
      )}
      <FieldGroup
        legend="In which campaigns"
        hint="Everybody gets one coupon in each campaign you tick."
      >
        {offered.map(({ id, name, hint }) => (
          <Choice
            key={id}
            label={name}
            hint={hint}
            checked={ticked.has(id)}
            onChange={() => toggle(id)}
          />
        ))}
        {campaigns.data && open.length === 0 && (
          <p className="soft">No campaign is open or to come. Make one first.</p>
        )}
      </FieldGroup>
      {plan.ok ? (
        <Totals plan={plan} what={what} />
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
          {plan.ok ? `Issue ${plan.coupons.toLocaleString('en-GB')} ${what}` : `Issue ${what}`}
        </Button>
      </div>
    </div>
  )

  function supplyTargets(): Offered[] {
    return open.flatMap(({ id, name }, index) => {
      const supplyLeft = lefts[index]?.data
      if (supplyLeft === undefined) return []
      const hint = `${supplyLeft.toLocaleString('en-GB')} left of the supply`
      return [{ id, name, supplyLeft, hint }]
    })
  }

  function standbyTargets(): Offered[] {
    return held.map((campaign, index) => {
      const { id, name } = campaign
      const count = counters[index]?.data?.standbyIssued
      const already = count === undefined ? '' : `, ${count.toLocaleString('en-GB')} so far`
      return { id, name, supplyLeft: undefined, hint: `${fromText(campaign)}${already}` }
    })
  }
}

/** What is about to be signed, in numbers and in words. */
function Totals({ plan, what }: { plan: Extract<IssuePlan, { ok: true }>; what: string }) {
  const number = (count: number) => count.toLocaleString('en-GB')
  return (
    <div className="stack">
      <Table
        caption="What you are about to sign"
        head={['Campaign', 'By wallet', 'By link', 'In all']}
      >
        {plan.targets.map(({ id, name }) => (
          <tr key={id}>
            <td>{name}</td>
            <td className={styles.line}>{number(plan.holders.length)}</td>
            <td className={styles.line}>{number(plan.links.length)}</td>
            <td className={styles.line}>{number(plan.holders.length + plan.links.length)}</td>
          </tr>
        ))}
      </Table>
      <p>
        <strong>
          {number(plan.coupons)} {what}
        </strong>{' '}
        in {plan.chunks.length === 1 ? 'one transaction' : `${plan.chunks.length} transactions`}.
        Your wallet asks for each. You sign that these addresses get coupons; names and e-mails stay
        here, the addresses become public. The network takes its fee each time.
      </p>
      {plan.links.length > 0 && (
        <p>
          For each of the {number(plan.links.length)} rows without a wallet a key is made here
          first, and never sent anywhere. When the coupons are issued, you download the links as a
          list for a mail merge, or as cards to print.
        </p>
      )}
    </div>
  )
}

type Offered = Target & { hint: string }

function fromText({ terms }: Campaign): string {
  const from = new Date(Number(terms.heldUntil) * 1000)
  return `Standby from ${from.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}`
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
