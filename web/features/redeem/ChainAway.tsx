import { explainRevert } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
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
  const words = error ? explainRevert(error) : undefined
  const told =
    asOf > 0
      ? `This is how your coupons stood ${momentText({ at: asOf, now })}. They are safe; to use one takes a network.`
      : 'Your coupons are safe; to see them takes a network once.'
  return (
    <Notice
      kind={words === undefined && asOf > 0 ? 'warn' : 'bad'}
      title={words ? 'The chain does not answer' : 'No network'}
      code={words?.code}
      action={words && <Button onClick={onRetry}>Try again</Button>}
    >
      <p>
        {words && `${words.sentence} `}
        {told}
      </p>
    </Notice>
  )
}
