'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { lazy, Suspense, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Hex } from 'viem'
import type { Campaign } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import type { Signer } from '../../chain/signer.ts'
import { Button } from '../../ui/Button.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Pocket } from './journal.ts'
import { LivePosition } from './LivePosition.tsx'
import { asksForPlace } from './pocket.ts'
import type { Locator } from './position-watch.ts'
import { PretendedMark } from './PretendedMark.tsx'
import { Receipt, type WithReceipt } from './Receipt.tsx'
import { canLeave, isUnderWay, type Redemption, type Showing } from './redemption.ts'
import styles from './redeem.module.css'
import { SiteSelect } from './SiteSelect.tsx'
import { ShowThere } from './ShowThere.tsx'
import { Steps } from './Steps.tsx'
import { isFinal, type Stopped } from './stopped.ts'
import { StoppedShort } from './StoppedShort.tsx'
import { useShowing } from './use-showing.ts'
import { useSight } from './use-sight.ts'
import { WhyThere } from './WhyThere.tsx'

// For who has a link and no wallet.
const HandOver = lazy(async () => ({ default: (await import('./HandOver.tsx')).HandOver }))

// For who has a wallet in a browser without a position.
const PairingPanel = lazy(async () => ({
  default: (await import('./PairingPanel.tsx')).PairingPanel,
}))

// Curve arithmetic comes with it, which nobody needs to eat.
const RefusalReceipts = lazy(() => import('./RefusalReceipts.tsx'))

/** The sheet in which one coupon is used, from the reason for asking to the receipt. */
export function RedeemSheet({
  redemption,
  campaigns,
  documents,
  pocket,
  signer,
  locator,
  onGo,
  onLeave,
}: {
  redemption: Redemption
  campaigns: readonly Campaign[]
  documents: readonly (readonly [Hex, GeofenceDocument])[]
  pocket: Pocket
  signer: Signer | undefined
  /** The pretended receiver, on the local chain. */
  locator: Locator | undefined
  onGo: (way: { site: number; showing: Showing; isElsewhere?: boolean }) => void
  onLeave: () => void
}) {
  const { say } = useWords()
  const config = useConfig()
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [site, setSite] = useState(1)

  // Closed, not only removed: the browser then gives the focus back to the coupon it came from.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])

  const coupon = redemption.step === 'idle' ? undefined : redemption.coupon
  const campaign = campaigns.find(({ id }) => id === coupon?.campaignId)
  const isAsked = campaign !== undefined && asksForPlace(campaign)
  const sites = campaign?.terms.sites ?? 0
  const document = documents.find(([hash]) => hash === campaign?.terms.geofenceHash)?.[1]
  const names = document?.sites
  const { needs, isReady, isByDevice, show, shown } = useShowing({
    pocket,
    signer,
    policy: document?.policy,
    refusal: redemption.step === 'stopped' ? redemption.failure.code : undefined,
  })
  const isPretended = locator !== undefined
  // For as long as a position may still be of use.
  const isLooking =
    isAsked &&
    needs.source === 'browser' &&
    (['explaining', 'locating', 'asking'].includes(redemption.step) ||
      (redemption.step === 'stopped' && redemption.rest.kind === 'nothing' && !isFinal(redemption)))
  const sight = useSight({ isOn: isLooking, locator })
  const go = () => onGo({ site: isAsked || sites === 0 ? 0 : site, showing: show() })
  const goElsewhere = () => onGo({ site: 0, showing: show(), isElsewhere: true })
  // Many wallets' own browsers: what they lack, another browser of the same phone has.
  const hasNone = needs.source === 'browser' && !isPretended && !('geolocation' in navigator)
  const isByKey = signer?.kind === 'key'
  const way = isByKey ? (config.relayerUrl ? 'relayed' : 'handed') : 'wallet'

  return (
    <dialog
      ref={element}
      className={styles.sheet}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault() // a wallet that is asking must not be lost from sight
        if (canLeave(redemption)) onLeave()
      }}
    >
      {coupon && campaign && (
        <div className={styles.sheetBody}>
          <div className={styles.sheetHead}>
            <h2 id={titleId}>
              <bdi>{campaign.name}</bdi>
            </h2>
            {canLeave(redemption) && (
              <Button kind="quiet" onClick={onLeave} aria-label={say('common.close')}>
                ✕
              </Button>
            )}
          </div>
          {body(campaign)}
        </div>
      )}
    </dialog>
  )

  function body({ terms }: Campaign) {
    switch (redemption.step) {
      case 'idle':
        return null
      case 'explaining':
        return isAsked ? why(redemption.coupon) : whichSite()
      case 'locating':
      case 'signing-in':
      case 'asking':
      case 'confirming':
        return (
          <Steps
            redemption={redemption}
            isAsked={isAsked}
            isByDevice={isByDevice}
            isPretended={isPretended}
            isByKey={isByKey}
            document={document}
            onCancel={onLeave}
          />
        )
      case 'pairing':
        return (
          <Suspense fallback={null}>
            <PairingPanel shown={redemption.shown} again={redemption.again} onCancel={onLeave} />
          </Suspense>
        )
      case 'handing':
        return (
          <Suspense fallback={null}>
            <HandOver {...redemption} />
            {isPretended && <PretendedMark />}
          </Suspense>
        )
      case 'sent':
      case 'redeemed':
        return receipt({ shown: redemption, terms })
      case 'stopped':
        return redemption.rest.kind === 'over' && redemption.rest.redeemed
          ? receipt({ shown: redemption, terms })
          : stopped(redemption)
    }
  }

  function receipt({ shown, terms }: { shown: WithReceipt; terms: Campaign['terms'] }) {
    const { geofenceHash } = terms
    const props = { redemption: shown, pocket, names, geofenceHash, isPretended }
    return <Receipt {...props} onDone={onLeave} />
  }

  function live() {
    return sight && <LivePosition position={sight} document={document} />
  }

  function there(coupon: HeldCoupon) {
    return (
      <ShowThere
        {...shown}
        needs={needs}
        coupon={coupon}
        onBound={() => redemption.step === 'stopped' && !needs.beacon && go()}
      />
    )
  }

  function proofs(coupon: HeldCoupon) {
    return (
      <Suspense fallback={null}>
        {campaign && (
          <RefusalReceipts {...{ pocket, coupon }} geofenceHash={campaign.terms.geofenceHash} />
        )}
      </Suspense>
    )
  }

  function why(coupon: HeldCoupon) {
    return (
      <WhyThere
        {...{ way, hasNone, isPretended }}
        isByPhone={needs.source === 'browser'}
        isReady={isReady && !isUnderWay(redemption)}
        onGo={hasNone ? goElsewhere : go}
        onLeave={onLeave}
      >
        {live()}
        {there(coupon)}
        {proofs(coupon)}
      </WhyThere>
    )
  }

  function whichSite() {
    return (
      <>
        <p className={styles.lead}>{say('sheet.ready')}</p>
        <p>{say('sheet.last', { way })}</p>
        {sites > 0 && <SiteSelect sites={sites} names={names} site={site} onSite={setSite} />}
        <div className={styles.actions}>
          <Button kind="main" className={styles.big} onClick={go}>
            {say('sheet.use')}
          </Button>
          <Button kind="quiet" onClick={onLeave}>
            {say('common.leave')}
          </Button>
        </div>
      </>
    )
  }

  function stopped(why: Stopped) {
    const isAskedAgain = why.rest.kind === 'nothing' && isAsked
    return (
      <StoppedShort
        stopped={why}
        isReady={!isAskedAgain || isReady}
        isPretended={isPretended}
        connector={signer?.kind === 'wallet' ? signer.connector : undefined}
        onGo={go}
        onElsewhere={goElsewhere}
        onLeave={onLeave}
      >
        {live()}
        {isAskedAgain && !isFinal(why) && there(why.coupon)}
        {proofs(why.coupon)}
      </StoppedShort>
    )
  }
}
