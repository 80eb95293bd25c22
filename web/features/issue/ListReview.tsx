'use client'

import { useMemo, useState } from 'react'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup, Select } from '../../ui/Field.tsx'
import { Table } from '../../ui/Table.tsx'
import { fileNameOf, saveFile } from '../../ui/save-file.ts'
import { type Column, COLUMNS, SEPARATORS } from './columns.ts'
import { ENCODINGS } from './decode.ts'
import styles from './issue.module.css'
import { type ListProblem, type Weight, WEIGHTS } from './list-problem.ts'
import { countsOf, type Decisions, mayGetLinks, peopleOf } from './plan.ts'
import type { HowToRead } from './list-reading.ts'
import type { ListRow, ReadList } from './read-list.ts'
import { rejectedFile, rejectedRows } from './rejected.ts'

const FIRST_PROBLEMS = 50
const FIRST_PEOPLE = 300

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
  sheets,
  how,
  decisions,
  onDecide,
  onReadAgain,
}: {
  name: string
  list: ReadList
  /** Of a workbook, with the one that was read. */
  sheets: { names: readonly string[]; chosen: number }
  how: HowToRead
  decisions: Decisions
  onDecide: (decisions: Decisions) => void
  onReadAgain: (how: HowToRead) => void
}) {
  const counts = useMemo(() => countsOf(list), [list])
  const { wallets, emails } = useMemo(() => peopleOf({ list, decisions }), [list, decisions])
  return (
    <div className="stack">
      <p>
        <strong>{name}</strong>,{' '}
        {list.text === undefined
          ? `sheet “${sheets.names[sheets.chosen] ?? ''}” of a workbook`
          : `read as ${ENCODINGS[list.text.encoding] ?? list.text.encoding}, cells separated by a ${SEPARATORS[list.text.separator] ?? list.text.separator}`}
        : {list.rows.length.toLocaleString('en-GB')} people, columns{' '}
        {COLUMNS.filter((column) => list.places[column] !== undefined)
          .map((column) => COLUMN_WORDS[column].toLowerCase())
          .join(', ') || 'unknown'}
        .
      </p>
      <dl className={styles.totals}>
        <Total words="with a wallet" count={counts.ready} />
        <Total words="without a wallet" count={counts.waiting} />
        <Total words="broken" count={counts.broken} />
        <Total words="doubtful" count={counts.doubtful} />
      </dl>
      <HowItWasRead list={list} sheets={sheets} how={how} onReadAgain={onReadAgain} />
      <Problems problems={list.problems} />
      <Waiting rows={list.rows.filter(({ state }) => state === 'waiting')} />
      <DecisionFields
        counts={{ ...counts, wallets, emails }}
        isLinkAsked={mayGetLinks({ list, decisions })}
        decisions={decisions}
        onDecide={onDecide}
      />
      <Rejected name={name} list={list} decisions={decisions} />
    </div>
  )
}

/** Who gets nothing as things are decided, as a file to mend and to issue to later. */
function Rejected({
  name,
  list,
  decisions,
}: {
  name: string
  list: ReadList
  decisions: Decisions
}) {
  const rows = useMemo(() => rejectedRows({ list, decisions }), [list, decisions])
  if (rows.length === 0) return null
  const save = () =>
    saveFile({
      name: `${fileNameOf(name.replace(/\.[^.]*$/, '')) || 'list'}-left-out.csv`,
      type: 'text/csv',
      content: rejectedFile({ list, rows }),
    })
  return (
    <div className="row">
      <p>
        {rows.length === 1 ? 'One row gets' : `${rows.length.toLocaleString('en-GB')} rows get`} no
        coupon as decided so far.
      </p>
      <Button onClick={save}>Download what is left out (CSV)</Button>
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
  sheets,
  how,
  onReadAgain,
}: {
  list: ReadList
  sheets: { names: readonly string[]; chosen: number }
  how: HowToRead
  onReadAgain: (how: HowToRead) => void
}) {
  const width = Math.max(
    list.header.length,
    ...Object.values(list.places).map((at) => (at ?? 0) + 1),
  )
  const nameOf = (index: number) => list.header[index]?.trim() || `Column ${index + 1}`
  return (
    <details>
      <summary>Not read right? Choose how, and the columns</summary>
      <div className={styles.columns}>
        {sheets.names.length > 1 && (
          <Select
            label="Sheet"
            value={sheets.chosen}
            onChange={(event) => onReadAgain({ sheet: Number(event.target.value) })}
          >
            {sheets.names.map((name, index) => (
              <option key={index} value={index}>
                {name}
              </option>
            ))}
          </Select>
        )}
        {list.text !== undefined && (
          <>
            <Select
              label="Encoding"
              value={list.text.encoding}
              onChange={(event) => onReadAgain({ ...how, encoding: event.target.value })}
            >
              {Object.entries(ENCODINGS).map(([encoding, words]) => (
                <option key={encoding} value={encoding}>
                  {words}
                </option>
              ))}
            </Select>
            <Select
              label="Separator"
              value={list.text.separator}
              onChange={(event) => {
                // Other cells, other columns.
                onReadAgain({ ...how, places: undefined, separator: event.target.value })
              }}
            >
              {Object.entries(SEPARATORS).map(([separator, words]) => (
                <option key={separator} value={separator}>
                  {words}
                </option>
              ))}
            </Select>
          </>
        )}
        {COLUMNS.map((column) => (
          <Select
            key={column}
            label={COLUMN_WORDS[column]}
            value={list.places[column] ?? ''}
            onChange={(event) => {
              const at = event.target.value === '' ? undefined : Number(event.target.value)
              const places = { ...list.places, [column]: at }
              onReadAgain({ ...how, places })
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
        {rows.slice(0, FIRST_PEOPLE).map(({ line, name, email }) => (
          <li key={line}>
            <bdi>{name || email || 'No name'}</bdi> <span className="soft small">line {line}</span>
          </li>
        ))}
        {rows.length > FIRST_PEOPLE && <li>and {rows.length - FIRST_PEOPLE} more</li>}
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
