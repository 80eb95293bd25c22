// A sequence that fails, cut down to the steps that matter, and told in words.
import type { Step } from './calls.ts'
import { nameOf } from './cast.ts'
import { playAgain, type OpenBook, type Parting } from './driver.ts'
import { START, type Stage } from './stage.ts'

const MOST_TRIES = 120
const LONGEST_LIST = 6

/** Leaves steps out, many at first and single ones in the end, for as long as model and chain still part. */
export async function shrink({
  stage,
  parting,
  open,
}: {
  stage: Stage
  parting: Parting
  open?: OpenBook
}): Promise<Parting> {
  let smallest = parting
  let size = Math.ceil(parting.steps.length / 2)
  for (let tries = 0; tries < MOST_TRIES && size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.steps.length && tries < MOST_TRIES; tries += 1) {
      const steps = smallest.steps.filter((_, i) => i < from || i >= from + size)
      const shorter = await playAgain({ stage, steps, open })
      if (shorter === undefined) from += size
      else smallest = shorter
    }
  }
  return smallest
}

/** The steps and what was wrong after them, for people. */
export function storyOf({ steps, differences }: Parting): string {
  return [...steps.map(textOfStep), ...differences].join('\n')
}

function textOfStep({ at, sender, call: { to, ...facts } }: Step): string {
  const shown = JSON.stringify(facts, (key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value === 'string') return nameOf(value)
    if (key === 'bytes' && typeof value === 'object') return undefined // signatures, which the rest of the fact explains
    if (!Array.isArray(value) || value.length <= LONGEST_LIST) return value
    const first: unknown[] = value.slice(0, LONGEST_LIST)
    return [...first, `${value.length - LONGEST_LIST} more`]
  })
  return `+${at - START} s, ${nameOf(sender)}: ${to} ${shown}`
}
