import { createPublicKey, verify } from 'node:crypto'
import { keccak256 } from '@coupon-secure/protocol/keccak'
import { hashClaim, hashSession, type Claim } from '@coupon-secure/protocol/presence'
import type { Authorisation } from '@coupon-secure/protocol/wire'
import { size, slice, type Address, type Hex } from 'viem'
import type { ChainReader } from './chain.ts'
import { recoverSigner } from '@coupon-secure/service/secp256k1'

const LONGEST_SESSION_SECONDS = 7 * 24 * 60 * 60
const MOST_SESSIONS_REMEMBERED = 10_000
// What stands before the 65 bytes of an uncompressed P-256 point in DER (RFC 5480).
const P256_KEY = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** What came of checking one. */
export type AuthorisationVerdict =
  'authorised' | 'SIGNATURE_INVALID' | 'SESSION_EXPIRED' | 'SESSION_TOO_LONG'

/** Checks whether a claim was signed by its holder, or for them. */
export type AuthorisationCheck = (asked: {
  book: Address
  claim: Claim
  authorisation: Authorisation
  now: number
}) => Promise<AuthorisationVerdict>

/** A check for one chain; it remembers which sessions it has seen signed, since recovering a signer is slow. */
export function createAuthorisationCheck({
  chain,
  chainId,
}: {
  chain: Pick<ChainReader, 'approves'>
  chainId: number
}): AuthorisationCheck {
  const sessions = new Set<Hex>()

  return async ({ book, claim, authorisation, now }) => {
    const { holder } = claim
    const digest = hashClaim({ chainId, book, claim })
    if (authorisation.kind === 'holder') {
      const isTheirs = await isSignedBy({ holder, digest, signature: authorisation.signature })
      return isTheirs ? 'authorised' : 'SIGNATURE_INVALID'
    }

    const { publicKey, expiresAt, holderSignature, signature } = authorisation
    if (expiresAt * 1000 <= now) return 'SESSION_EXPIRED'
    if (expiresAt > now / 1000 + LONGEST_SESSION_SECONDS) return 'SESSION_TOO_LONG'
    // The session's own signature first: it costs a tenth of the holder's.
    if (!isSignedByKey({ publicKey, digest, signature })) return 'SIGNATURE_INVALID'
    const session = hashSession({
      chainId,
      book,
      session: { holder, publicKey, expiresAt: BigInt(expiresAt) },
    })
    const isTheirs = await isSessionOf({ holder, digest: session, signature: holderSignature })
    return isTheirs ? 'authorised' : 'SIGNATURE_INVALID'
  }

  async function isSessionOf(signed: Signed): Promise<boolean> {
    const seen = keccak256(`${signed.digest}${signed.signature.slice(2)}`)
    if (sessions.has(seen)) return true
    if (!isRecovered(signed)) {
      // A contract may change its mind, so what it approves is asked each time.
      return chain.approves(signed)
    }
    if (sessions.size >= MOST_SESSIONS_REMEMBERED) sessions.clear()
    sessions.add(seen)
    return true
  }

  async function isSignedBy(signed: Signed): Promise<boolean> {
    return isRecovered(signed) || (await chain.approves(signed))
  }
}

type Signed = { holder: Address; digest: Hex; signature: Hex }

/** Whether a digest was signed by the holder's own key, in the one form that a signature has. */
export function isRecovered({ holder, digest, signature }: Signed): boolean {
  // One signature has one form: 65 bytes and the lower s of the two.
  if (size(signature) !== 65 || BigInt(slice(signature, 32, 64)) > HALF_ORDER) return false
  return recoverSigner({ digest, signature }) === holder.toLowerCase()
}

// Natively and at once: WebCrypto's thread is idle while this one has more to do in asking it (docs/decisions.md#speed).
function isSignedByKey({
  publicKey,
  digest,
  signature,
}: {
  publicKey: Hex
  digest: Hex
  signature: Hex
}): boolean {
  if (size(signature) !== 64 || size(publicKey) !== 65) return false
  try {
    const key = createPublicKey({
      key: Buffer.concat([P256_KEY, bytesOf(publicKey)]),
      format: 'der',
      type: 'spki',
    })
    const dsaEncoding = 'ieee-p1363'
    return verify('sha256', bytesOf(digest), { key, dsaEncoding }, bytesOf(signature))
  } catch {
    return false // no key of the curve
  }
}

function bytesOf(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), 'hex')
}
