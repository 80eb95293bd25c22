'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useConfig } from '../../../chain/config.tsx'
import { explainErrorData } from '../../../chain/explain-revert.ts'
import { newestRefusals } from '../../../chain/indexer.ts'
import { Card } from '../../../ui/Card.tsx'
import { momentText } from '../../../ui/range-text.ts'
import { Table } from '../../../ui/Table.tsx'
import type { Answers, OracleHealth, Reason } from './oracle-health.ts'

const MOST = 20

/** Who is turned away, and why: by the oracle, as far as it tells, and by the contract. */
export function RefusalPanel({
  book,
  health,
  isIndexed,
  names,
}: {
  book: Address
  health: OracleHealth | undefined
  isIndexed: boolean
  /** The campaigns' names. */
  names: ReadonlyMap<bigint, string>
}) {
  return (
    <Card title="Who is turned away">
      {health && <OracleAnswers answers={health.answers} reasons={health.reasons} />}
      <BatchRefusals book={book} isIndexed={isIndexed} names={names} />
    </Card>
  )
}

function OracleAnswers({
  answers,
  reasons,
}: {
  answers: Answers | undefined
  reasons: Reason[] | undefined
}) {
  return (
    <section className="stack" aria-labelledby="oracle-refusals">
      <h3 id="oracle-refusals">By the oracle</h3>
      <p>
        {answers === undefined ? 'Its log does not answer.' : answersText(answers)}{' '}
        <span className="soft">
          Its public log says no more than that, so that nobody can tell who was turned away for
          what.
        </span>
      </p>
      {reasons === undefined ? (
        <p className="soft small">It keeps its counters to itself, so the reasons are not shown.</p>
      ) : reasons.length === 0 ? (
        <p className="soft small">By its counters it has refused nobody since it was started.</p>
      ) : (
        <Table
          caption="The oracle’s refusals by reason, since it was started"
          head={['Times', 'What people were told', 'Code']}
        >
          {reasons.map(({ code, sentence, count }) => (
            <tr key={code}>
              <td>{count.toLocaleString('en-GB')}</td>
              <td>{sentence}</td>
              <td>
                <code>{code}</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

function BatchRefusals({
  book,
  isIndexed,
  names,
}: {
  book: Address
  isIndexed: boolean
  names: ReadonlyMap<bigint, string>
}) {
  const { indexerUrl, chainId } = useConfig()
  const { data } = useQuery({
    queryKey: ['chain', chainId, 'refusals', book],
    queryFn:
      indexerUrl !== undefined && isIndexed
        ? () => newestRefusals({ indexerUrl, chainId, book, most: MOST })
        : skipToken,
    refetchInterval: 5_000,
  })
  return (
    <section className="stack" aria-labelledby="contract-refusals">
      <h3 id="contract-refusals">By the contract</h3>
      {!isIndexed ? (
        <p className="soft">The index is not there; the audit has them from the chain.</p>
      ) : data === undefined ? (
        <p className="soft">Reading the index…</p>
      ) : data.length === 0 ? (
        <p className="soft">No batch had an item that was skipped.</p>
      ) : (
        <Table
          caption="What batches skipped, newest first"
          head={['When', 'Campaign', 'Coupon', 'Why', 'Code']}
        >
          {data.map(({ campaignId, serial, why, at, transaction }) => {
            const { code, sentence } = explainErrorData(why)
            return (
              <tr key={`${transaction}.${campaignId}.${serial}`}>
                <td>{momentText(Number(at))}</td>
                <td>{names.get(campaignId) ?? `No. ${campaignId}`}</td>
                <td>{String(serial)}</td>
                <td>{sentence}</td>
                <td>
                  <code>{code}</code>
                </td>
              </tr>
            )
          })}
        </Table>
      )}
    </section>
  )
}

function answersText({ yes, no, lastNoAt }: Answers): string {
  const last = lastNoAt === undefined ? '' : ` It last said no ${momentText(lastNoAt)}.`
  const sum =
    yes + no === 0
      ? 'Nobody asked it in the last quarter of an hour, for any of the books that it serves.'
      : `In the last quarter of an hour it said yes ${times(yes)} and no ${times(no)}, for all books that it serves.`
  return `${sum}${last}`
}

function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count.toLocaleString('en-GB')} times`
}
