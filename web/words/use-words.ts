'use client'

import { useContext } from 'react'
import './english.ts'
import type { Words } from './words.ts'
import { WordsContext } from './words-context.ts'

/** The words of the language that is spoken here. */
export function useWords(): Words {
  return useContext(WordsContext)
}
