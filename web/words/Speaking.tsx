'use client'

import {
  createContext,
  type ReactNode,
  use,
  useContext,
  useEffect,
  useSyncExternalStore,
} from 'react'
import { languageOf, onSpoken, speak, spokenWords, wantedLanguage, wordsIn } from './speaking.ts'
import { inEnglish, type Words } from './words.ts'

const WordsContext = createContext<Words>(inEnglish)

/** What everything below says is said in the language that was chosen; `language` is the one in which the server wrote the page. */
export function Speaking({ language, children }: { language: string; children: ReactNode }) {
  // The server's page stays as it is while its words are loaded; only then can it be touched.
  const written =
    language === inEnglish.language.tag ? inEnglish : use(wordsIn(languageOf(language)))
  const spoken = useSyncExternalStore(onSpoken, spokenWords, () => undefined)
  useEffect(() => {
    void speak(wantedLanguage())
  }, [])
  return <WordsContext value={spoken ?? written}>{children}</WordsContext>
}

/** What is not translated yet, and says so: English inside of any other language. */
export function InEnglish({ children }: { children: ReactNode }) {
  const { language } = inEnglish
  return (
    <div lang={language.tag} dir={language.direction}>
      <WordsContext value={inEnglish}>{children}</WordsContext>
    </div>
  )
}

/** The words of the language that is spoken here. */
export function useWords(): Words {
  return useContext(WordsContext)
}
