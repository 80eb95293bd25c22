'use client'

import { useState } from 'react'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup, Select } from '../../ui/Field.tsx'
import { Table } from '../../ui/Table.tsx'
import { type Column, type ColumnPlaces, COLUMNS, SEPARATORS } from './columns.ts'
import styles from './issue.module.css'
import { type ListProblem, type Weight, WEIGHTS } from './list-problem.ts'
import { countsOf, type Decisions, mayGetLinks, peopleOf } from './plan.ts'
import type { ListRow, ReadList } from './read-list.ts'

const FIRST_PROBLEMS = 50

const WEIGHT_WORDS: Record<Weight, { words: string; kind: 'bad' | 'warn' | 'plain' }> = {
  broken: { words: 'No coupon', kind: 'bad' },
  doubtful: { words: 'Decide', kind: 'warn' },
  repeated: { words: 'Decide', kind: 'warn' },
  note: { words: 'Note', kind: 'plain' },
}

const COLUMN_WORDS: Record<Column, string> = {
  name: 'Name',
  email: 'E-mail',
  address: 'Wallet address',
}

/** A list as it was read: totals, what is odd line by line, and what the organiser has to decide. */
export function ListReview({
  name,
  list,
  decisions,
  onDecide,
  onReadAgain,
}: {
  name: string
  list: ReadList
  decisions: Decisions
  onDecide: (decisions: Decisions) => void
  onReadAgain: (how: { separator: string; places: ColumnPlaces }) => void
}) {
  const counts = countsOf(list)
  const { wallets, emails } = peopleOf({ list, decisions })
  return (
    <div className="stack">
      <p>
        <strong>{name}</strong>, read as {list.encoding.toUpperCase()}, cells separated by a{' '}
        {SEPARATORS[list.separator] ?? list.separator}.
      </p>
      <dl className={styles.totals}>
        <Total words="with a wallet" count={counts.ready} />
        <Total words="without a wallet" count={counts.waiting} />
        <Total words="broken" count={counts.broken} />
        <Total words="doubtful" count={counts.doubtful} />
      </dl>
      <HowItWasRead list={list} onReadAgain={onReadAgain} />
      <Problems problems={list.problems} />
      <Waiting rows={list.rows.filter(({ state }) => state === 'waiting')} />
      <DecisionFields
        counts={{ ...counts, wallets, emails }}
        isLinkAsked={mayGetLinks({ list, decisions })}
        decisions={decisions}
        onDecide={onDecide}
      />
    </div>
  )
}

function Total({ words, count }: { words: string; count: number }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{count.toLocaleString('en-GB')}</dd>
    </div>
  )
}

function HowItWasRead({
  list,
  onReadAgain,
}: {
  list: ReadList
  onReadAgain: (how: { separator: string; places: ColumnPlaces }) => void
}) {
  const width = Math.max(
    list.header.length,
    ...Object.values(list.places).map((at) => (at ?? 0) + 1),
  )
  const nameOf = (index: number) => list.header[index]?.trim() || `Column ${index + 1}`
  return (
    <details>
      <summary>Not read right? Choose the columns</summary>
      <div className={styles.columns}>
        <Select
          label="Separator"
          value={list.separator}
          onChange={(event) => onReadAgain({ separator: event.target.value, places: list.places })}
        >
          {Object.entries(SEPARATORS).map(([separator, words]) => (
            <option key={separator} value={separator}>
              {words}
            </option>
          ))}
        </Select>
        {COLUMNS.map((column) => (
          <Select
            key={column}
            label={COLUMN_WORDS[column]}
            value={list.places[column] ?? ''}
            onChange={(event) => {
              const at = event.target.value === '' ? undefined : Number(event.target.value)
              const places = { ...list.places, [column]: at }
              onReadAgain({ separator: list.separator, places })
            }}
          >
            <option value="">not in the list</option>
            {Array.from({ length: width }, (_, index) => (
              <option key={index} value={index}>
                {nameOf(index)}
              </option>
            ))}
          </Select>
        ))}
      </div>
    </details>
  )
}

function Problems({ problems }: { problems: readonly ListProblem[] }) {
  const [showsAll, setShowsAll] = useState(false)
  if (problems.length === 0) return null
  const shown = showsAll ? problems : problems.slice(0, FIRST_PROBLEMS)
  return (
    <div className="stack">
      <h3>
        {problems.length === 1 ? 'One thing to look at' : `${problems.length} things to look at`}
      </h3>
      <Table caption="What is odd in the list" head={['Line', 'What', 'Effect']}>
        {shown.map(({ line, code, message }, index) => (
          <tr key={index}>
            <td className={styles.line}>{line}</td>
            <td>
              {message} <code className="soft small">{code}</code>
            </td>
            <td>
              <Badge kind={WEIGHT_WORDS[WEIGHTS[code]].kind}>
                {WEIGHT_WORDS[WEIGHTS[code]].words}
              </Badge>
            </td>
          </tr>
        ))}
      </Table>
      {shown.length < problems.length && (
        <div>
          <Button onClick={() => setShowsAll(true)}>Show all {problems.length}</Button>
        </div>
      )}
    </div>
  )
}

function Waiting({ rows }: { rows: readonly ListRow[] }) {
  if (rows.length === 0) return null
  return (
    <details>
      <summary>
        {rows.length === 1 ? 'One person has' : `${rows.length} people have`} no wallet in the list
      </summary>
      <ul className={styles.people}>
        {rows.map(({ line, name, email }) => (
          <li key={line}>
            {name || email || 'No name'} <span className="soft small">line {line}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function DecisionFields({
  counts: { broken, doubtful, waiting, wallets, emails },
  isLinkAsked,
  decisions,
  onDecide,
}: {
  counts: ReturnType<typeof countsOf> & { wallets: number; emails: number }
  isLinkAsked: boolean
  decisions: Decisions
  onDecide: (decisions: Decisions) => void
}) {
  const rows = (count: number) =>
    count === 1 ? 'One row' : `${count.toLocaleString('en-GB')} rows`
  return (
    <div className="stack">
      {isLinkAsked && (
        <FieldGroup
          legend={
            waiting === 1 ? 'The row without a wallet:' : `The ${waiting} rows without a wallet:`
          }
        >
          <Choice
            type="radio"
            name="waiting"
            label="Make claim links"
            hint="A link for each person, to mail or to print: whoever opens it has the coupons, without any wallet."
            checked={decisions.waiting === 'links'}
            onChange={() => onDecide({ ...decisions, waiting: 'links' })}
          />
          <Choice
            type="radio"
            name="waiting"
            label="Leave them out"
            hint="They get nothing now; issue to them later from the same list."
            checked={decisions.waiting === 'leave'}
            onChange={() => onDecide({ ...decisions, waiting: 'leave' })}
          />
        </FieldGroup>
      )}
      {wallets > 0 && (
        <FieldGroup
          legend={`${rows(wallets)} ${wallets === 1 ? 'has' : 'have'} a wallet that came before. Such a wallet gets:`}
        >
          <Choice
            type="radio"
            name="repeated"
            label="One coupon of each campaign"
            checked={decisions.repeated === 'once'}
            onChange={() => onDecide({ ...decisions, repeated: 'once' })}
          />
          <Choice
            type="radio"
            name="repeated"
            label="Several, one for each row"
            checked={decisions.repeated === 'each'}
            onChange={() => onDecide({ ...decisions, repeated: 'each' })}
          />
        </FieldGroup>
      )}
      {emails > 0 && (
        <FieldGroup
          legend={`${rows(emails)} ${emails === 1 ? 'has' : 'have'} an e-mail that came before, and no wallet or another. Such an e-mail gets:`}
        >
          <Choice
            type="radio"
            name="repeated-email"
            label="One coupon of each campaign: it is the same person"
            checked={decisions.repeatedEmail === 'once'}
            onChange={() => onDecide({ ...decisions, repeatedEmail: 'once' })}
          />
          <Choice
            type="radio"
            name="repeated-email"
            label="Several, one for each row: people share it"
            checked={decisions.repeatedEmail === 'each'}
            onChange={() => onDecide({ ...decisions, repeatedEmail: 'each' })}
          />
        </FieldGroup>
      )}
      {doubtful > 0 && (
        <FieldGroup legend={`${doubtful} doubtful ${doubtful === 1 ? 'row' : 'rows'}:`}>
          <Choice
            type="radio"
            name="doubtful"
            label="Leave out"
            checked={decisions.doubtful === 'leave'}
            onChange={() => onDecide({ ...decisions, doubtful: 'leave' })}
          />
          <Choice
            type="radio"
            name="doubtful"
            label="Take as they are"
            checked={decisions.doubtful === 'take'}
            onChange={() => onDecide({ ...decisions, doubtful: 'take' })}
          />
        </FieldGroup>
      )}
      {broken > 0 && (
        <Choice
          label={`Leave out the ${broken} broken ${broken === 1 ? 'row' : 'rows'}`}
          hint="Or mend them in the file and choose it again."
          checked={decisions.leavesBroken}
          onChange={(event) => onDecide({ ...decisions, leavesBroken: event.target.checked })}
        />
      )}
    </div>
  )
}
