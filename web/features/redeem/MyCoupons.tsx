'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Campaign } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert, type Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { ChainAway } from './ChainAway.tsx'
import { CouponGroups } from './CouponGroups.tsx'
import { alreadyUsed, incomplete } from './failures.ts'
import { couponKey, type PocketGroup, pocketOf } from './pocket.ts'
import { type Pretended, pretendedLocator, pretendedPosition } from './pretended.ts'
import type { Redemption } from './redemption.ts'
import styles from './redeem.module.css'
import { useNow } from './use-now.ts'
import { usePocket } from './use-pocket.ts'
import { type Holder, locateBy, useRedemption } from './use-redemption.ts'
import { useWhereabouts } from './use-whereabouts.ts'

// Loaded when a coupon is first taken out of the pocket.
const RedeemSheet = lazy(async () => ({ default: (await import('./RedeemSheet.tsx')).RedeemSheet }))

// For who asks where a coupon is used.
const PlaceDialog = lazy(async () => ({ default: (await import('./PlaceDialog.tsx')).PlaceDialog }))

// For who has used a coupon.
const InstallHint = lazy(async () => ({ default: (await import('./InstallHint.tsx')).InstallHint }))

// Only the local chain's demo ever loads it.
const StandHere = lazy(async () => ({ default: (await import('./StandHere.tsx')).StandHere }))

const POSITION_LIFETIME_SECONDS = 5 * 60

/** The coupons that this phone has in one book, in the order in which they matter now; `holders` is the same list while it does not change. */
export function MyCoupons({
  place,
  holders,
}: {
  place: BookPlace
  /** Those with a key here first: they can read the places without being asked. */
  holders: readonly Holder[]
}) {
  const words = useWords()
  const { say, explain } = words
  const config = useConfig()
  const now = useNow()
  const addresses = useMemo(() => holders.map(({ address }) => address), [holders])
  const chain = usePocket({ book: place.book, holders: addresses })
  const [pretended, setPretended] = useState<Pretended>()
  const [isPretending, setIsPretending] = useState(false)
  const [taken, setTaken] = useState<Position>()
  const [locating, setLocating] = useState<'no' | 'yes' | Failure>('no')
  const [signIns, setSignIns] = useState(0)
  const [shown, setShown] = useState<HeldCoupon>()
  const [held, setHeld] = useState<PocketGroup[]>()
  const [sought, setSought] = useState<Campaign>()

  const position = useMemo(() => {
    if (pretended) return pretendedPosition({ place: pretended, now: 0 })
    return taken
  }, [pretended, taken])
  const isFresh =
    pretended !== undefined || (taken && taken.takenAt / 1000 > now - POSITION_LIFETIME_SECONDS)

  const locator = useMemo(() => pretended && pretendedLocator(pretended), [pretended])
  const { redemption, choose, go, leave } = useRedemption({
    place,
    holders,
    campaigns: chain.campaigns,
    coupons: chain.coupons,
    locator,
    onLocated: setTaken,
    onSignedIn: () => setSignIns((count) => count + 1),
  })

  const places = useWhereabouts({
    place,
    holders,
    campaigns: chain.campaigns,
    coupons: chain.coupons,
    position: isFresh ? position : undefined,
    // A sheet says which way to go, a receipt names its site.
    isWanted:
      isPretending ||
      taken !== undefined ||
      (shown ?? sought) !== undefined ||
      redemption.step !== 'idle',
    signIns,
  })
  const live = useMemo(
    () =>
      pocketOf({
        coupons: chain.coupons,
        campaigns: chain.campaigns,
        seats: chain.seats,
        counters: chain.counters,
        whereabouts: places.whereabouts,
        now,
        words,
      }),
    [chain.coupons, chain.campaigns, chain.seats, chain.counters, places.whereabouts, now, words],
  )

  const look = async () => {
    setLocating('yes')
    const { signal } = new AbortController()
    try {
      const located = await locateBy({ locator, onFix: setTaken, signal })
      setLocating(located.ok ? 'no' : located.failure)
      if (located.ok) setTaken(located.position)
    } catch {
      setLocating(incomplete) // the one thing that throws: a part of the page did not arrive
    }
  }
  const unread = holders.filter(({ address, signer }) => signer && places.unread.includes(address))
  const signIn = async () => {
    setLocating('yes')
    try {
      const { signInPocket } = await import('./tools.ts')
      for (const { address, signer } of unread) {
        await signInPocket({ config, pocket: { ...place, holder: address }, signer })
      }
      setSignIns((count) => count + 1)
      setLocating('no')
    } catch (error) {
      setLocating(explainRevert(error))
    }
  }

  const receipt = shown && chain.redeemed.get(couponKey(shown))
  const sheet: Redemption =
    shown && receipt && redemption.step === 'idle'
      ? {
          step: 'stopped',
          coupon: shown,
          failure: alreadyUsed,
          rest: { kind: 'over', redeemed: receipt },
        }
      : redemption
  const holder = sheet.step === 'idle' ? undefined : sheet.coupon.holder
  const pocket = useMemo(() => holder && { ...place, holder }, [place, holder])
  // Behind an open sheet the list stands still: a page that grows or shrinks there would shift the sheet itself.
  const isOpen = sheet.step !== 'idle'
  const groups = isOpen && held !== undefined ? held : live
  const isWhereInDoubt = groups.some(
    ({ standing }) => standing === 'usable' || standing === 'elsewhere',
  )

  return (
    <div className="stack-wide">
      {config.isDemo && (
        <Suspense>
          <StandHere
            documents={places.documents}
            pretended={pretended}
            onChange={setPretended}
            onOpen={() => setIsPretending(true)}
            signIn={unread.length > 0 ? () => void signIn() : undefined}
          />
        </Suspense>
      )}
      {chain.asOf !== undefined && (
        <ChainAway
          asOf={chain.asOf}
          now={now}
          error={chain.isOnline ? chain.error : undefined}
          onRetry={() => void chain.retry()}
        />
      )}
      {typeof locating === 'object' && (
        <Notice
          kind="warn"
          title={say('pocket.where')}
          code={locating.code}
          action={<Button onClick={() => void look()}>{say('common.again')}</Button>}
        >
          <p>{explain(locating)}</p>
        </Notice>
      )}
      {unread.length > 0 && taken !== undefined && !isOpen && (
        <Notice
          kind="info"
          title={say('pocket.readers')}
          action={<Button onClick={() => void signIn()}>{say('pocket.readers.signIn')}</Button>}
        >
          <p>{say('pocket.readers.words')}</p>
        </Notice>
      )}
      {isWhereInDoubt && (
        <div className={styles.where}>
          <p>{say(isFresh ? 'pocket.here.else' : 'pocket.here')}</p>
          <Button isBusy={locating === 'yes'} onClick={() => void look()}>
            {say(isFresh ? 'pocket.here.again' : 'pocket.here.check')}
          </Button>
        </div>
      )}

      {chain.isReading ? (
        <p role="status" className="soft">
          {say('pocket.reading')}
        </p>
      ) : groups.length === 0 && chain.asOf !== undefined ? null : groups.length === 0 ? (
        <NoCoupons hasKeys={holders.some(({ signer }) => signer?.kind === 'key')} />
      ) : (
        <CouponGroups
          groups={groups}
          place={place}
          redeemed={chain.redeemed}
          documents={places.documents}
          now={now}
          onUse={(coupon) => {
            setHeld(live)
            choose(coupon)
          }}
          onShow={(coupon) => {
            setHeld(live)
            setShown(coupon)
          }}
          onPlace={setSought}
        />
      )}

      {sought && (
        <Suspense>
          <PlaceDialog
            campaign={sought}
            document={places.documents.find(([hash]) => hash === sought.terms.geofenceHash)?.[1]}
            isLooking={places.isReading}
            onRetry={() => void places.retry()}
            position={isFresh ? position : undefined}
            locator={locator}
            locating={locating}
            onLocate={() => void look()}
            signIn={unread.length > 0 ? () => void signIn() : undefined}
            onClose={() => setSought(undefined)}
          />
        </Suspense>
      )}

      {chain.redeemed.size > 0 && !isOpen && (
        <Suspense>
          <InstallHint />
        </Suspense>
      )}
      {pocket && (
        <Suspense>
          <RedeemSheet
            redemption={sheet}
            campaigns={chain.campaigns}
            documents={places.documents}
            pocket={pocket}
            locator={locator}
            signer={holders.find(({ address }) => address === pocket.holder)?.signer}
            onGo={(way) => {
              if (redemption.step === 'idle') return
              void go({ coupon: redemption.coupon, ...way })
            }}
            onLeave={() => {
              setShown(undefined)
              leave()
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

function NoCoupons({ hasKeys }: { hasKeys: boolean }) {
  const { say } = useWords()
  const none = hasKeys ? 'pocket.noneOfLink' : 'pocket.noneOfAccount'
  return (
    <Notice kind="info" title={say(none)}>
      <p>{say(`${none}.words`)}</p>
    </Notice>
  )
}
