'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type Address, isAddressEqual } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { booksQuery, type Campaign } from '../../chain/book-queries.ts'
import type { Signer } from '../../chain/signer.ts'
import { incomplete, interrupted } from './failures.ts'
import { asksForPlace } from './pocket.ts'
import type { Located } from './position.ts'
import type { Locator } from './position-watch.ts'
import type { Tools } from './redeem.ts'
import {
  idle,
  type Intent,
  NOTES,
  redemptionReducer,
  type Rest,
  type Showing,
} from './redemption.ts'

/** Somebody whose coupons are here, and who signs for them. */
export type Holder = { address: Address; signer: Signer | undefined }

/** What a redemption needs to know of the page around it. */
export type Surroundings = {
  place: BookPlace
  holders: readonly Holder[]
  campaigns: readonly Campaign[]
  coupons: readonly HeldCoupon[]
  /** On the local chain: a pretended receiver instead of the phone's. */
  locator: Locator | undefined
  onLocated: (position: Position) => void
  onSignedIn: () => void
}

/** Drives one redemption at a time; what a reload interrupted is taken up again. */
export function useRedemption(surroundings: Surroundings) {
  const { place, holders, coupons, campaigns } = surroundings
  const config = useConfig()
  const queries = useQueryClient()
  const [redemption, dispatch] = useReducer(redemptionReducer, idle)
  const running = useRef<AbortController>(undefined)
  const latest = useRef(surroundings)
  useEffect(() => {
    latest.current = surroundings
  })

  const { book } = place
  const bookName = useCallback(async () => {
    const known = { ...booksQuery(config), staleTime: 'static' as const }
    const books = await queries.query(known).catch(() => [])
    return books.find(({ address }) => isAddressEqual(address, book))?.name ?? ''
  }, [queries, config, book])

  /** Goes on with a coupon from wherever it stands. A second call while one runs does nothing. */
  const go = useCallback(
    async ({
      coupon,
      site = 0,
      showing,
      isElsewhere = false,
    }: {
      coupon: HeldCoupon
      site?: number
      showing?: Showing
      /** Another browser takes the position. */
      isElsewhere?: boolean
    }) => {
      if (running.current !== undefined) return
      const run = new AbortController()
      running.current = run
      const report = (event: Parameters<typeof redemptionReducer>[1]) => {
        if (!run.signal.aborted) dispatch(event)
      }
      const { place, holders, campaigns, locator, onLocated, onSignedIn } = latest.current
      const pocket = { ...place, holder: coupon.holder }
      const signer = holders.find(({ address }) => address === coupon.holder)?.signer
      const campaign = campaigns.find(({ id }) => id === coupon.campaignId)
      try {
        if (campaign === undefined) return
        const [{ redeem }, { toolsFor }] = await Promise.all([
          import('./redeem.ts'),
          import('./tools.ts'),
        ])
        const { geofenceHash } = campaign.terms
        const locate: Tools['locate'] = async ({ onFix, than, isUnsure }) => {
          const place = isUnsure ? { pocket, geofenceHash } : undefined
          const wish = than && (await import('./better.ts')).betterThan({ than, place })
          const located = await locateBy({ locator, onFix, signal: run.signal, ...wish })
          if (located.ok) onLocated(located.position)
          return located
        }
        const hasLeft = () => run.signal.aborted
        const tools = toolsFor({ config, pocket, signer, coupon, geofenceHash, locate, hasLeft })
        const elsewhere = isElsewhere && {
          elsewhere: (await import('./wallet-side-tools.ts')).elsewhereFor({
            ...{ config, pocket, coupon, signal: run.signal },
            names: { campaignName: campaign.name, bookName: await bookName() },
          }),
        }
        const signIn = async () => {
          const signedIn = await tools.signIn()
          onSignedIn()
          return signedIn
        }
        await redeem({
          coupon,
          place: asksForPlace(campaign)
            ? { isAsked: true, ...(showing && { showing }) }
            : { isAsked: false, site },
          tools: { ...tools, signIn, ...elsewhere },
          report,
        })
      } catch {
        // redeem() itself does not throw: a part of the page could not be loaded.
        report({ type: 'stopped', failure: incomplete, rest: { kind: 'nothing' } })
      } finally {
        if (running.current === run) running.current = undefined
        await queries.invalidateQueries({ queryKey: ['chain'] })
      }
    },
    [config, queries, bookName],
  )

  const end = useCallback((intent: Extract<Intent, { type: 'leave' | 'reset' }>) => {
    running.current?.abort()
    running.current = undefined
    dispatch(intent)
  }, [])

  // Another account is another pocket: nothing of the old one may be shown or signed in it.
  const name = [place.chainId, place.book, ...holders.map(({ address }) => address)].join('.')
  useEffect(() => () => end({ type: 'reset' }), [name, end])

  // Once for each pocket, when its coupons are known.
  const lookedAt = useRef('')
  useEffect(() => {
    if (coupons.length === 0 || campaigns.length === 0 || lookedAt.current === name) return
    lookedAt.current = name
    if (!Object.keys(localStorage).some((key) => key.startsWith(NOTES))) return
    void resume({ place, coupons }).then((found) => {
      if (found === undefined || lookedAt.current !== name) return
      const { isElsewhere = false, ...rest } = found
      dispatch({ type: 'return', failure: interrupted, ...rest })
      if (found.rest.kind !== 'vouched') void go({ coupon: found.coupon, isElsewhere })
    })
  }, [name, place, coupons, campaigns, go])

  return {
    redemption,
    choose: (coupon: HeldCoupon) => dispatch({ type: 'choose', coupon }),
    go,
    leave: () => end({ type: 'leave' }),
  }
}

/** Takes the phone's position, or the pretended one. */
export async function locateBy({
  locator,
  ...wish
}: {
  locator: Locator | undefined
  onFix: (best: Position) => void
  signal: AbortSignal
  after?: number
  isGood?: (position: Position) => boolean
  timeout?: number
  patience?: number
}): Promise<Located> {
  const [{ takePosition }, { ownReceiver }] = await Promise.all([
    import('./position.ts'),
    import('./receiver.ts'),
  ])
  return takePosition({ locator: locator ?? ownReceiver(), page: document, ...wish })
}

type Resumed = { coupon: HeldCoupon; rest: Rest; isElsewhere?: boolean }

async function resume({
  place,
  coupons,
}: Pick<Surroundings, 'place' | 'coupons'>): Promise<Resumed | undefined> {
  const [{ isStillGood, journalOf }, { pairingNotes }] = await Promise.all([
    import('./journal.ts'),
    import('./pairing-notes.ts'),
  ])
  const now = Math.floor(Date.now() / 1000)
  for (const coupon of coupons) {
    const pocket = { ...place, holder: coupon.holder }
    const journal = journalOf({ shelf: localStorage, pocket })
    const note = journal.read(coupon)
    if (note?.hash) {
      return { coupon, rest: { kind: 'sent', hash: note.hash, site: note.vouched.site } }
    }
    if (note?.handed) return { coupon, rest: { kind: 'signed' } }
    if (note && isStillGood({ vouched: note.vouched, now })) {
      return { coupon, rest: { kind: 'vouched', vouched: note.vouched } }
    }
    if (note) journal.forget(coupon)
  }
  // A code that another browser may just be answering: wallets' browsers begin anew when one comes back to them.
  for (const coupon of coupons) {
    const pocket = { ...place, holder: coupon.holder }
    const shown = pairingNotes({ shelf: localStorage, pocket, coupon }).read(Date.now())
    if (shown) return { coupon, rest: { kind: 'nothing' }, isElsewhere: true }
  }
  return undefined
}
