import { hashClaim, sessionTypes, domainOf, type Claim } from '@coupon-secure/protocol/presence'
import type { Authorisation } from '@coupon-secure/protocol/wire'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import type { Pocket } from './journal.ts'

/** A key of this browser that the holder's wallet allowed to ask the oracle for this book. */
export type SignIn = {
  privateKey: CryptoKey
  publicKey: Hex
  /** Unix seconds. */
  expiresAt: number
  holderSignature: Hex
}

/** Where sign-ins are kept. A key that cannot leave the browser cannot be written as text. */
export type SignInStore = {
  read: (name: string) => Promise<SignIn | undefined>
  write: (entry: { name: string; signIn: SignIn }) => Promise<void>
  remove: (name: string) => Promise<void>
}

/** What the wallet is asked to sign for a sign-in. */
export type SessionToSign = {
  domain: ReturnType<typeof domainOf>
  types: typeof sessionTypes
  message: { holder: Hex; publicKey: Hex; expiresAt: bigint }
}

// The oracle takes seven days at most, by its own clock.
const LIFETIME_SECONDS = 6 * 24 * 60 * 60
const LEAST_SECONDS_LEFT = 120

/** The sign-in that this pocket has, if it will last for one more claim. */
export async function findSignIn({
  store,
  pocket,
  now,
}: {
  store: SignInStore
  pocket: Pocket
  now: number
}): Promise<SignIn | undefined> {
  const signIn = await store.read(nameOf(pocket))
  return signIn !== undefined && signIn.expiresAt > now + LEAST_SECONDS_LEFT ? signIn : undefined
}

/** Makes a key and has the wallet allow it; nothing is kept unless the wallet signs. */
export async function signIn({
  store,
  pocket,
  now,
  sign,
}: {
  store: SignInStore
  pocket: Pocket
  now: number
  sign: (session: SessionToSign) => Promise<Hex>
}): Promise<SignIn> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    false, // not extractable: no script can carry it away
    ['sign'],
  )
  const point = bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)))
  const expiresAt = now + LIFETIME_SECONDS
  const holderSignature = await sign({
    domain: domainOf(pocket),
    types: sessionTypes,
    message: { holder: pocket.holder, publicKey: point, expiresAt: BigInt(expiresAt) },
  })
  const made = { privateKey, publicKey: point, expiresAt, holderSignature }
  await store.write({ name: nameOf(pocket), signIn: made })
  return made
}

/** Forgets a sign-in that the oracle would not take. */
export function signOut({ store, pocket }: { store: SignInStore; pocket: Pocket }): Promise<void> {
  return store.remove(nameOf(pocket))
}

/** Signs a claim with the session's key. */
export async function authorise({
  signIn: { privateKey, publicKey, expiresAt, holderSignature },
  pocket,
  claim,
}: {
  signIn: SignIn
  pocket: Pocket
  claim: Claim
}): Promise<Authorisation> {
  const digest = hexToBytes(hashClaim({ ...pocket, claim }))
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    new Uint8Array(digest),
  )
  return {
    kind: 'session',
    publicKey,
    expiresAt,
    holderSignature,
    signature: bytesToHex(new Uint8Array(signature)),
  }
}

function nameOf({ chainId, book, holder }: Pocket): string {
  return `${chainId}.${book}.${holder}`.toLowerCase()
}
