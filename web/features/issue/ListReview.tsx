'use client'

import { useMemo, useState } from 'react'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Table } from '../../ui/Table.tsx'
import { fileNameOf, saveFile } from '../../ui/save-file.ts'
import { COLUMNS, SEPARATORS } from './columns.ts'
import { ENCODINGS } from './decode.ts'
import { COLUMN_WORDS, HowItWasRead } from './HowItWasRead.tsx'
import styles from './issue.module.css'
import { ListDecisions } from './ListDecisions.tsx'
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
      <ListDecisions
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
