// How much is played, and from which seed: MODEL_SEQUENCES and MODEL_SEED in the environment.

export const LENGTH = 200 // calls in a sequence

const SAID_EVERY = 20 // sequences
const LARGEST_SEED = 2 ** 32 - 1
const MOST_SEQUENCES = 1_000_000
const MILLISECONDS_EACH = 60_000 // far more than a sequence takes, so that only one that hangs runs out of time

/** The seeds to play, `usually` so many from `from` on, and how long that may take. */
export function seeds({ usually, from }: { usually: number; from: number }): {
  seeds: number[]
  timeout: number
} {
  const first = numberIn({ name: 'MODEL_SEED', usually: from, most: LARGEST_SEED })
  const length = numberIn({ name: 'MODEL_SEQUENCES', usually, most: MOST_SEQUENCES })
  return {
    seeds: Array.from({ length }, (_, i) => (first + i) % (LARGEST_SEED + 1)),
    timeout: MILLISECONDS_EACH * (length + 1),
  }
}

/** Whether more is to be told than whether all is well. */
export function isTalkative(): boolean {
  return process.env.MODEL_TALLY === '1'
}

/** Says now and then how many sequences are played. */
export function sayHowFar({ played, of }: { played: number; of: number }): void {
  if (isTalkative() && played % SAID_EVERY === 0) console.log(`    ${played} of ${of} sequences`)
}

/** How to see it again. */
export function again({ seed, file }: { seed: number; file: string }): string {
  return `MODEL_SEED=${seed} MODEL_SEQUENCES=1 npx hardhat test mocha ${file}`
}

function numberIn({
  name,
  usually,
  most,
}: {
  name: string
  usually: number
  most: number
}): number {
  const text = process.env[name]
  if (text === undefined || text === '') return usually
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= most && number >= 1) return number
  throw new Error(`${name} is a whole number from 1 to ${most}; "${text}" is none.`)
}
