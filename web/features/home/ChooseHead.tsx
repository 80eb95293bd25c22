'use client'

import { usePageTitle } from '../../ui/use-page-title.ts'
import { useWords } from '../../words/use-words.ts'

/** What a holder is asked who comes without a book. */
export function ChooseHead() {
  const { say } = useWords()
  usePageTitle(say('choose.page'))
  return (
    <>
      <h1>{say('choose.title')}</h1>
      <p>{say('choose.words')}</p>
    </>
  )
}
