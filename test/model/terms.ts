// The rules of a campaign's terms and of its time.
import type { Terms } from './calls.ts'
import type { Fault } from './outcome.ts'

export const LOCATION = 1n
export const COUNTER = 2n
export const LATEST_TIME = 4_102_444_800n // the year 2100

const SHORTEST_WINDOW = 300n
const LONGEST_WINDOW = 31_536_000n
const LONGEST_GRACE = 2_592_000n
const LARGEST_SUPPLY = 4_294_967_295n
const BYTES_COMPARED = 12

/** The first rule that these terms break. */
export function termsFault(terms: Terms): Fault | undefined {
  const { opensAt, closesAt, heldUntil, grace, supply, sites, geofenceHash } = terms
  const late = [opensAt, closesAt].find((time) => time > LATEST_TIME)
  if (late !== undefined) return { error: 'TimeNotInSeconds', args: [late, LATEST_TIME] }
  const length = closesAt - opensAt
  if (length < SHORTEST_WINDOW) {
    return { error: 'WindowTooShort', args: [opensAt, closesAt, SHORTEST_WINDOW] }
  }
  if (length > LONGEST_WINDOW) {
    return { error: 'WindowTooLong', args: [opensAt, closesAt, LONGEST_WINDOW] }
  }
  const isHeldInside = heldUntil >= opensAt && heldUntil < closesAt
  if (heldUntil !== 0n && !isHeldInside) {
    return { error: 'HeldUntilOutsideWindow', args: [heldUntil, opensAt, closesAt] }
  }
  if (grace > LONGEST_GRACE) return { error: 'GraceTooLong', args: [grace, LONGEST_GRACE] }
  if (supply === 0n || supply > LARGEST_SUPPLY) {
    return { error: 'SupplyOutOfRange', args: [supply, LARGEST_SUPPLY] }
  }
  const needsPlace = (terms.requiredWitnesses & LOCATION) !== 0n
  if (needsPlace && (BigInt(geofenceHash) === 0n || sites === 0n)) {
    return { error: 'GeofenceMissing', args: [geofenceHash, sites] }
  }
  return undefined
}

/** The first second at which nothing of the campaign can be used any more. */
export function endsAt({ closesAt, grace }: Terms): bigint {
  return closesAt + grace
}

/** Whether unused coupons are no longer held for their holders. */
export function isLate({ terms, now }: { terms: Terms; now: bigint }): boolean {
  return terms.heldUntil !== 0n && now >= terms.heldUntil
}

/** Whether the new terms are the old ones but for a later end or a longer grace. */
export function isOnlyLonger({ from, to }: { from: Terms; to: Terms }): boolean {
  const isSame = valuesOf({ ...from, closesAt: to.closesAt, grace: to.grace }).every(
    (value, i) => value === valuesOf(to)[i],
  )
  return isSame && to.closesAt >= from.closesAt && to.grace >= from.grace
}

/** The terms after a pause, with what was lost of hold, window or grace given back. */
export function givenBack({
  terms,
  pausedAt,
  now,
}: {
  terms: Terms
  pausedAt: bigint
  now: bigint
}): Terms {
  const from = pausedAt > terms.opensAt ? pausedAt : terms.opensAt
  if (now <= from) return terms
  const lost = now - from
  const { heldUntil, closesAt, grace } = terms
  return {
    ...terms,
    heldUntil: from < heldUntil ? notBeyond2100(heldUntil + lost) : heldUntil,
    closesAt: from < closesAt ? notBeyond2100(closesAt + lost) : closesAt,
    grace: from < closesAt ? grace : notBeyond2100(grace + lost),
  }
}

/** What is compared of a geofence's hash. */
export function tagOf(geofenceHash: string): string {
  return geofenceHash.slice(0, 2 + 2 * BYTES_COMPARED)
}

/** The terms as a list, in the order of the interface. */
export function valuesOf(terms: Terms): (bigint | string)[] {
  const { opensAt, closesAt, heldUntil, grace, supply, sites, requiredWitnesses } = terms
  return [opensAt, closesAt, heldUntil, grace, supply, sites, requiredWitnesses, terms.geofenceHash]
}

function notBeyond2100(time: bigint): bigint {
  return time < LATEST_TIME ? time : LATEST_TIME
}
