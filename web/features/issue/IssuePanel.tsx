'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import { campaignsQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Progress } from '../../ui/Spinner.tsx'
import { ListReview } from './ListReview.tsx'
import { ListSource } from './ListSource.tsx'
import { IssueProgress } from './IssueProgress.tsx'
import { SignIssue } from './SignIssue.tsx'
import type { Decisions } from './plan.ts'
import type { ColumnPlaces } from './columns.ts'
import { readList, type ReadList } from './read-list.ts'
import { useIssue } from './use-issue.ts'

const UNDECIDED: Decisions = {
  repeated: undefined,
  repeatedEmail: undefined,
  doubtful: undefined,
  waiting: undefined,
  leavesBroken: false,
}

/** Issues coupons to a list: read it, decide what is odd, tick campaigns, sign. */
export function IssuePanel({ book }: { book: Address }) {
  const config = useConfig()
  const issue = useIssue({ book })
  const { data: campaigns } = useQuery(campaignsQuery({ config, book }))
  const [source, setSource] = useState<{ name: string; bytes: Uint8Array; list: ReadList }>()
  const [decisions, setDecisions] = useState(UNDECIDED)

  const take = ({ name, bytes }: { name: string; bytes: Uint8Array }) => {
    setDecisions(UNDECIDED)
    setSource({ name, bytes, list: readList({ bytes }) })
  }
  const readAgain = (how: { separator: string; places: ColumnPlaces }) => {
    if (source === undefined) return
    setDecisions(UNDECIDED)
    setSource({ ...source, list: readList({ bytes: source.bytes, ...how }) })
  }

  if (campaigns?.length === 0) return null // there is nothing yet to issue in
  if (issue.state.step === 'making') {
    const { done, total } = issue.state
    return (
      <Card title="Issue coupons" id="issue">
        <Progress label={`Making keys: ${done} of ${total}`} done={done} total={total} />
      </Card>
    )
  }
  if (issue.state.step !== 'idle') {
    return (
      <Card title="Issue coupons" id="issue">
        <IssueProgress
          state={issue.state}
          onResume={(journal) => void issue.resume(journal)}
          onSendAgain={(journal) => void issue.sendAgain(journal)}
          onClose={() => {
            issue.giveUp()
            setSource(undefined)
          }}
        />
      </Card>
    )
  }
  return (
    <Card
      title="Issue coupons"
      id="issue"
      aside={
        source && (
          <Button kind="quiet" onClick={() => setSource(undefined)}>
            Another list
          </Button>
        )
      }
    >
      {source === undefined ? (
        <ListSource onList={take} />
      ) : (
        <>
          <ListReview
            name={source.name}
            list={source.list}
            decisions={decisions}
            onDecide={setDecisions}
            onReadAgain={readAgain}
          />
          <SignIssue
            book={book}
            list={source.list}
            decisions={decisions}
            onSign={(signed) => issue.start(signed)}
          />
        </>
      )}
    </Card>
  )
}
