import { inRoot, readIfPresent } from './folders.ts'

/** Where it says why each survivor may live. */
export const EXPLANATIONS = 'docs/mutants.md'

const SHORTEST = 20 // letters; less explains nothing

/** The ids that the file explains, and what is wrong with it. */
export type Explained = { ids: ReadonlySet<string>; faults: string[] }

/**
 * Reads the explanations: a list, of which each item names one mutant or several in code spans, as `npm run mutate`
 * prints them, and says in words why no test can tell them from the original, or need not.
 */
export function readExplanations(): Explained {
  const text = readIfPresent(inRoot(...EXPLANATIONS.split('/'))) ?? ''
  const items = text.split(/^(?=- |#)/m).filter((item) => item.startsWith('- '))
  const ids = new Set<string>()
  const faults: string[] = []
  for (const item of items) {
    const named = [...item.matchAll(/`([^`]*⟦[^`]*)`/g)].map(([, id = '']) =>
      id.replaceAll(/\s+/g, ' '),
    )
    const words = item
      .replaceAll(/`[^`]*⟦[^`]*`/g, '')
      .replaceAll(/^-|\s+/g, ' ')
      .trim()
    if (named.length > 0 && words.length < SHORTEST)
      faults.push(`says too little about ${named.join(', ')}`)
    for (const id of named) {
      if (ids.has(id)) faults.push(`explains twice: ${id}`)
      ids.add(id)
    }
  }
  return { ids, faults }
}

/** What in the explanations does not fit what was found. */
export function checkExplanations({
  explained,
  survivors,
  judged,
  existing,
}: {
  explained: Explained
  survivors: ReadonlySet<string>
  /** The mutants of this run. */
  judged: ReadonlySet<string>
  /** All mutants that there are. */
  existing: ReadonlySet<string>
}): string[] {
  const wrong = [...explained.ids].flatMap((id) => {
    if (!existing.has(id)) return [`explains a mutant that there is not: ${id}`]
    if (judged.has(id) && !survivors.has(id))
      return [`explains a mutant that does not survive: ${id}`]
    return []
  })
  return [...explained.faults, ...wrong]
}
