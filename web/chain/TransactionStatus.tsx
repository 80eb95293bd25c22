'use client'

import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useConfig } from './config.tsx'
import type { Transaction } from './use-transaction.ts'

/** Where a transaction stands, in words, announced as it changes. */
export function TransactionStatus({
  transaction,
  done,
  onLookAgain,
}: {
  transaction: Transaction
  done?: string
  onLookAgain?: () => void
}) {
  const { explorerUrl } = useConfig()
  switch (transaction.step) {
    case 'idle':
      return null
    case 'asking':
      return (
        <p role="status" className="row">
          <Spinner /> Waiting for your wallet. Read what it shows, then confirm.
        </p>
      )
    case 'sent':
      return (
        <p role="status" className="row">
          <Spinner /> Sent. Waiting for the chain; you may close this page, nothing is lost.
        </p>
      )
    case 'mined':
      return done === undefined ? null : (
        <Notice kind="good" title={done}>
          {explorerUrl !== undefined && (
            <p>
              <a href={`${explorerUrl}/tx/${transaction.hash}`} target="_blank" rel="noreferrer">
                See it in the explorer
              </a>
            </p>
          )}
        </Notice>
      )
    case 'failed':
      return (
        <Notice
          kind="bad"
          title={transaction.failure.sentence}
          code={transaction.failure.code}
          action={
            transaction.hash !== undefined &&
            onLookAgain && <Button onClick={onLookAgain}>Look again</Button>
          }
        />
      )
  }
}
