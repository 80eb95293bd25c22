import type { Address } from 'viem'
import type { WitnessUse } from '../../../chain/indexer.ts'

/** How a witness was used so far, in words; `uses` is undefined where the index does not say. */
export function lastUseWords({
  key,
  uses,
  timeOf,
}: {
  key: Address
  uses: readonly WitnessUse[] | undefined
  /** Writes a moment as people read it. */
  timeOf: (seconds: number) => string
}): string {
  if (uses === undefined) return 'Last use: not known, the index does not answer.'
  const use = uses.find((one) => one.key.toLowerCase() === key.toLowerCase())
  if (use?.lastVouchedAt === undefined) return 'Never used so far.'
  const times = use.vouched === 1 ? 'once' : `${use.vouched.toLocaleString('en-GB')} times`
  return `Last used ${timeOf(Number(use.lastVouchedAt))}; vouched ${times}.`
}

/** How long a witness still counts, in a word or two, where that asks for attention; `now` in unix seconds. */
export function standingOf({
  validUntil,
  now,
}: {
  validUntil: bigint
  now: number
}): 'over' | 'soon' | 'long' {
  if (now >= Number(validUntil)) return 'over'
  return Number(validUntil) - now < DAY ? 'soon' : 'long'
}

const DAY = 24 * 3600
