import type { Locator } from './position-watch.ts'

type Listener = { onFix: PositionCallback; onError: PositionErrorCallback | undefined }

let own: Locator | undefined

/** This device's receiver, the same for all who ask; undefined in the many in-app browsers that have none. */
export function ownReceiver(): Locator | undefined {
  // Declared as always there.
  if (!('geolocation' in navigator)) return undefined
  own ??= shared(navigator.geolocation)
  return own
}

/**
 * One watch of the device for all who watch. Who comes later is told at once what the others know: a device that stands still may
 * have nothing new to say for long.
 */
export function shared(locator: Locator): Locator {
  const listeners = new Map<number, Listener>()
  let watch: number | undefined
  let last: GeolocationPosition | undefined
  let numbers = 0
  let turn = 0

  return {
    watchPosition: (onFix, onError, options) => {
      const number = (numbers += 1)
      const listener = { onFix, onError: onError ?? undefined }
      listeners.set(number, listener)
      const known = last
      if (known) queueMicrotask(() => listeners.has(number) && onFix(known))
      watch ??= begin(options)
      return number
    },
    clearWatch: (number) => {
      listeners.delete(number)
      if (listeners.size > 0 || watch === undefined) return
      locator.clearWatch(watch)
      watch = undefined
      last = undefined
      turn += 1
    },
  }

  function begin(options: PositionOptions | undefined): number {
    const mine = turn
    return locator.watchPosition(
      (fix) => {
        if (mine !== turn) return // a late word of a watch that is over
        last = fix
        for (const { onFix } of [...listeners.values()]) onFix(fix)
      },
      (error) => {
        for (const { onError } of mine === turn ? [...listeners.values()] : []) onError?.(error)
      },
      options,
    )
  }
}
