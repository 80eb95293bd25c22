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
import type { HowToRead } from './list-reading.ts'
import { useIssue } from './use-issue.ts'
import { useList } from './use-list.ts'

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
  const { state: source, read, forget } = useList()
  const [decisions, setDecisions] = useState(UNDECIDED)

  const take = (list: { name: string; bytes: Uint8Array; how?: HowToRead }) => {
    setDecisions(UNDECIDED)
    read(list)
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
            forget()
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
        source.step !== 'none' && (
          <Button kind="quiet" onClick={forget}>
            Another list
          </Button>
        )
      }
    >
      {source.step === 'none' ? (
        <ListSource key={source.problem?.message} found={source.problem} onList={take} />
      ) : source.step === 'reading' ? (
        <Progress label={`Reading ${source.name}`} done={source.share} total={1} />
      ) : (
        <>
          <ListReview
            name={source.name}
            list={source.reading.list}
            sheets={{ names: source.reading.sheets, chosen: source.reading.sheet }}
            how={source.how}
            decisions={decisions}
            onDecide={setDecisions}
            onReadAgain={(how) => take({ name: source.name, bytes: source.bytes, how })}
          />
          <SignIssue
            book={book}
            list={source.reading.list}
            decisions={decisions}
            onSign={(signed) => issue.start(signed)}
          />
        </>
      )}
    </Card>
  )
}
