// Who takes part, and what they sign.
import {
  computeAddress,
  id,
  recoverAddress,
  Signature,
  SigningKey,
  TypedDataEncoder,
  type SignatureLike,
} from 'ethers'

import { domainOf, presenceTypes, redeemTypes } from '../typed-data.ts'
import type { Address, Permit, Presence, Redeem, Statement } from './calls.ts'
import { NOBODY } from './roles.ts'
import type { Claim } from './witnesses.ts'

const NAMES = [
  'organiser',
  'manager',
  'guardian',
  'stranger',
  'holder 1',
  'holder 2',
  'holder 3',
  'holder 4',
  'holder 5',
  'owner of the wallet',
  'counter',
  'counter at site 2',
  'oracle',
  'another oracle',
] as const

export type Name = (typeof NAMES)[number]

const TOO_HIGH = `0x7f${'ff'.repeat(31)}` // an `s` above half the curve's order, which nobody may use

const keys = new Map(
  NAMES.map((name) => {
    const key = new SigningKey(id(`model: ${name}`))
    return [computeAddress(key).toLowerCase(), { name, key }] as const
  }),
)

/** Everybody with a key of their own. */
export const people: readonly Address[] = [...keys.keys()]

/** Where somebody lives. */
export function addressOf(name: Name): Address {
  return people[NAMES.indexOf(name)]!
}

/** What to call an address in a report. */
export function nameOf(address: Address): string {
  return keys.get(address)?.name ?? address
}

/** A witness's statement, sent along with a redemption that makes this claim. */
export function makeStatement({
  book,
  claim,
  facts,
}: {
  book: Address
  claim: Claim
  facts: Pick<Statement, 'signer' | 'signed' | 'told' | 'isBroken'>
}): Statement {
  const { signer, signed, told, isBroken } = facts
  const digest = presenceDigest({ book, presence: signed })
  const asClaimed = presenceDigest({ book, presence: { ...claim, ...told, isElsewhere: false } })
  const signature = signatureBy({ signer, digest })
  const seems = digest === asClaimed ? signer : signerOf({ digest: asClaimed, signature })
  const vs = isBroken ? TOO_HIGH : signature.yParityAndS
  return { ...facts, seems, bytes: { r: signature.r, vs } }
}

/** A holder's permission, sent along for this redemption. */
export function makePermit({
  book,
  asked,
  facts,
}: {
  book: Address
  asked: Omit<Redeem, 'isElsewhere'>
  facts: Pick<Permit, 'signer' | 'signed' | 'isBroken' | 'isCompact'>
}): Permit {
  const { signer, signed, isBroken, isCompact } = facts
  const digest = redeemDigest({ book, redeem: signed })
  const asAsked = redeemDigest({ book, redeem: { ...asked, isElsewhere: false } })
  const signature = signatureBy({ signer, digest })
  const seems = digest === asAsked ? signer : signerOf({ digest: asAsked, signature })
  const tail = isBroken ? TOO_HIGH : isCompact ? signature.yParityAndS : signature.s
  const parity = isCompact ? '' : signature.yParity === 0 ? '1b' : '1c'
  return { ...facts, seems, bytes: `${signature.r}${tail.slice(2)}${parity}` }
}

function presenceDigest({ book, presence }: { book: Address; presence: Presence }): string {
  const { isElsewhere, ...message } = presence
  return TypedDataEncoder.hash(domainFor({ book, isElsewhere }), presenceTypes, message)
}

function redeemDigest({ book, redeem }: { book: Address; redeem: Redeem }): string {
  const { isElsewhere, ...message } = redeem
  return TypedDataEncoder.hash(domainFor({ book, isElsewhere }), redeemTypes, message)
}

function domainFor({ book, isElsewhere }: { book: Address; isElsewhere: boolean }) {
  return domainOf({ book: isElsewhere ? addressOf('stranger') : book })
}

function signatureBy({ signer, digest }: { signer: Address; digest: string }): Signature {
  const known = keys.get(signer)
  if (known === undefined) throw new Error(`Nobody knows the key of ${signer}.`)
  return known.key.sign(digest)
}

/** Whoever seems to have signed; nobody where the signature leads to no key at all. */
function signerOf({ digest, signature }: { digest: string; signature: SignatureLike }): Address {
  try {
    return recoverAddress(digest, signature).toLowerCase()
  } catch {
    return NOBODY
  }
}
