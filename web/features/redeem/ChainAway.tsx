'use client'

import { explainRevert } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { momentText } from './when.ts'

/** Says that the chain cannot be asked, and how old is what is shown. */
export function ChainAway({
  asOf,
  now,
  error,
  onRetry,
}: {
  /** Unix seconds; 0 where nothing is known. */
  asOf: number
  now: number
  /** Left out where there is no network at all. */
  error: Error | null | undefined
  onRetry: () => void
}) {
  const words = useWords()
  const { say, explain } = words
  const failure = error ? explainRevert(error) : undefined
  const told =
    asOf > 0
      ? say('away.asOf', { moment: momentText({ at: asOf, now, words }) })
      : say('away.unknown')
  return (
    <Notice
      kind={failure === undefined && asOf > 0 ? 'warn' : 'bad'}
      title={say(failure ? 'common.chainAway' : 'away.title')}
      code={failure?.code}
      action={failure && <Button onClick={onRetry}>{say('common.again')}</Button>}
    >
      <p>
        {failure && `${explain(failure)} `}
        {told}
      </p>
    </Notice>
  )
}
