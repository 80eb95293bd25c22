'use client'

import { idOf, isStandby } from '@coupon-secure/protocol/coupon'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { Site } from '@coupon-secure/protocol/geofence'
import { useMemo } from 'react'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Ticket } from '../../ui/Card.tsx'
import { useWords } from '../../words/use-words.ts'
import { asksForPlace, isUsable, type PocketCoupon, type Standing } from './pocket.ts'
import type { Redeemed } from './redemption.ts'
import styles from './redeem.module.css'
import { momentText } from './when.ts'

type Kind = 'plain' | 'info' | 'good' | 'warn' | 'bad'

const BADGES: Record<Standing, Kind> = {
  here: 'good',
  usable: 'info',
  paused: 'warn',
  standby: 'plain',
  later: 'plain',
  elsewhere: 'warn',
  counter: 'info',
  'nothing-left': 'warn',
  used: 'plain',
  expired: 'plain',
  revoked: 'bad',
  unread: 'plain',
}

/** One coupon: what it is for, how it stands and why, and the one thing that can be done with it. */
export function CouponTicket({
  one,
  place,
  redeemed,
  names,
  now,
  onUse,
  onShow,
  onPlace,
}: {
  one: PocketCoupon
  place: BookPlace
  redeemed: Redeemed | undefined
  names: readonly Site[] | undefined
  now: number
  onUse: () => void
  onShow: () => void
  onPlace: () => void
}) {
  const { coupon, campaign, standing, why } = one
  const words = useWords()
  const { say } = words
  const id = useMemo(() => idOf({ ...place, ...coupon }), [place, coupon])
  const isOver = standing === 'used' || standing === 'expired' || standing === 'revoked'

  return (
    <Ticket isSpent={isOver} stub={stub()}>
      <div className={styles.ticketHead}>
        <h3>
          <bdi>{campaign.name}</bdi>
        </h3>
        <Badge kind={BADGES[standing]}>{say(`badge.${standing}`)}</Badge>
      </div>
      <p className={isOver ? 'soft' : undefined}>
        {standing === 'used' && redeemed ? usedText(redeemed) : why}
      </p>
      <p className="soft small">
        {say(isStandby(coupon.serial) ? 'ticket.standby' : 'ticket.coupon')}{' '}
        <code title={id} aria-label={id}>
          {id.slice(0, 8)}
        </code>
      </p>
      {!isOver && asksForPlace(campaign) && (
        <div>
          <Button
            kind="quiet"
            className={styles.inLine}
            onClick={onPlace}
            aria-label={say('place.whereThat', { campaign: campaign.name })}
          >
            {say('place.where')}
          </Button>
        </div>
      )}
    </Ticket>
  )

  function usedText({ at, site }: Redeemed) {
    const moment = momentText({ at: Number(at), now, words })
    if (site === 0) return say('ticket.used', { moment })
    const place =
      names?.find(({ number }) => number === site)?.name ?? say('common.aSite', { number: site })
    return say('ticket.usedAt', { moment, place })
  }

  function stub() {
    if (isUsable(one)) {
      return (
        <Button
          kind={standing === 'elsewhere' ? 'other' : 'main'}
          className={styles.use}
          onClick={onUse}
          aria-label={say('ticket.useNamed', { name: campaign.name })}
        >
          {say('ticket.use')}
        </Button>
      )
    }
    if (standing === 'used' && redeemed) {
      return (
        <Button
          kind="quiet"
          onClick={onShow}
          aria-label={say('ticket.receiptNamed', { name: campaign.name })}
        >
          {say('ticket.receipt')}
        </Button>
      )
    }
    if (standing === 'later' || standing === 'standby') {
      return (
        <Button
          kind="quiet"
          onClick={() => void addToCalendar()}
          aria-label={say('ticket.calendarNamed', { name: campaign.name })}
        >
          {say('ticket.calendar')}
        </Button>
      )
    }
    return undefined
  }

  async function addToCalendar() {
    const { saveCalendar } = await import('./calendar.ts')
    const { opensAt, closesAt } = campaign.terms
    saveCalendar({
      id,
      name: campaign.name,
      opensAt: Number(opensAt),
      closesAt: Number(closesAt),
      places: (names ?? []).map(({ name }) => name),
      url: `${location.origin}/redeem/${place.book}`,
    })
  }
}
