'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { Address } from 'viem'
import { type BookWitness, campaignsQuery, witnessesQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { CostNote } from '../../chain/CostNote.tsx'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Button, ButtonLink } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Choice, Field, FieldGroup, Select } from '../../ui/Field.tsx'
import { momentText } from '../../ui/range-text.ts'
import { useClock } from '../../ui/use-clock.ts'
import { ownZone } from '../../ui/zones.ts'
import { DeedDialog } from './DeedDialog.tsx'
import styles from './organise.module.css'
import { removalDeed } from './people/witness-deed.ts'
import { lastUseWords, standingOf } from './people/witness-use.ts'
import { witnessUsesQuery } from './people/witness-uses-query.ts'
import { useRoles } from './use-roles.ts'
import {
  checkWitness,
  classWords,
  type WitnessDraft,
  type WitnessProblems,
} from './witness-draft.ts'
import { localOf } from './zoned-time.ts'

const WEEK = 7 * 24 * 3600

/** Who vouches in this book, and when last: the oracle, the counters; added by the admin, removed by guardians too. */
export function WitnessPanel({ book }: { book: Address }) {
  const config = useConfig()
  const now = useClock()
  const { isAdmin, isGuardian } = useRoles(book)
  const witnesses = useQuery(witnessesQuery({ config, book }))
  const uses = useQuery(witnessUsesQuery({ config, book }))
  const [isAdding, setIsAdding] = useState(false)
  const [leaving, setLeaving] = useState<BookWitness>()
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.witnesses`,
    onMined: () => setIsAdding(false),
  })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const deed = leaving && removalDeed({ book, witness: leaving })

  return (
    <Card
      title="Who vouches"
      id="witnesses"
      aside={
        isAdmin && !isAdding && <Button onClick={() => setIsAdding(true)}>Add a counter</Button>
      }
    >
      <div className="stack">
        <ul className={styles.witnesses} aria-label="Witnesses">
          {witnesses.data?.map((witness) => (
            <li key={witness.key} className={styles.witness}>
              <div>
                <strong>{classWords(witness.classes)}</strong> <AddressText address={witness.key} />{' '}
                {now > 0 && <Standing validUntil={witness.validUntil} now={now} />}
                <p className="soft small">{whereAndWhen(witness)}</p>
                {!uses.isPending && (
                  <p className="soft small">
                    {lastUseWords({ key: witness.key, uses: uses.data, timeOf: momentText })}
                  </p>
                )}
              </div>
              {(isAdmin || isGuardian) && (
                <Button
                  kind="quiet"
                  disabled={isBusy}
                  onClick={() => setLeaving(witness)}
                  aria-label={`Remove ${classWords(witness.classes)} ${witness.key}`}
                >
                  Remove
                </Button>
              )}
            </li>
          ))}
        </ul>
        <p className="soft small">
          What a removed witness signed stops counting at once.{' '}
          <ButtonLink kind="quiet" href={`/counter/${book}`}>
            The counter’s page
          </ButtonLink>
        </p>
        {isAdding && <WitnessForm book={book} isBusy={isBusy} onSend={send} />}
        <TransactionStatus
          transaction={transaction}
          done="The book’s witnesses have changed."
          onLookAgain={() => {
            if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
          }}
        />
      </div>
      <DeedDialog
        deed={deed}
        onClose={() => setLeaving(undefined)}
        onYes={() => {
          setLeaving(undefined)
          if (deed) void send(deed.call)
        }}
      />
    </Card>
  )
}

function Standing({ validUntil, now }: { validUntil: bigint; now: number }) {
  switch (standingOf({ validUntil, now })) {
    case 'over':
      return <Badge kind="bad">Counts no more</Badge>
    case 'soon':
      return <Badge kind="warn">Ends soon</Badge>
    case 'long':
      return null
  }
}

function WitnessForm({
  book,
  isBusy,
  onSend,
}: {
  book: Address
  isBusy: boolean
  onSend: ReturnType<typeof useTransaction>['send']
}) {
  const config = useConfig()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const sites = Math.max(0, ...(campaigns.data ?? []).map(({ terms }) => terms.sites))
  const [problems, setProblems] = useState<WitnessProblems>({})
  const [draft, setDraft] = useState<WitnessDraft>(() => {
    const zone = ownZone()
    const validUntil = localOf({ seconds: Math.floor(Date.now() / 1000) + WEEK, zone })
    return { key: '', isCounter: true, isLocation: false, site: 0, validUntil, zone }
  })
  const change = (part: Partial<WitnessDraft>) => setDraft((last) => ({ ...last, ...part }))
  const now = useClock()
  const ready = checkWitness({ draft, now })
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const checked = checkWitness({ draft, now: Math.floor(Date.now() / 1000) })
    setProblems(checked.ok ? {} : checked.problems)
    if (!checked.ok) return
    await onSend({
      abi: couponBookAbi,
      address: book,
      functionName: 'addWitness',
      args: [checked.witness],
    })
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label="Its address"
        value={draft.key}
        onChange={(event) => change({ key: event.target.value })}
        problem={problems.key}
        hint="The counter’s page shows it, as text and as a QR code."
        spellCheck={false}
        autoComplete="off"
      />
      <FieldGroup legend="It vouches as" problem={problems.classes}>
        <Choice
          label="Counter"
          hint="A device of the staff, at the place."
          checked={draft.isCounter}
          onChange={(event) => change({ isCounter: event.target.checked })}
        />
        <Choice
          label="Location oracle"
          hint="A service that judges positions."
          checked={draft.isLocation}
          onChange={(event) => change({ isLocation: event.target.checked })}
        />
      </FieldGroup>
      <Select
        label="Where"
        value={draft.site}
        onChange={(event) => change({ site: Number(event.target.value) })}
      >
        <option value={0}>At all sites</option>
        {Array.from({ length: sites }, (_, index) => (
          <option key={index} value={index + 1}>
            At site {index + 1} alone
          </option>
        ))}
      </Select>
      <Field
        label="It counts until"
        type="datetime-local"
        value={draft.validUntil}
        onChange={(event) => change({ validUntil: event.target.value })}
        problem={problems.validUntil}
        hint={`As clocks in ${draft.zone} show it.`}
      />
      <CostNote
        deed={
          ready.ok
            ? `${ready.witness.key} vouches as ${classWords(ready.witness.classes).toLowerCase()} in this book. It can neither issue nor spend anything.`
            : 'a key vouches for presence in this book. It can neither issue nor spend anything.'
        }
        call={
          ready.ok
            ? {
                abi: couponBookAbi,
                address: book,
                functionName: 'addWitness',
                args: [ready.witness],
              }
            : undefined
        }
      />
      <div>
        <Button kind="main" type="submit" isBusy={isBusy}>
          Add the witness
        </Button>
      </div>
    </form>
  )
}

function whereAndWhen({ site, validUntil }: BookWitness): string {
  const until = new Date(Number(validUntil) * 1000).toLocaleString([], {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return `${site === 0 ? 'At all sites' : `At site ${site} alone`}, until ${until}`
}
