'use client'

import type { Failure } from '../../chain/explain-revert.ts'
import { ButtonLink } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { useShellWords } from '../../words/Speaking.tsx'

/** What a visitor sees whose link names no book. */
export function WrongBook({
  problem,
  door,
}: {
  problem: Failure
  door: 'redeem' | 'audit' | 'counter'
}) {
  const { say, explain } = useShellWords()
  usePageTitle(say('wrongBook.title'))
  return (
    <div className="stack-wide">
      <h1>{say('wrongBook.title')}</h1>
      <Notice
        kind="bad"
        code={problem.code}
        action={<ButtonLink href={`/${door}`}>{say('wrongBook.choose')}</ButtonLink>}
      >
        <p>{explain(problem)}</p>
      </Notice>
    </div>
  )
}
