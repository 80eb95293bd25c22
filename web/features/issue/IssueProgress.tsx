'use client'

import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Spinner.tsx'
import { type Journal, nextChunk, progressOf } from './journal.ts'
import type { IssueState } from './use-issue.ts'

/** How far an issue has come, what is awaited, and what can be done when it stopped. */
export function IssueProgress({
  state,
  onResume,
  onSendAgain,
  onClose,
}: {
  state: Exclude<IssueState, { step: 'idle' | 'making' }>
  onResume: (journal: Journal) => void
  onSendAgain: (journal: Journal) => void
  onClose: () => void
}) {
  const { coupons, couponsDone, transactions, transactionsDone } = progressOf(state.journal)
  const what = state.journal.kind === 'standby' ? 'standby coupons' : 'coupons'
  const number = (count: number) => count.toLocaleString('en-GB')
  const isUnfinished = transactionsDone < transactions
  const hasHash = nextChunk(state.journal)?.chunk.hash !== undefined
  return (
    <div className="stack">
      <Progress
        label={`${number(couponsDone)} of ${number(coupons)} ${what} issued`}
        done={couponsDone}
        total={coupons}
      />
      {state.step !== 'done' && state.step !== 'paused' && (
        <p role="status">
          {words(state.step)} Transaction {Math.min(transactionsDone + 1, transactions)} of{' '}
          {transactions}.
        </p>
      )}
      {state.step === 'paused' && (
        <Notice
          kind={state.failure ? 'bad' : 'warn'}
          title={state.failure?.sentence ?? 'This issue was begun earlier and is not finished.'}
          code={state.failure?.code}
          action={
            <>
              <Button kind="main" onClick={() => onResume(state.journal)}>
                Continue where it stopped
              </Button>
              {hasHash && (
                <Button onClick={() => onSendAgain(state.journal)}>Send that one again</Button>
              )}
              <Button kind="danger" onClick={onClose}>
                Give up the rest
              </Button>
            </>
          }
        >
          <p>
            What the chain shows as issued stays issued and is never sent again: {transactionsDone}{' '}
            of {transactions} transactions are done.
          </p>
        </Notice>
      )}
      {state.step === 'done' && !isUnfinished && (
        <Notice
          kind="good"
          title={`${number(coupons)} ${what} are issued.`}
          action={<Button onClick={onClose}>Issue to another list</Button>}
        >
          <p>Their holders see them on the holders’ page at once.</p>
        </Notice>
      )}
    </div>
  )
}

function words(step: 'looking' | 'asking' | 'sent'): string {
  switch (step) {
    case 'looking':
      return 'Looking at the chain.'
    case 'asking':
      return 'Waiting for your wallet: it asks you to sign.'
    case 'sent':
      return 'Sent; waiting for the chain. You may close this page, nothing is lost.'
  }
}
