'use client'

import { type ReactNode, use, useContext, useEffect, useSyncExternalStore } from 'react'
import { languageOf, onSpoken, speak, spokenWords, wantedLanguage, wordsIn } from './speaking.ts'
import { englishShell, type ShellWords } from './words.ts'
import { WordsContext } from './words-context.ts'

/** What everything below says is said in the language that was chosen; `language` is the one in which the server wrote the page. */
export function Speaking({ language, children }: { language: string; children: ReactNode }) {
  // The server's page stays as it is while its words are loaded; only then can it be touched.
  const written =
    language === englishShell.language.tag ? englishShell : use(wordsIn(languageOf(language)))
  const spoken = useSyncExternalStore(onSpoken, spokenWords, () => undefined)
  useEffect(() => {
    void speak(wantedLanguage())
  }, [])
  return <WordsContext value={spoken ?? written}>{children}</WordsContext>
}

/** What is not translated yet, and says so: English inside of any other language. */
export function InEnglish({ children }: { children: ReactNode }) {
  const { language } = englishShell
  return (
    <div lang={language.tag} dir={language.direction}>
      <WordsContext value={englishShell}>{children}</WordsContext>
    </div>
  )
}

/** The words of the language that is spoken here, for what stands around pages; pages themselves have `useWords` of whole.ts. */
export function useShellWords(): ShellWords {
  return useContext(WordsContext)
}
