import { createContext } from 'react'
import { englishShell, type Words } from './words.ts'

/** Whose words are spoken. */
export const WordsContext = createContext<Words>(englishShell)
