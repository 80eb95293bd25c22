'use client'

import { useWords } from '../words/Speaking.tsx'

/** For who comes by keyboard: past the head of the page. */
export function Skip() {
  return (
    <a className="skip" href="#main">
      {useWords().say('app.skip')}
    </a>
  )
}
