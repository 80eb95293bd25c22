import type { Key, Words } from '../../words/words.ts'

// A phone that knows no better than this is kept from it: it is told a district, not a position.
const VAGUE_METRES = 1_000

/** How well a position is known, never better than it is: "12 m", "240 m", "1.5 km". */
export function accuracyText({
  accuracyMetres,
  words: { number, say },
}: {
  accuracyMetres: number
  words: Words
}): string {
  if (accuracyMetres >= 1_000) {
    return say('guide.kilometres', { value: number(Math.ceil(accuracyMetres / 100) / 10) })
  }
  const step = accuracyMetres < 100 ? 1 : 10
  return say('guide.metres', { value: number(Math.ceil(accuracyMetres / step) * step) })
}

/** Where a phone keeps its exact position from this browser: the text that says how to let it have it. */
export function vagueKey({
  accuracyMetres,
  agent,
}: {
  accuracyMetres: number
  /** The browser's name for itself. */
  agent: string
}): Extract<Key, `guide.vague.${string}`> | undefined {
  if (accuracyMetres < VAGUE_METRES) return undefined
  if (/iPhone|iPad/.test(agent)) return 'guide.vague.apple'
  return agent.includes('Android') ? 'guide.vague.android' : 'guide.vague.other'
}
