'use client'

import { ButtonLink } from '../ui/Button.tsx'
import { useShellWords } from '../words/Speaking.tsx'

/** What stands where nothing is. */
export function Lost() {
  const { say } = useShellWords()
  return (
    <div className="stack-wide">
      <h1>{say('lost.title')}</h1>
      <p>{say('lost.words')}</p>
      <div className="row">
        <ButtonLink kind="main" href="/redeem">
          {say('lost.pocket')}
        </ButtonLink>
        <ButtonLink href="/">{say('lost.home')}</ButtonLink>
      </div>
    </div>
  )
}
