import { decide } from '@coupon-secure/protocol/decide'
import {
  CLASSES,
  domainOf,
  presenceTypes,
  toStatement,
  type Evidence,
  type Presence,
  type Statement,
} from '@coupon-secure/protocol/presence'
import type { PresenceRequest, RefusalCode } from '@coupon-secure/protocol/wire'
import { zeroHash, type Hex, type LocalAccount } from 'viem'
import type { ChainReader } from './chain.ts'
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
  chain: Pick<ChainReader, 'read'>
  chainId: number
  shelf: Pick<GeofenceShelf, 'find'>
}): Witness {
  return async ({ request, evidence, evidenceHash }) => {
    const { book, campaignId, serial, holder } = request
    const read = await chain.read(request)
    if (!read) return refused('CAMPAIGN_UNKNOWN')
    const { terms, status } = read
    const time = now()
    const observedAt = BigInt(Math.floor(time / 1000))

    if ((terms.requiredWitnesses & CLASSES.location) === 0) return refused('LOCATION_NOT_REQUIRED')
    if (observedAt < terms.opensAt) return refused('WINDOW_NOT_OPEN')
    if (observedAt >= terms.closesAt) return refused('WINDOW_CLOSED')
    switch (status) {
      case 'not-issued':
        return refused('COUPON_UNKNOWN')
      case 'redeemed':
        return refused('COUPON_REDEEMED')
      case 'revoked':
        return refused('COUPON_REVOKED')
      case 'unused':
        break
    }

    const { geofenceHash } = terms
    const document = geofenceHash === zeroHash ? undefined : await shelf.find(geofenceHash)
    if (!document) return refused('GEOFENCE_UNKNOWN')
    const decision = decide({ document, evidence, now: time })
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
    const statement = toStatement({ presence, witness: signer.address, signature })
    return { granted: true, presence, site, statement }
  }
}

function refused(code: RefusalCode): Verdict {
  return { granted: false, code }
}
