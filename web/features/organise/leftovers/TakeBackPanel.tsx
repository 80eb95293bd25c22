'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useMemo, useState } from 'react'
import type { Address } from 'viem'
import { type Campaign, type Counters, supplyLeftQuery } from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { explainRevert } from '../../../chain/explain-revert.ts'
import { TransactionStatus } from '../../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../../chain/use-transaction.ts'
import { Button } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Card.tsx'
import { Choice, Field, FieldGroup, TextArea } from '../../../ui/Field.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { DeedDialog } from '../DeedDialog.tsx'
import { useRoles } from '../use-roles.ts'
import { PickedTable, ProblemList } from './PickedTable.tsx'
import { shardStatesQuery, standingsOf } from './shard-states.ts'
import { takenBack } from './take-back.ts'
import { EMPTY_DRAFT, takeBackDeed, type TakeBackDraft, takeBackOf } from './take-back-draft.ts'

/** Takes unused coupons back, with a reason, and gives others instead of them where somebody waits. */
export function TakeBackPanel({
  book,
  campaign,
  counters,
  now,
}: {
  book: Address
  campaign: Campaign
  counters: Counters
  /** Unix seconds. */
  now: number
}) {
  const config = useConfig()
  const { isManager } = useRoles(book)
  const of = { config, book, campaignId: campaign.id }
  const shards = useQuery(shardStatesQuery(of))
  const standings = useMemo(() => standingsOf(shards.data ?? []), [shards.data])
  const { data: supplyLeft } = useQuery(supplyLeftQuery(of))
  const [draft, setDraft] = useState<TakeBackDraft>(EMPTY_DRAFT)
  const [isShowing, setIsShowing] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const { transaction, send, look, reset } = useTransaction({
    flow: `${config.chainId}.${book}.take-back.${campaign.id}`,
    onMined: () => {
      setDraft(EMPTY_DRAFT)
      setIsShowing(false)
    },
  })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const isOver = now >= Number(campaign.terms.closesAt + campaign.terms.grace)
  const isClosed = now >= Number(campaign.terms.closesAt)
  const change = (part: Partial<TakeBackDraft>) => {
    if (transaction.step === 'mined') reset()
    setDraft((last) => ({ ...last, ...part }))
  }
  if (isOver) {
    return (
      <Card title="Take coupons back">
        <p>The campaign is over: what was not used stays unused, and nothing can be taken back.</p>
      </Card>
    )
  }
  const place = { chainId: config.chainId, book, campaignId: campaign.id }
  const taken = takeBackOf({ draft, shards: shards.data ?? [], standings, place })
  const deed = taken.call
    ? takeBackDeed({ taken, call: taken.call, name: campaign.name })
    : undefined

  return (
    <Card title="Take coupons back">
      <p className="soft">
        Only what is unused can be taken back, and it cannot be undone: its holder can use it no
        more. What is taken back frees supply
        {supplyLeft !== undefined && ` (${supplyLeft.toLocaleString('en-GB')} can be issued now)`}.
        To give it to somebody at once, so that the record says which coupon replaces which, choose
        so below; later, <Link href={`/organise/${book}#issue`}>issue it anew</Link>.
      </p>
      {shards.error && (
        <Notice
          kind="bad"
          title={explainRevert(shards.error).sentence}
          code={explainRevert(shards.error).code}
        />
      )}
      <FieldGroup legend="Which">
        <Choice
          type="radio"
          name="which"
          label="Those that I name"
          checked={!draft.isAll}
          onChange={() => change({ isAll: false })}
        />
        <Choice
          type="radio"
          name="which"
          label="All that are unused"
          hint={`${(counters.issued - counters.revoked).toLocaleString('en-GB')} stand issued; those that are used stay used. Standby is not touched.`}
          checked={draft.isAll}
          onChange={() => change({ isAll: true })}
        />
      </FieldGroup>
      {!draft.isAll && (
        <TextArea
          label="Coupons or holders"
          rows={4}
          value={draft.list}
          onChange={(event) => change({ list: event.target.value })}
          hint="Serials, ids as they are printed on cards, or holders’ addresses; one a line, or between commas. A holder gives back all that is unused."
          spellCheck={false}
        />
      )}
      <Field
        label="Reason"
        value={draft.reason}
        onChange={(event) => change({ reason: event.target.value })}
        problem={isShowing ? taken.reasonProblem : undefined}
        hint="Stands on the chain for ever, for all to read. Name no person."
      />
      <Choice
        label="Give each of them to somebody else"
        hint={
          isClosed
            ? 'Not any more: nothing can be issued once the window has closed.'
            : 'In the same signature; the record names the new coupon and the one that it replaces.'
        }
        checked={draft.isGiven && !isClosed}
        disabled={isClosed}
        onChange={(event) => change({ isGiven: event.target.checked })}
      />
      {draft.isGiven && !isClosed && (
        <TextArea
          label="New holders"
          rows={4}
          value={draft.holders}
          onChange={(event) => change({ holders: event.target.value })}
          problem={isShowing ? taken.holdersProblem : undefined}
          hint="An address for each coupon, in the order of the table below."
          spellCheck={false}
        />
      )}
      <ProblemList problems={taken.problems} />
      {taken.coupons.length > 0 && <PickedTable taken={taken} />}
      {!isManager && (
        <p className="soft small">Only a manager of the book can take coupons back.</p>
      )}
      <div>
        <Button
          kind="danger"
          isBusy={isBusy}
          disabled={!isManager || taken.coupons.length === 0}
          onClick={() => {
            setIsShowing(true)
            if (taken.call) setIsAsked(true)
          }}
        >
          {taken.isGiven ? 'Take back and give to others' : 'Take back'}
        </Button>
      </div>
      <TransactionStatus
        transaction={transaction}
        {...(transaction.step === 'mined' && { done: takenBack(transaction.receipt) })}
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
      <DeedDialog
        deed={isAsked ? deed : undefined}
        onClose={() => setIsAsked(false)}
        onYes={() => {
          setIsAsked(false)
          if (taken.call) void send(taken.call)
        }}
      />
    </Card>
  )
}
