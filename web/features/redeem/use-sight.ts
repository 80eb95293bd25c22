'use client'

import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { useEffect, useState } from 'react'
import type { Locator } from './position-watch.ts'

const TIMEOUT_MILLISECONDS = 30_000
const DENIED = 1

/**
 * Follows the position for as long as `isOn` and somebody sees the page. It never makes the browser ask: it begins where the person
 * has said yes before. What it sees stays on this device.
 */
export function useSight({
  isOn,
  locator,
}: {
  isOn: boolean
  /** The phone's own where it is left out. */
  locator: Locator | undefined
}): Position | undefined {
  const [position, setPosition] = useState<Position>()
  const isAllowed = useIsAllowed({ isAsked: isOn && locator === undefined })
  const follows = isOn && (isAllowed || locator !== undefined)

  useEffect(() => {
    if (!follows) return
    const leaving = new AbortController()
    const { signal } = leaving
    // A chunk that does not arrive: the position is taken without a picture then.
    void follow({ locator, signal, onPosition: setPosition }).catch(() => undefined)
    return () => {
      leaving.abort()
      setPosition(undefined)
    }
  }, [follows, locator])

  return follows ? position : undefined
}

async function follow({
  locator,
  signal,
  onPosition,
}: {
  locator: Locator | undefined
  signal: AbortSignal
  onPosition: (position: Position | undefined) => void
}): Promise<void> {
  const [{ watchWhileVisible }, { misfitOf, positionOf }, { ownReceiver }] = await Promise.all([
    import('./position-watch.ts'),
    import('./position.ts'),
    import('./receiver.ts'),
  ])
  const receiver = locator ?? ownReceiver()
  if (signal.aborted || receiver === undefined) return
  const stop = watchWhileVisible({
    locator: receiver,
    page: document,
    timeout: TIMEOUT_MILLISECONDS,
    onFix: (fix) => {
      const position = positionOf(fix)
      if (position && !misfitOf({ position, now: Date.now() })) onPosition(position)
    },
    onError: ({ code }) => {
      if (code === DENIED) onPosition(undefined) // else the last one is still the best there is
    },
  })
  signal.addEventListener('abort', stop)
}

/** Whether the browser may give the position without asking. */
function useIsAllowed({ isAsked }: { isAsked: boolean }): boolean {
  const [state, setState] = useState<PermissionState>('prompt')
  useEffect(() => {
    if (!isAsked || !('permissions' in navigator)) return
    const leaving = new AbortController()
    void navigator.permissions.query({ name: 'geolocation' }).then(
      (status) => {
        if (leaving.signal.aborted) return
        setState(status.state)
        const change = () => setState(status.state)
        status.addEventListener('change', change, { signal: leaving.signal })
      },
      () => undefined, // a browser that does not tell is not followed
    )
    return () => leaving.abort()
  }, [isAsked])
  return isAsked && state === 'granted'
}
