'use client'

import { TURN_SECONDS } from '@coupon-secure/protocol/beacon'
import { useEffect, useState } from 'react'
import type { Address } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { beaconAt, type ShownBeacon } from './counter.ts'

/** What the screen shows and for whom. */
export type Showing = {
  account: PrivateKeyAccount
  chainId: number
  book: Address
  campaignId: bigint
  site: number
}

/** The present turn's code, anew every fifteen seconds, and the time by this device's clock, anew every second. */
export function useBeacon(showing: Showing | undefined): { shown?: ShownBeacon; now: number } {
  const [shown, setShown] = useState<ShownBeacon>()
  const [now, setNow] = useState(() => Date.now())
  const { account, chainId, book, campaignId, site } = showing ?? {}

  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(tick)
  }, [])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const turn = async () => {
      if (!account || !chainId || !book || campaignId === undefined || !site) return
      const next = await beaconAt({ account, chainId, book, campaignId, site, now: Date.now() })
      if (isOver) return
      setShown(next)
      setNow(Date.now())
      clearTimeout(timer)
      timer = setTimeout(() => void turn(), (next.shownAt + TURN_SECONDS) * 1000 - Date.now())
    }
    // Timers sleep in a tab that nobody sees: what is on the screen when it wakes must be of this turn.
    const wake = () => void turn()
    document.addEventListener('visibilitychange', wake)
    void turn()
    return () => {
      isOver = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', wake)
    }
  }, [account, chainId, book, campaignId, site])

  return { ...(showing && shown && { shown }), now }
}

/** Keeps the screen on while the page is seen; says whether the browser does. */
export function useWakeLock(): boolean {
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    let isOver = false
    let lock: WakeLockSentinel | undefined
    const take = async () => {
      if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (isOver) await lock.release()
        else setIsHeld(true)
      } catch {
        setIsHeld(false) // a low battery, or a person who does not want it: the page says so
      }
    }
    const retake = () => void take() // the browser lets go whenever the page is hidden
    document.addEventListener('visibilitychange', retake)
    void take()
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', retake)
      void lock?.release()
    }
  }, [])
  return isHeld
}
