'use client'

import { ButtonLink } from '../ui/Button.tsx'
import { useWords } from '../words/use-words.ts'

/** What stands where nothing is. */
export function Lost() {
  const { say } = useWords()
  return (
    <div className="stack-wide">
      <h1>{say('lost.title')}</h1>
      <p>{say('lost.words')}</p>
      <div className="row">
        <ButtonLink kind="main" href="/redeem">
          {say('pocket.page')}
        </ButtonLink>
        <ButtonLink href="/">{say('lost.home')}</ButtonLink>
      </div>
    </div>
  )
}
