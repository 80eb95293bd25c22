import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { AppConfig } from '../../chain/parse-config.ts'
import type { Pocket } from './journal.ts'
import { boxOf, makeBox } from './pairing-box.ts'
import { pairingNotes } from './pairing-notes.ts'
import { lineOf } from './tools.ts'
import { type Elsewhere, walletSide } from './wallet-side.ts'

const PAUSE_MILLISECONDS = 2_000

/** The real oracle, notes and clock for a position that another browser takes. */
export function elsewhereFor({
  config,
  pocket,
  coupon,
  names,
  signal,
}: {
  config: AppConfig
  pocket: Pocket
  coupon: HeldCoupon
  names: { bookName: string; campaignName: string }
  /** The person goes elsewhere. */
  signal: AbortSignal
}): Elsewhere {
  const { campaignId, serial } = coupon
  const line = {
    fetch: (url: string, init?: RequestInit) => fetch(url, init),
    url: config.oracleUrl,
  }
  return walletSide({
    request: { ...pocket, campaignId, serial, ...names },
    tools: {
      now: Date.now,
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      notes: pairingNotes({ shelf: localStorage, pocket, coupon }),
      make: ({ signIn, ...asked }) =>
        makeBox({ line: lineOf({ config, pocket, by: signIn }), coupon, ...asked }),
      boxOf: (id) => boxOf({ line, id }),
      wait: () => untilSeen(signal),
      hasLeft: () => signal.aborted,
    },
  })
}

/** Some moments, and as long as nobody sees the page: whoever comes back to it should not wait any longer. */
function untilSeen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const come = () => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return
      document.removeEventListener('visibilitychange', come)
      signal.removeEventListener('abort', come)
      clearTimeout(soon)
      resolve()
    }
    document.addEventListener('visibilitychange', come)
    signal.addEventListener('abort', come)
    const soon = setTimeout(come, PAUSE_MILLISECONDS)
  })
}
