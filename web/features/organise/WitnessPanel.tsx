'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { skipToken, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { type BookWitness, campaignsQuery, witnessesQuery } from '../../chain/book-queries.ts'
import { readHasRole } from '../../chain/book-reads.ts'
import { useConfig } from '../../chain/config.tsx'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button, ButtonLink } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Choice, Field, FieldGroup, Select } from '../../ui/Field.tsx'
import styles from './organise.module.css'
import { ADMIN_ROLE } from './roles.ts'
import {
  checkWitness,
  classWords,
  type WitnessDraft,
  type WitnessProblems,
} from './witness-draft.ts'
import { ownZone } from '../../ui/zones.ts'
import { localOf } from './zoned-time.ts'

const WEEK = 7 * 24 * 3600

/** Who vouches in this book: the oracle, the counters; added and removed by the admin. */
export function WitnessPanel({ book }: { book: Address }) {
  const config = useConfig()
  const { address } = useConnection()
  const witnesses = useQuery(witnessesQuery({ config, book }))
  const { data: isAdmin } = useQuery({
    queryKey: ['chain', config.chainId, 'admin', book, address],
    queryFn: address
      ? () => readHasRole({ config, book, role: ADMIN_ROLE, account: address })
      : skipToken,
  })
  const [isAdding, setIsAdding] = useState(false)
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.witnesses`,
    onMined: () => setIsAdding(false),
  })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const remove = (key: Address) =>
    void send({ abi: couponBookAbi, address: book, functionName: 'removeWitness', args: [key] })

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
                <strong>{classWords(witness.classes)}</strong> <AddressText address={witness.key} />
                <p className="soft small">{whereAndWhen(witness)}</p>
              </div>
              {isAdmin && (
                <Button
                  kind="quiet"
                  disabled={isBusy}
                  onClick={() => remove(witness.key)}
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
    </Card>
  )
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
