import type { Sites } from './site-edits.ts'

/** What the sites are, what they were before each change, and what they were before it was taken back. */
export type SiteHistory = {
  past: readonly Step[]
  sites: Sites
  future: readonly Step[]
}

/** One change: its words ("remove Mess hall"), and the sites on its other side. */
type Step = { words: string; sites: Sites; run?: string | undefined }

const LONGEST_PAST = 200

/** The history of sites that nobody has changed yet. */
export function historyOf(sites: Sites): SiteHistory {
  return { past: [], sites, future: [] }
}

/** After a change. Changes of one `run` that follow each other (a name, letter by letter) are taken back together. */
export function changed({
  history,
  sites,
  words,
  run,
}: {
  history: SiteHistory
  sites: Sites
  words: string
  run?: string
}): SiteHistory {
  if (sites === history.sites) return history
  const last = history.past.at(-1)
  if (run !== undefined && last?.run === run && history.future.length === 0) {
    return { past: [...history.past.slice(0, -1), { ...last, words }], sites, future: [] }
  }
  const past = [...history.past, { words, sites: history.sites, run }].slice(-LONGEST_PAST)
  return { past, sites, future: [] }
}

/** With the last change taken back, if there is one. */
export function undone(history: SiteHistory): SiteHistory {
  const last = history.past.at(-1)
  if (last === undefined) return history
  return {
    past: history.past.slice(0, -1),
    sites: last.sites,
    future: [...history.future, { words: last.words, sites: history.sites }],
  }
}

/** With the change that was taken back last made again, if there is one. */
export function redone(history: SiteHistory): SiteHistory {
  const next = history.future.at(-1)
  if (next === undefined) return history
  return {
    past: [...history.past, { words: next.words, sites: history.sites }],
    sites: next.sites,
    future: history.future.slice(0, -1),
  }
}
