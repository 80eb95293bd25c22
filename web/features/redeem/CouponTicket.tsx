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

const BADGES: Record<Standing, { kind: Kind; word: string }> = {
  here: { kind: 'good', word: 'Here, now' },
  usable: { kind: 'info', word: 'Now' },
  paused: { kind: 'warn', word: 'Paused' },
  standby: { kind: 'plain', word: 'Standby' },
  later: { kind: 'plain', word: 'Later' },
  elsewhere: { kind: 'warn', word: 'Not here' },
  counter: { kind: 'info', word: 'At the counter' },
  'nothing-left': { kind: 'warn', word: 'Nothing left' },
  used: { kind: 'plain', word: 'Used' },
  expired: { kind: 'plain', word: 'Expired' },
  revoked: { kind: 'bad', word: 'Taken back' },
  unread: { kind: 'plain', word: '…' },
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
  const { say } = useWords()
  const id = useMemo(() => idOf({ ...place, ...coupon }), [place, coupon])
  const { kind, word } = BADGES[standing]
  const isOver = standing === 'used' || standing === 'expired' || standing === 'revoked'

  return (
    <Ticket isSpent={isOver} stub={stub()}>
      <div className={styles.ticketHead}>
        <h3>{campaign.name}</h3>
        <Badge kind={kind}>{word}</Badge>
      </div>
      <p className={isOver ? 'soft' : undefined}>
        {standing === 'used' && redeemed ? usedText(redeemed) : why}
      </p>
      <p className="soft small">
        {isStandby(coupon.serial) ? 'Standby coupon' : 'Coupon'}{' '}
        <code title={id} aria-label={id}>
          {id.slice(0, 8)}
        </code>
      </p>
      {!isOver && asksForPlace(campaign) && (
        <div>
          <Button
            kind="quiet"
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
    const name = names?.find(({ number }) => number === site)?.name ?? `site ${site}`
    const where = site > 0 ? ` at ${name}` : ''
    return `Used ${momentText({ at: Number(at), now })}${where}. It cannot be used again.`
  }

  function stub() {
    if (isUsable(one)) {
      return (
        <Button
          kind={standing === 'elsewhere' ? 'other' : 'main'}
          className={styles.use}
          onClick={onUse}
          aria-label={`Use this coupon: ${campaign.name}`}
        >
          Use this coupon
        </Button>
      )
    }
    if (standing === 'used' && redeemed) {
      return (
        <Button kind="quiet" onClick={onShow} aria-label={`Show receipt: ${campaign.name}`}>
          Show receipt
        </Button>
      )
    }
    if (standing === 'later' || standing === 'standby') {
      return (
        <Button
          kind="quiet"
          onClick={() => void addToCalendar()}
          aria-label={`Add to calendar: ${campaign.name}`}
        >
          Add to calendar
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
