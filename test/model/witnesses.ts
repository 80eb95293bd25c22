// Whom the book believes, and what a statement is worth.
import type { Address, Observation, Statement, Terms, Witness } from './calls.ts'
import { type Fault, type Happening, refuse } from './outcome.ts'
import { NOBODY } from './roles.ts'
import { LATEST_TIME, LOCATION, tagOf } from './terms.ts'

const LONGEST_LOCATION_STATEMENT = 600n
const CLOCK_SKEW = 60n

export type Witnesses = Map<Address, Witness>

/** What a redemption says, and so what a statement must be about. */
export type Claim = { campaignId: bigint; serial: bigint; holder: Address; site: bigint }

/** Adds a witness; it vouches for nothing that it observed before. */
export function addWitness({
  witnesses,
  witness,
  now,
}: {
  witnesses: Witnesses
  witness: Witness
  now: bigint
}): Happening[] {
  const { key, classes, site, validUntil } = witness
  const validFrom = witness.validFrom > now ? witness.validFrom : now
  if (key === NOBODY || classes === 0n || validUntil <= validFrom || validUntil > LATEST_TIME) {
    refuse({
      error: 'WitnessInvalid',
      args: [[key, classes, site, witness.validFrom, validUntil]],
    })
  }
  witnesses.set(key, { key, classes, site, validFrom, validUntil })
  return [{ event: 'WitnessAdded', args: [key, classes, site, validFrom, validUntil] }]
}

/** Removes a witness, at once. */
export function removeWitness({
  witnesses,
  key,
}: {
  witnesses: Witnesses
  key: Address
}): Happening[] {
  if (!witnesses.delete(key)) refuse({ error: 'NotAWitness', args: [key] })
  return [{ event: 'WitnessRemoved', args: [key] }]
}

/** Why the classes that vouch for this claim do not suffice. */
export function presenceFault({
  witnesses,
  terms,
  claim,
  statements,
  sender,
  now,
}: {
  witnesses: Witnesses
  terms: Terms
  claim: Claim
  statements: readonly Statement[]
  sender: Address
  now: bigint
}): Fault | undefined {
  const { requiredWitnesses: required, closesAt } = terms
  let covered = 0n
  for (const statement of statements) {
    const judged = judge({ witnesses, terms, claim, statement, now })
    if (typeof judged !== 'bigint') return judged
    covered |= judged
  }

  const lacks = () => (covered & required) !== required
  const isInside = now < closesAt
  if (lacks() && isInside) covered |= classesOfSender({ witnesses, sender, site: claim.site, now })
  if (lacks()) return { error: 'PresenceMissing', args: [required, covered] }
  return required === 0n && !isInside
    ? { error: 'CampaignHasClosed', args: [closesAt, now] }
    : undefined
}

/** The classes for which the statement vouches, or why it is none. */
function judge({
  witnesses,
  terms,
  claim,
  statement,
  now,
}: {
  witnesses: Witnesses
  terms: Terms
  claim: Claim
  statement: Statement
  now: bigint
}): bigint | Fault {
  const { geofenceHash, observedAt, validUntil } = statement.told
  const { opensAt, closesAt } = terms
  const key = keyOf({ statement, claim })
  const witness = witnesses.get(key)
  if (witness === undefined) return { error: 'NotAWitness', args: [key] }
  if (observedAt < witness.validFrom || now >= witness.validUntil) {
    return { error: 'WitnessNotValid', args: [key, witness.validFrom, witness.validUntil] }
  }
  if (witness.site !== 0n && witness.site !== claim.site) {
    return { error: 'WitnessNotAtSite', args: [key, witness.site, claim.site] }
  }
  if (tagOf(geofenceHash) !== tagOf(terms.geofenceHash)) {
    return { error: 'StatementForOtherGeofence', args: [geofenceHash, tagOf(terms.geofenceHash)] }
  }
  if (observedAt < opensAt || observedAt >= closesAt) {
    return { error: 'ObservedOutsideWindow', args: [observedAt, opensAt, closesAt] }
  }
  if (observedAt > now + CLOCK_SKEW) return { error: 'ObservedInFuture', args: [observedAt, now] }
  if (now >= validUntil) return { error: 'StatementExpired', args: [validUntil, now] }
  const isLocation = (witness.classes & LOCATION) !== 0n
  if (isLocation && validUntil > observedAt + LONGEST_LOCATION_STATEMENT) {
    return {
      error: 'StatementTooLong',
      args: [observedAt, validUntil, LONGEST_LOCATION_STATEMENT],
    }
  }
  return witness.classes
}

/** Whose key signed exactly this, or seems to have. */
function keyOf({ statement, claim }: { statement: Statement; claim: Claim }): Address {
  const { signed, told, signer, isBroken, seems } = statement
  if (isBroken) return NOBODY
  return isAbout({ signed, claim }) && isSameObservation([signed, told]) ? signer : seems
}

/** Whether the presence that was signed is the one that is claimed, in this book. */
export function isAbout({ signed, claim }: { signed: Statement['signed']; claim: Claim }): boolean {
  return (
    !signed.isElsewhere &&
    signed.campaignId === claim.campaignId &&
    signed.serial === claim.serial &&
    signed.holder === claim.holder &&
    signed.site === claim.site
  )
}

function isSameObservation([one, other]: [Observation, Observation]): boolean {
  return (
    one.geofenceHash === other.geofenceHash &&
    one.observedAt === other.observedAt &&
    one.validUntil === other.validUntil &&
    one.evidenceHash === other.evidenceHash
  )
}

function classesOfSender({
  witnesses,
  sender,
  site,
  now,
}: {
  witnesses: Witnesses
  sender: Address
  site: bigint
  now: bigint
}): bigint {
  const witness = witnesses.get(sender)
  if (witness === undefined || now < witness.validFrom || now >= witness.validUntil) return 0n
  return witness.site === 0n || witness.site === site ? witness.classes : 0n
}
