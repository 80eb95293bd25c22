'use client'

import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useWords } from '../words/use-words.ts'
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
  const { say, explain } = useWords()
  const { explorerUrl } = useConfig()
  switch (transaction.step) {
    case 'idle':
      return null
    case 'asking':
      return (
        <p role="status" className="row">
          <Spinner /> {say('transaction.asking')}
        </p>
      )
    case 'sent':
      return (
        <p role="status" className="row">
          <Spinner /> {say('transaction.sent')}
        </p>
      )
    case 'mined':
      return done === undefined ? null : (
        <Notice kind="good" title={done}>
          {explorerUrl !== undefined && (
            <p>
              <a href={`${explorerUrl}/tx/${transaction.hash}`} target="_blank" rel="noreferrer">
                {say('transaction.explorer')}
              </a>
            </p>
          )}
        </Notice>
      )
    case 'failed':
      return (
        <Notice
          kind="bad"
          title={explain(transaction.failure)}
          code={transaction.failure.code}
          action={
            transaction.hash !== undefined &&
            onLookAgain && <Button onClick={onLookAgain}>{say('sheet.look')}</Button>
          }
        />
      )
  }
}
