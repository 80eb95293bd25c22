import { keccak256, stringToHex } from 'viem'
import { Problem } from './problem.ts'
import type { Store } from './store.ts'

/** Counts one more attempt of something; throws a Problem where its limit is reached. The window is in milliseconds. */
export type RequireTurn = (turn: {
  of: readonly (string | bigint)[]
  limit: number
  window: number
}) => Promise<void>

/** Limits that outlive a restart and hold for all oracles on one database. */
export function createTurns({
  now,
  store,
}: {
  now: () => number
  store: Pick<Store, 'takeTurn'>
}): RequireTurn {
  return async ({ of, limit, window }) => {
    // Hashed, so that the table lists nobody.
    const key = keccak256(stringToHex(of.join(' ').toLowerCase()))
    const turn = await store.takeTurn({ key, limit, window, now: now() })
    if (turn.isAllowed) return
    const seconds = Math.max(Math.ceil(turn.retryAfter / 1000), 1)
    throw new Problem('RATE_LIMITED', { headers: { 'Retry-After': seconds.toString() } })
  }
}
