'use client'

import { useShellWords } from '../words/Speaking.tsx'

/** For who comes by keyboard: past the head of the page. */
export function Skip() {
  return (
    <a className="skip" href="#main">
      {useShellWords().say('app.skip')}
    </a>
  )
}
