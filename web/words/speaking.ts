import { ENGLISH, KEPT_LANGUAGE, type Language, languageFor, LANGUAGES } from './languages.ts'
import { englishShell, type Words, wordsOf } from './words.ts'

const loading = new Map<Language, Promise<Words>>()
const listeners = new Set<() => void>()
let spoken: Words | undefined

/** The words that this page speaks since its person or browser chose them; before that, those of the server. */
export function spokenWords(): Words | undefined {
  return spoken
}

/** Calls back at each change of language. */
export function onSpoken(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** A language's words, loaded once; English where they cannot be loaded. */
export function wordsIn(language: Language): Promise<Words> {
  const known = loading.get(language)
  if (known !== undefined) return known
  const words = load(language)
  loading.set(language, words)
  return words
}

/** The language that this device's person chose, or the first of the browser's that we have. */
export function wantedLanguage(): Language {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEPT_LANGUAGE)
  } catch {
    // Closed to us: then the browser's own languages have the word.
  }
  return languageFor([...(kept === null ? [] : [kept]), ...navigator.languages])
}

/** Speaks a language from now on: its words are loaded first, so that nothing on the page goes away in between. */
export async function speak(language: Language): Promise<void> {
  const words = await wordsIn(language)
  const { tag, direction } = words.language
  const root = document.documentElement
  root.lang = tag
  root.dir = direction
  delete root.dataset.unspoken
  spoken = words
  for (const listen of listeners) listen()
}

/** Speaks what the person has chosen, and keeps it on this device. */
export async function choose(language: Language): Promise<void> {
  try {
    localStorage.setItem(KEPT_LANGUAGE, language.tag)
  } catch {
    // A full or forbidden storage: it is spoken for as long as the page is open.
  }
  await speak(language)
}

/** The language with this tag; English for any other. */
export function languageOf(tag: string): Language {
  return LANGUAGES.find((language) => language.tag === tag) ?? ENGLISH
}

async function load(language: Language): Promise<Words> {
  if (language.load === undefined) return englishShell
  try {
    const { words } = await language.load()
    return wordsOf({ language, catalogue: words })
  } catch (error) {
    loading.delete(language) // the next time there may be a network
    console.info(`The words of ${language.tag} could not be loaded.`, error)
    return englishShell
  }
}
