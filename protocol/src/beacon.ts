import type { TypedDataToPrimitiveTypes } from 'abitype'
import type { Hex } from 'viem'
import { fromBase64url, toBase64url } from './base64url.ts'
import { type BookPlace, compactOf, domainOf } from './presence.ts'
import { hashTypedData } from './typed-data.ts'

/** How long the counter's screen shows one code. */
export const TURN_SECONDS = 15

/** What a counter's key signs, anew for every turn. */
export const beaconTypes = {
  Beacon: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'site', type: 'uint16' },
    { name: 'shownAt', type: 'uint64' },
  ],
} as const

/** "This is on my screen at this site in the turn that begins then." `shownAt` in unix seconds. */
export type Beacon = TypedDataToPrimitiveTypes<typeof beaconTypes>['Beacon']

/** A beacon with its signature, 64 bytes (ERC-2098). */
export type SignedBeacon = Beacon & { signature: Hex }

/** How a beacon stands to a moment: `ahead` comes from a clock that is wrong. */
export type Freshness = 'fresh' | 'stale' | 'ahead'

const LATEST_AHEAD_MILLISECONDS = 5_000 // as for a fix
const MARK = 'CSB1'
const SIGNATURE_BYTES = 64
// Numbers in decimal without leading zeros, then the signature.
const FORM =
  /^CSB1\.([1-9][0-9]{0,77})\.([1-9][0-9]{0,4})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{86})$/
const LONGEST = 200
const LARGEST_UINT256 = 2n ** 256n - 1n
const LARGEST_SITE = 65_535

/** When the turn that a moment lies in began, in unix seconds; `now` in milliseconds. */
export function turnAt(now: number): number {
  return Math.floor(now / 1000 / TURN_SECONDS) * TURN_SECONDS
}

/** Fresh is the present turn and the one before it (docs/protocol.md#beacon); `now` in unix milliseconds. */
export function freshnessOf({ shownAt, now }: { shownAt: bigint; now: number }): Freshness {
  const shown = Number(shownAt)
  if (shown * 1000 > now + LATEST_AHEAD_MILLISECONDS) return 'ahead'
  return shown >= turnAt(now) - TURN_SECONDS ? 'fresh' : 'stale'
}

/** The digest that a counter's key signs. */
export function hashBeacon({
  chainId,
  book,
  beacon: { campaignId, site, shownAt },
}: BookPlace & { beacon: Beacon }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: beaconTypes,
    primaryType: 'Beacon',
    message: { campaignId, site, shownAt },
  })
}

/** The short text that the QR holds; the signature may have 65 bytes or 64. */
export function writeBeacon({ campaignId, site, shownAt, signature }: SignedBeacon): string {
  const { r, vs } = compactOf(signature)
  return [MARK, campaignId, site, shownAt, toBase64url(`${r}${vs.slice(2)}`)].join('.')
}

/** The beacon in a scanned or pasted text; undefined where it is none. One beacon has one text, spaces around it apart. */
export function readBeacon(text: string): SignedBeacon | undefined {
  if (text.length > LONGEST) return undefined
  const [, campaign, siteText, turn, encoded] = FORM.exec(text.trim()) ?? []
  if (!campaign || !siteText || !turn || !encoded) return undefined
  const beacon = { campaignId: BigInt(campaign), site: Number(siteText), shownAt: BigInt(turn) }
  const isPossible =
    beacon.campaignId <= LARGEST_UINT256 &&
    beacon.site <= LARGEST_SITE &&
    beacon.shownAt % BigInt(TURN_SECONDS) === 0n
  const signature = fromBase64url({ text: encoded, bytes: SIGNATURE_BYTES })
  if (!isPossible || signature === undefined || !isLow(signature)) return undefined
  return { ...beacon, signature }
}

// Of the two s that every signature has the lower alone, as everywhere.
function isLow(signature: Hex): boolean {
  try {
    compactOf(signature)
    return true
  } catch {
    return false
  }
}
