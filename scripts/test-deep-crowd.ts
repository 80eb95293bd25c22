import { readIfPresent } from './folders.ts'

/** How often each action of the crowd came off, in all sequences together. */
export type Successes = ReadonlyMap<string, number>

/** Sums up what the crowd told, a line after each sequence: `redeem=12;steal, refused=3;`. */
export function successesIn({ file }: { file: string }): Successes {
  const lines = (readIfPresent(file) ?? '').split('\n').filter((line) => line !== '')
  const successes = new Map<string, number>()
  for (const entry of lines.flatMap((line) => line.split(';'))) {
    const [, action, count] = /^(.+)=(\d+)$/.exec(entry) ?? []
    if (action === undefined) continue
    successes.set(action, (successes.get(action) ?? 0) + Number(count))
  }
  return successes
}

/** Prints them; whether there are any, and none at all never came off. */
export function reportCrowd({ file }: { file: string }): boolean {
  const successes = successesIn({ file })
  console.log('\nWhat the crowd did, and how often it came off:')
  for (const [action, count] of successes) console.log(`${String(count).padStart(9)}  ${action}`)
  const never = [...successes].filter(([, count]) => count === 0).map(([action]) => action)
  if (never.length > 0) console.log(`Never came off, so nothing is shown: ${never.join('; ')}`)
  return successes.size > 0 && never.length === 0
}
