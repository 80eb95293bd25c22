import { isStandby, takesOfWhatIsLeft } from '@coupon-secure/protocol/coupon'
import { decide } from '@coupon-secure/protocol/decide'
import type { Evidence } from '@coupon-secure/protocol/evidence'
import {
  CLASSES,
  domainOf,
  presenceTypes,
  toStatement,
  type Presence,
  type Statement,
} from '@coupon-secure/protocol/presence'
import type { PresenceRequest, RefusalCode } from '@coupon-secure/protocol/wire'
import { zeroHash, type Hex, type LocalAccount } from 'viem'
import type { ChainReader, CouponRead } from './chain.ts'
import type { GeofenceShelf } from './geofence-shelf.ts'

const STATEMENT_SECONDS = 300n

/** The oracle vouches for a holder's presence, or says why not. */
export type Verdict =
  | { granted: true; presence: Presence; site: number; statement: Statement }
  | { granted: false; code: RefusalCode }

/** Decides about a request that was admitted, by the chain's terms and the promised geofence, and signs a yes. */
export type Witness = (asked: {
  request: PresenceRequest
  evidence: Evidence
  evidenceHash: Hex
}) => Promise<Verdict>

/** A witness of class LOCATION that signs with this key. */
export function createWitness({
  now,
  signer,
  chain,
  chainId,
  shelf,
}: {
  now: () => number
  signer: LocalAccount
  chain: Pick<ChainReader, 'read' | 'readLeftovers'>
  chainId: number
  shelf: Pick<GeofenceShelf, 'find'>
}): Witness {
  return async ({ request, evidence, evidenceHash }) => {
    const { book, campaignId, serial, holder } = request
    const read = await chain.read(request)
    if (!read) return refused('CAMPAIGN_UNKNOWN')
    const { terms } = read
    const observedAt = BigInt(Math.floor(now() / 1000))

    const refusal = refusalBy({ read, serial, observedAt })
    if (refusal) return refused(refusal)
    if (terms.heldUntil !== 0n && observedAt >= terms.heldUntil) {
      const { leftForAll, shardsCounted } = await chain.readLeftovers(request)
      const isForAll = takesOfWhatIsLeft({ serial, shardsCounted })
      if (isForAll && leftForAll === 0n) return refused('NOTHING_LEFT')
    }

    const { geofenceHash } = terms
    const document = geofenceHash === zeroHash ? undefined : await shelf.find(geofenceHash)
    if (!document) return refused('GEOFENCE_UNKNOWN')
    // As of observedAt to the millisecond, so that whoever has the statement can decide again.
    const decision = decide({ document, evidence, now: Number(observedAt) * 1000 })
    if (decision.verdict !== 'inside') return refused(decision.reason)

    const { site } = decision
    const validUntil = observedAt + STATEMENT_SECONDS
    const presence = {
      campaignId,
      serial,
      holder,
      site,
      geofenceHash,
      observedAt,
      validUntil,
      evidenceHash,
    }
    const signature = await signer.signTypedData({
      domain: domainOf({ chainId, book }),
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    const statement = toStatement({ presence, signature })
    return { granted: true, presence, site, statement }
  }
}

/** Why the contract would refuse the coupon now, as far as the campaign and the coupon itself say. */
function refusalBy({
  read: { terms, isPaused, status },
  serial,
  observedAt,
}: {
  read: CouponRead
  serial: bigint
  observedAt: bigint
}): RefusalCode | undefined {
  if (isPaused) return 'CAMPAIGN_PAUSED'
  if ((terms.requiredWitnesses & CLASSES.location) === 0) return 'LOCATION_NOT_REQUIRED'
  if (observedAt < terms.opensAt) return 'WINDOW_NOT_OPEN'
  if (observedAt >= terms.closesAt) return 'WINDOW_CLOSED'
  switch (status) {
    case 'not-issued':
      return 'COUPON_UNKNOWN'
    case 'redeemed':
      return 'COUPON_REDEEMED'
    case 'revoked':
      return 'COUPON_REVOKED'
    case 'unused':
      return isStandby(serial) && observedAt < terms.heldUntil ? 'STANDBY_NOT_YET' : undefined
  }
}

function refused(code: RefusalCode): Verdict {
  return { granted: false, code }
}
