import { isStandby, takesOfWhatIsLeft } from '@coupon-secure/protocol/coupon'
import { decide } from '@coupon-secure/protocol/decide'
import type { Evidence } from '@coupon-secure/protocol/evidence'
import {
  CLASSES,
  domainOf,
  hashPresence,
  presenceTypes,
  toStatement,
  type Presence,
  type Statement,
} from '@coupon-secure/protocol/presence'
import { hashRefusal, refusalTypes, type Refusal } from '@coupon-secure/protocol/refusal'
import type { PresenceRequest, RefusalCode } from '@coupon-secure/protocol/wire'
import { zeroHash, type Hex } from 'viem'
import type { ChainReader, CouponRead } from './chain.ts'
import type { GeofenceShelf } from './geofence-shelf.ts'
import type { SignerFor } from './keyring.ts'

const STATEMENT_SECONDS = 300n

type Judgement =
  { isPresent: true; site: number; geofenceHash: Hex } | { isPresent: false; code: RefusalCode }

/** The oracle vouches for a holder's presence, or says why not; signed either way. */
export type Verdict =
  | { granted: true; presence: Presence; site: number; statement: Statement }
  | { granted: false; refusal: Refusal & { code: RefusalCode }; signature: Hex }

/** Decides about a request that was admitted, by the chain's terms and the promised geofence, and signs the answer, over `digest`. */
export type Witness = (asked: {
  request: PresenceRequest
  evidence: Evidence
  evidenceHash: Hex
}) => Promise<{ verdict: Verdict; digest: Hex }>

/** A witness of class LOCATION that signs with the key each book knows. */
export function createWitness({
  now,
  signerFor,
  chain,
  chainId,
  shelf,
}: {
  now: () => number
  signerFor: SignerFor
  chain: Pick<ChainReader, 'read' | 'readLeftovers'>
  chainId: number
  shelf: Pick<GeofenceShelf, 'find'>
}): Witness {
  return async ({ request, evidence, evidenceHash }) => {
    const { book, campaignId, serial, holder } = request
    const domain = domainOf({ chainId, book })
    const asked = { campaignId, serial, holder, evidenceHash }
    const read = await chain.read(request)
    const decidedAt = BigInt(Math.floor(now() / 1000))
    const validUntil = decidedAt + STATEMENT_SECONDS
    const [judged, signer] = await Promise.all([
      judge({ request, read, evidence, decidedAt }),
      signerFor({ book, decidedAt, validUntil }),
    ])

    if (!judged.isPresent) {
      const refusal = { ...asked, code: judged.code, refusedAt: decidedAt }
      const signature = await signer.signTypedData({
        domain,
        types: refusalTypes,
        primaryType: 'Refusal',
        message: refusal,
      })
      const digest = hashRefusal({ chainId, book, refusal })
      return { digest, verdict: { granted: false, refusal, signature } }
    }

    const { site, geofenceHash } = judged
    const presence = { ...asked, site, geofenceHash, observedAt: decidedAt, validUntil }
    const signature = await signer.signTypedData({
      domain,
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    const digest = hashPresence({ chainId, book, presence })
    const statement = toStatement({ presence, signature })
    return { digest, verdict: { granted: true, presence, site, statement } }
  }

  async function judge({
    request,
    read,
    evidence,
    decidedAt,
  }: {
    request: PresenceRequest
    read: CouponRead | undefined
    evidence: Evidence
    decidedAt: bigint
  }): Promise<Judgement> {
    if (!read) return refused('CAMPAIGN_UNKNOWN')
    const { terms } = read
    const { serial } = request
    const refusal = refusalBy({ read, serial, decidedAt })
    if (refusal) return refused(refusal)
    if (terms.heldUntil !== 0n && decidedAt >= terms.heldUntil) {
      const { leftForAll, shardsCounted } = await chain.readLeftovers(request)
      const isForAll = takesOfWhatIsLeft({ serial, shardsCounted })
      if (isForAll && leftForAll === 0n) return refused('NOTHING_LEFT')
    }

    const { geofenceHash } = terms
    const document = geofenceHash === zeroHash ? undefined : await shelf.find(geofenceHash)
    if (!document) return refused('GEOFENCE_UNKNOWN')
    // As of the second that is signed, so that whoever has the answer can decide again.
    const decision = decide({ document, evidence, now: Number(decidedAt) * 1000 })
    if (decision.verdict !== 'inside') return refused(decision.reason)
    return { isPresent: true, site: decision.site, geofenceHash }
  }
}

/** Why the contract would refuse the coupon now, as far as the campaign and the coupon itself say. */
function refusalBy({
  read: { terms, isPaused, status },
  serial,
  decidedAt,
}: {
  read: CouponRead
  serial: bigint
  decidedAt: bigint
}): RefusalCode | undefined {
  if (isPaused) return 'CAMPAIGN_PAUSED'
  if ((terms.requiredWitnesses & CLASSES.location) === 0) return 'LOCATION_NOT_REQUIRED'
  if (decidedAt < terms.opensAt) return 'WINDOW_NOT_OPEN'
  if (decidedAt >= terms.closesAt) return 'WINDOW_CLOSED'
  switch (status) {
    case 'not-issued':
      return 'COUPON_UNKNOWN'
    case 'redeemed':
      return 'COUPON_REDEEMED'
    case 'revoked':
      return 'COUPON_REVOKED'
    case 'unused':
      return isStandby(serial) && decidedAt < terms.heldUntil ? 'STANDBY_NOT_YET' : undefined
  }
}

function refused(code: RefusalCode): Judgement {
  return { isPresent: false, code }
}
