'use client'

import { useEffect, useState } from 'react'

/** The device's clock in unix seconds, ticking. The chain and the oracle decide by their own. */
export function useNow(): number {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000))
  useEffect(() => {
    const tick = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1_000)
    return () => clearInterval(tick)
  }, [])
  return now
}
