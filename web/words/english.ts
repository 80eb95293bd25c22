// The rest of English. It is apart from what stands around every page, so that a page answers before all its sentences have come.
import { words as rest } from './compiled/en-rest.ts'
import { englishShell, learn, type Words } from './words.ts'

learn(rest)

/** English, whole. */
export const inEnglish: Words = englishShell
