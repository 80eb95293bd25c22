'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type SubmitEvent, useState } from 'react'
import type { Address } from 'viem'
import type { Campaign, Counters } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { CostNote } from '../../chain/CostNote.tsx'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { ownZone } from '../../ui/zones.ts'
import styles from './organise.module.css'
import { checkTerms, hasOpened, type TermsDraft, termsDraftOf } from './terms-change.ts'
import { useRoles } from './use-roles.ts'
import { ZonedField } from './ZonedField.tsx'

/** Changes a campaign's terms: before it opens all of them but the place, while it runs its end and its grace, which may only grow. */
export function TermsChange({
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
  const { id, name, terms, pausedAt } = campaign
  const { isManager } = useRoles(book)
  const [draft, setDraft] = useState<TermsDraft>()
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.terms.${id}`,
  })
  const isOver = now >= Number(terms.closesAt + terms.grace)
  if (!isManager || pausedAt !== 0n || isOver || counters.isClosed) return null

  const isOpen = hasOpened({ terms, now })
  const button = isOpen ? 'Extend' : 'Change the terms'
  const checked = draft && checkTerms({ draft, terms, counters, now })
  const callOf = (changed: Campaign['terms']) =>
    ({
      abi: couponBookAbi,
      address: book,
      functionName: 'changeTerms',
      args: [id, changed],
    }) as const
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!checked?.ok) return
    setDraft(undefined)
    await send(callOf(checked.terms))
  }
  return (
    <div className="stack">
      <div>
        <Button
          isBusy={transaction.step === 'asking' || transaction.step === 'sent'}
          onClick={() => setDraft(termsDraftOf({ terms, zone: ownZone() }))}
          aria-label={`${button}: ${name}`}
        >
          {button}
        </Button>
      </div>
      <TransactionStatus
        transaction={transaction}
        done="The new terms stand."
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
      <Dialog
        title={isOpen ? `Extend ${name}` : `Change the terms of ${name}`}
        isOpen={draft !== undefined}
        onClose={() => setDraft(undefined)}
      >
        {draft && checked && (
          <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
            <TermsFields
              draft={draft}
              isOpen={isOpen}
              problems={checked.ok ? {} : checked.problems}
              onChange={(part) => setDraft({ ...draft, ...part })}
            />
            {!checked.ok && checked.problems.nothing && (
              <p className="soft small">{checked.problems.nothing.message}</p>
            )}
            <CostNote
              deed={
                isOpen
                  ? `${name} ends later, or is settled for longer. It cannot be taken back.`
                  : `New terms for ${name}, in place of those so far. Holders see them at once.`
              }
              call={checked.ok ? callOf(checked.terms) : undefined}
            />
            <div className={styles.answers}>
              <Button onClick={() => setDraft(undefined)}>Leave as it is</Button>
              <Button kind="main" type="submit" disabled={!checked.ok}>
                {button}
              </Button>
            </div>
          </form>
        )}
      </Dialog>
    </div>
  )
}

function TermsFields({
  draft,
  isOpen,
  problems,
  onChange,
}: {
  draft: TermsDraft
  isOpen: boolean
  problems: Extract<ReturnType<typeof checkTerms>, { ok: false }>['problems']
  onChange: (part: Partial<TermsDraft>) => void
}) {
  const time = (field: 'opensAt' | 'closesAt' | 'heldUntil') => ({
    value: draft[field],
    zone: draft.zone,
    picks: draft.picks,
    problem: problems[field],
    onChange: (local: string) => onChange({ [field]: local }),
    onPicks: (picks: TermsDraft['picks']) => onChange({ picks }),
  })
  return (
    <>
      {!isOpen && <ZonedField label="Opens" {...time('opensAt')} />}
      <ZonedField label="Closes" {...time('closesAt')} hint={`By clocks in ${draft.zone}.`} />
      {!isOpen && (
        <>
          <ZonedField label="Hold coupons until (optional)" {...time('heldUntil')} />
          <Field
            label="Supply"
            inputMode="numeric"
            value={draft.supply}
            onChange={(event) => onChange({ supply: event.target.value })}
            problem={problems.supply}
          />
        </>
      )}
      <Field
        label="Grace, hours"
        inputMode="decimal"
        value={draft.graceHours}
        onChange={(event) => onChange({ graceHours: event.target.value })}
        problem={problems.graceHours}
      />
    </>
  )
}
