import type { Address } from 'abitype'
import { concatHex, type Hex, numberToHex, recoverAddress } from 'viem'
import type { Coupon } from './coupon.ts'
import { type BookPlace, compactOf, hashPresence, type Statement } from './presence.ts'

/**
 * Whose key signed a statement for exactly this coupon, holder and site, as the contract finds it; undefined where the
 * signature is broken. Over anything else the answer is an address that nobody knows. Curve arithmetic: apart from
 * presence.ts, so that a page that redeems does not load it.
 */
export async function witnessOf({
  chainId,
  book,
  campaignId,
  serial,
  holder,
  site,
  statement: { r, vs, geofenceHash, observedAt, validUntil, evidenceHash },
}: BookPlace & Coupon & { holder: Address; site: number; statement: Statement }): Promise<
  Address | undefined
> {
  const seen = { campaignId, serial, holder, site }
  const presence = { ...seen, geofenceHash, observedAt, validUntil, evidenceHash }
  const hash = hashPresence({ chainId, book, presence })
  return await signerOf({ hash, r, vs })
}

/** Whose key signed a digest with the two words of ERC-2098; undefined where they are no signature. */
export async function signerOf({
  hash,
  r,
  vs,
}: {
  hash: Hex
  r: Hex
  vs: Hex
}): Promise<Address | undefined> {
  try {
    compactOf(concatHex([r, vs])) // the contract takes the lower s alone
    const word = BigInt(vs)
    const s = word & (2n ** 255n - 1n)
    const signature = { r, s: numberToHex(s, { size: 32 }), yParity: Number(word >> 255n) }
    return await recoverAddress({ hash, signature })
  } catch {
    return undefined // no point of the curve
  }
}
