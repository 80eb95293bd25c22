import { setTimeout as sleep } from 'node:timers/promises'

/** Wakes whoever waits, in this process; what happens in others is seen when the wait is over. */
export type Bell = {
  ring: () => void
  /** Hears every ring from now on; what it answers waits so long, or until there has been one. */
  listen: () => (milliseconds: number) => Promise<void>
}

/** A bell that nobody has rung yet. */
export function createBell(): Bell {
  let rung = new AbortController()
  return {
    ring: () => {
      const before = rung
      rung = new AbortController()
      before.abort()
    },
    listen: () => {
      const { signal } = rung
      return (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined)
    },
  }
}
