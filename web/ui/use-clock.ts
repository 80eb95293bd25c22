'use client'

import { useSyncExternalStore } from 'react'

const STEP_SECONDS = 5

/** The device's clock in unix seconds, in steps of five; 0 where the server draws. */
export function useClock(): number {
  return useSyncExternalStore(everyFewSeconds, clock, () => 0)
}

function everyFewSeconds(onChange: () => void): () => void {
  const timer = setInterval(onChange, STEP_SECONDS * 1_000)
  return () => clearInterval(timer)
}

/** In steps, so that it is the same each time React asks. */
function clock(): number {
  return Math.floor(Date.now() / 1_000 / STEP_SECONDS) * STEP_SECONDS
}
