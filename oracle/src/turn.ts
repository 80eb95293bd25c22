import { hexOf, keccakOf } from '@coupon-secure/protocol/keccak'
import { stringToBytes } from 'viem'
import { Problem } from '@coupon-secure/service/problem'
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
    const turn = await store.takeTurn({ key: turnKey(of), limit, window, now: now() })
    if (!turn.isAllowed) throw tooOften(turn)
  }
}

/** What an attempt is counted under; hashed, so that the table lists nobody. */
export function turnKey(of: readonly (string | bigint)[]): string {
  return hexOf(keccakOf(stringToBytes(of.join(' ').toLowerCase())))
}

/** What to say to whom it is not allowed to for so many milliseconds. */
export function tooOften({ retryAfter }: { retryAfter: number }): Problem {
  const seconds = Math.max(Math.ceil(retryAfter / 1000), 1)
  return new Problem('RATE_LIMITED', { headers: { 'Retry-After': seconds.toString() } })
}
