import type { Address, TypedDataToPrimitiveTypes } from 'abitype'
import { isHex, numberToHex, slice, type Hex } from 'viem'
import { CouponSecureError } from './errors.ts'
import { hashTypedData } from './typed-data.ts'

/** The witness classes, as bits of `requiredWitnesses`. */
export const CLASSES = { location: 1, counter: 2 } as const

/** What a witness signs. */
export const presenceTypes = {
  Presence: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'holder', type: 'address' },
    { name: 'site', type: 'uint16' },
    { name: 'geofenceHash', type: 'bytes32' },
    { name: 'observedAt', type: 'uint64' },
    { name: 'validUntil', type: 'uint64' },
    { name: 'evidenceHash', type: 'bytes32' },
  ],
} as const

/** What a holder signs to let somebody else send the redemption. */
export const redeemTypes = {
  Redeem: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'site', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const

/** What a holder signs once to let a P-256 key of the browser sign claims for them; never seen by the chain. */
export const sessionTypes = {
  Session: [
    { name: 'holder', type: 'address' },
    { name: 'publicKey', type: 'bytes' },
    { name: 'expiresAt', type: 'uint64' },
  ],
} as const

/** What a holder or their session key signs to ask an oracle; never seen by the chain. */
export const claimTypes = {
  Claim: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'holder', type: 'address' },
    { name: 'challenge', type: 'bytes32' },
    { name: 'evidenceHash', type: 'bytes32' },
  ],
} as const

// Half the order of secp256k1: the contract takes the lower of the two s that every signature has.
const HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** "This holder was seen at this site for this coupon." */
export type Presence = TypedDataToPrimitiveTypes<typeof presenceTypes>['Presence']

/** "Use this coupon of mine at this site, until then." */
export type Redeem = TypedDataToPrimitiveTypes<typeof redeemTypes>['Redeem']

/** "This key may sign claims for me, until then." */
export type Session = TypedDataToPrimitiveTypes<typeof sessionTypes>['Session']

/** "This is my evidence, for this coupon, in answer to this challenge." */
export type Claim = TypedDataToPrimitiveTypes<typeof claimTypes>['Claim']

/** A signed `Presence` as the contract takes it. */
export type Statement = {
  r: Hex
  vs: Hex
  geofenceHash: Hex
  observedAt: bigint
  validUntil: bigint
  evidenceHash: Hex
}

/** A book on its chain. */
export type BookPlace = { chainId: number; book: Address }

/** The EIP-712 domain of a book. */
export function domainOf({ chainId, book }: BookPlace) {
  return { name: 'Coupon Secure', version: '1', chainId, verifyingContract: book } as const
}

/** The digest that a witness signs. */
export function hashPresence({ chainId, book, presence }: BookPlace & { presence: Presence }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: presenceTypes,
    primaryType: 'Presence',
    message: presence,
  })
}

/** The digest that a holder signs for `redeemFor`. */
export function hashRedeem({ chainId, book, redeem }: BookPlace & { redeem: Redeem }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: redeemTypes,
    primaryType: 'Redeem',
    message: redeem,
  })
}

/** The digest that a holder signs to authorise a session key. */
export function hashSession({ chainId, book, session }: BookPlace & { session: Session }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: sessionTypes,
    primaryType: 'Session',
    message: session,
  })
}

/** The digest that a holder or their session key signs to ask an oracle. */
export function hashClaim({ chainId, book, claim }: BookPlace & { claim: Claim }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: claimTypes,
    primaryType: 'Claim',
    message: claim,
  })
}

/** The contract's tuple of a presence and its signature, which may have 65 bytes or 64 (ERC-2098). */
export function toStatement({
  presence,
  signature,
}: {
  presence: Pick<Presence, 'geofenceHash' | 'observedAt' | 'validUntil' | 'evidenceHash'>
  signature: Hex
}): Statement {
  const { geofenceHash, observedAt, validUntil, evidenceHash } = presence
  return { ...compactOf(signature), geofenceHash, observedAt, validUntil, evidenceHash }
}

/** A signature that is no secp256k1 signature of 64 or 65 bytes with a low s. */
export class SignatureFormError extends CouponSecureError {
  override name = 'SignatureFormError'
  constructor() {
    super('A signature has 65 bytes, or 64 (ERC-2098), and the lower s of the two.', {
      docs: 'docs/protocol.md#statement',
    })
  }
}

/**
 * The two words of a signature of 64 or 65 bytes (ERC-2098). Bytes only: no curve arithmetic, which would weigh on every
 * page that redeems.
 */
export function compactOf(signature: Hex): { r: Hex; vs: Hex } {
  // Digits, not viem's size, which takes half a byte for a whole one.
  const isCompact = isHex(signature) && signature.length === 2 + 2 * 64
  const isPlain = isHex(signature) && signature.length === 2 + 2 * 65
  if (!isCompact && !isPlain) throw new SignatureFormError()

  const r = slice(signature, 0, 32)
  const second = BigInt(slice(signature, 32, 64))
  const s = isCompact ? second & (2n ** 255n - 1n) : second
  if (s > HIGHEST_S) throw new SignatureFormError()
  if (isCompact) return { r, vs: slice(signature, 32, 64) }

  const v = Number(slice(signature, 64, 65))
  if (![0, 1, 27, 28].includes(v)) throw new SignatureFormError()
  const yParity = BigInt(v % 27)
  return { r, vs: numberToHex((yParity << 255n) | s, { size: 32 }) }
}
