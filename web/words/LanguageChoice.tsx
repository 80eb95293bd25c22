'use client'

import { LANGUAGES } from './languages.ts'
import styles from './LanguageChoice.module.css'
import { choose, languageOf } from './speaking.ts'
import { useShellWords } from './Speaking.tsx'

/** Chooses the language of everything that holders see; each is named as its own speakers name it. */
export function LanguageChoice() {
  const { language, say } = useShellWords()
  return (
    <select
      className={styles.choice}
      aria-label={say('app.language')}
      value={language.tag}
      onChange={(event) => void choose(languageOf(event.target.value))}
    >
      {LANGUAGES.map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  )
}
