'use client'

import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { type Address, isAddressEqual } from 'viem'
import { useConnection } from 'wagmi'
import { useConfig } from '../../../chain/config.tsx'
import { explainRevert } from '../../../chain/explain-revert.ts'
import { TransactionStatus } from '../../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../../chain/use-transaction.ts'
import { AddressText } from '../../../ui/AddressText.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Card.tsx'
import { Field, type FieldProblem, Select } from '../../../ui/Field.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { Table } from '../../../ui/Table.tsx'
import { DeedDialog } from '../DeedDialog.tsx'
import styles from '../organise.module.css'
import { useRoles } from '../use-roles.ts'
import { checkRole, type RoleChange, roleDeed } from './role-deed.ts'
import { ROLE_WORDS, type RoleHolders, roleHoldersQuery, type RoleName } from './role-holders.ts'

/** Who may do what in a book: given and taken by its admin, who hands the book over in two steps. */
export function RolePanel({ book }: { book: Address }) {
  const config = useConfig()
  const { address } = useConnection()
  const { isAdmin } = useRoles(book)
  const { data: known, error } = useQuery(roleHoldersQuery({ config, book }))
  const [change, setChange] = useState<RoleChange>()
  const { transaction, send, look } = useTransaction({ flow: `${config.chainId}.${book}.roles` })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const deed = change && roleDeed({ book, change })
  const isOwn = (account: Address) => address !== undefined && isAddressEqual(account, address)

  return (
    <Card title="Who may do what">
      {error && (
        <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
      )}
      {known && (
        <>
          <Table
            caption="Roles in this book"
            head={[
              'Role',
              'Account',
              <span key="change" className="unseen">
                Change
              </span>,
            ]}
          >
            {known.holders.map(({ role, account }) => (
              <tr key={`${role}.${account}`}>
                <td>
                  {ROLE_WORDS[role].name}
                  <p className="soft small">{ROLE_WORDS[role].may}</p>
                </td>
                <td>
                  <AddressText address={account} />
                  {isOwn(account) && <span className="soft small"> (you)</span>}
                </td>
                <td>
                  {role !== 'admin' && (isAdmin || isOwn(account)) && (
                    <Button
                      kind="quiet"
                      disabled={isBusy}
                      onClick={() => setChange({ kind: isAdmin ? 'take' : 'leave', role, account })}
                      aria-label={`${isAdmin ? 'Take the role' : 'Give it up'}: ${role} ${account}`}
                    >
                      {isAdmin ? 'Take the role' : 'Give it up'}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </Table>
          {known.pendingAdmin && (
            <HandOver
              pendingAdmin={known.pendingAdmin}
              isOwn={isOwn(known.pendingAdmin)}
              isAdmin={isAdmin}
              isBusy={isBusy}
              onChange={setChange}
            />
          )}
          {isAdmin ? (
            <RoleForm known={known} isBusy={isBusy} onChange={setChange} />
          ) : (
            <p className="soft small">Only the admin of the book gives and takes roles.</p>
          )}
        </>
      )}
      <TransactionStatus
        transaction={transaction}
        done="The book’s roles have changed."
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
      <DeedDialog
        deed={deed}
        onClose={() => setChange(undefined)}
        onYes={() => {
          setChange(undefined)
          if (deed) void send(deed.call)
        }}
      />
    </Card>
  )
}

function HandOver({
  pendingAdmin,
  isOwn,
  isAdmin,
  isBusy,
  onChange,
}: {
  pendingAdmin: Address
  isOwn: boolean
  isAdmin: boolean
  isBusy: boolean
  onChange: (change: RoleChange) => void
}) {
  return (
    <Notice
      kind="info"
      title={isOwn ? 'This book is offered to you.' : 'The book is being handed over.'}
      action={
        <div className="row">
          {isOwn && (
            <Button kind="main" disabled={isBusy} onClick={() => onChange({ kind: 'accept' })}>
              Accept the book
            </Button>
          )}
          {isAdmin && (
            <Button disabled={isBusy} onClick={() => onChange({ kind: 'stay' })}>
              Take the offer back
            </Button>
          )}
        </div>
      }
    >
      <p>
        <AddressText address={pendingAdmin} /> may accept it; until then its admin stays.
      </p>
    </Notice>
  )
}

function RoleForm({
  known,
  isBusy,
  onChange,
}: {
  known: RoleHolders
  isBusy: boolean
  onChange: (change: RoleChange) => void
}) {
  const [text, setText] = useState('')
  const [role, setRole] = useState<RoleName>('manager')
  const [problem, setProblem] = useState<FieldProblem>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const checked = checkRole({ text, role, known })
    setProblem(checked.ok ? undefined : checked.problem)
    if (checked.ok) onChange(checked.change)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div className={styles.pair}>
        <Field
          label="Account"
          value={text}
          onChange={(event) => setText(event.target.value)}
          problem={problem}
          hint="The address of the person’s wallet."
          spellCheck={false}
          autoComplete="off"
        />
        <Select
          label="Role"
          value={role}
          onChange={(event) => setRole(roleIn(event.target.value))}
          hint={`Who has it ${ROLE_WORDS[role].may}.`}
        >
          <option value="manager">Manager</option>
          <option value="guardian">Guardian</option>
          <option value="admin">Admin, handed over in two steps</option>
        </Select>
      </div>
      <div>
        <Button kind="main" type="submit" isBusy={isBusy}>
          {role === 'admin' ? 'Offer the book' : 'Give the role'}
        </Button>
      </div>
    </form>
  )
}

function roleIn(value: string): RoleName {
  return value === 'admin' || value === 'guardian' ? value : 'manager'
}
