import { isSettled, type RedemptionStatus } from '@coupon-secure/protocol/wire-redemption'
import type { Hex } from 'viem'
import type { Bell } from './bell.ts'
import type { Store } from './store.ts'

const LOOK_MILLISECONDS = 150

type Listener = (status: RedemptionStatus) => void

/** Tells whoever watches a redemption where it stands, when that changes: one look at the database for all. */
export type Watch = {
  /** Calls with each state that is newer than `version`, until it is told to end. */
  begin: (watching: { digest: Hex; version: number; onChange: Listener }) => () => void
  /** How many watch. */
  count: () => number
}

/** A watch over a store: looked at when the bell rings, and now and then, since other processes change it too. */
export function createWatch({
  store,
  bell,
}: {
  store: Pick<Store, 'statuses'>
  bell: Pick<Bell, 'listen'>
}): Watch {
  const watching = new Map<symbol, { digest: Hex; version: number; onChange: Listener }>()
  let isLooking = false

  return {
    begin: (one) => {
      const id = Symbol(one.digest)
      watching.set(id, { ...one })
      void look()
      return () => watching.delete(id)
    },
    count: () => watching.size,
  }

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (watching.size > 0) {
      const waitFor = bell.listen()
      const digests = [...new Set([...watching.values()].map(({ digest }) => digest))]
      // The database is away: whoever watches goes on waiting, and its own answer will say so.
      const statuses = await store.statuses(digests).catch((): RedemptionStatus[] => [])
      const known = new Map(statuses.map((status) => [status.digest, status]))
      for (const [id, one] of watching) {
        const status = known.get(one.digest)
        if (!status || status.version <= one.version) continue
        one.version = status.version
        if (isSettled(status)) watching.delete(id)
        one.onChange(status)
      }
      await waitFor(LOOK_MILLISECONDS)
    }
    isLooking = false
  }
}
