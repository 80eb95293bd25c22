'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import type { Hex } from 'viem'
import type { Campaign } from '../../chain/book-queries.ts'
import { useWords } from '../../words/use-words.ts'
import { CouponTicket } from './CouponTicket.tsx'
import type { PocketGroup } from './pocket.ts'
import type { Redeemed } from './redemption.ts'
import styles from './redeem.module.css'

/** A holder's coupons under the headings that say how they stand. */
export function CouponGroups({
  groups,
  place,
  redeemed,
  documents,
  now,
  onUse,
  onShow,
  onPlace,
}: {
  groups: readonly PocketGroup[]
  place: BookPlace
  redeemed: ReadonlyMap<string, Redeemed>
  documents: readonly (readonly [Hex, GeofenceDocument])[]
  now: number
  onUse: (coupon: HeldCoupon) => void
  onShow: (coupon: HeldCoupon) => void
  onPlace: (campaign: Campaign) => void
}) {
  const { say } = useWords()
  const sites = new Map<string, GeofenceDocument['sites']>(
    documents.map(([hash, document]) => [hash, document.sites]),
  )
  return groups.map(({ standing, coupons }) => (
    <section key={standing} className={styles.group} aria-labelledby={`group-${standing}`}>
      <h2 id={`group-${standing}`}>
        {say(`standing.${standing}`)} <span className={styles.count}>{coupons.length}</span>
      </h2>
      <ul className={styles.tickets}>
        {coupons.map((one) => (
          <li key={one.key}>
            <CouponTicket
              one={one}
              place={place}
              redeemed={redeemed.get(one.key)}
              names={sites.get(one.campaign.terms.geofenceHash)}
              now={now}
              onUse={() => onUse(one.coupon)}
              onShow={() => onShow(one.coupon)}
              onPlace={() => onPlace(one.campaign)}
            />
          </li>
        ))}
      </ul>
    </section>
  ))
}
