// Statements for a redemption: enough of them, good ones mostly, and wrong ones of every kind.
import { id } from 'ethers'

import type { Address, Observation, Presence, Statement, Terms, Witness } from './calls.ts'
import { addressOf, makeStatement, people } from './cast.ts'
import type { Situation } from './situation.ts'
import { geofences } from './some-terms.ts'
import { LOCATION } from './terms.ts'
import type { Claim } from './witnesses.ts'

const LONGEST_LOCATION_STATEMENT = 600n

/** What somebody asks witnesses for. */
type Asked = { situation: Situation; terms: Terms; claim: Claim }

/** What is signed, what is told, and by whom. */
type Draft = Pick<Statement, 'signer' | 'signed' | 'told' | 'isBroken'>

/** Statements that cover what is required, mostly, where `sender` does not vouch itself. */
export function statementsFor({ sender, ...asked }: Asked & { sender: Address }): Statement[] {
  const { situation, terms } = asked
  const { random, state, now } = situation
  const isVouching = random.chance(0.5) && now < terms.closesAt
  let missing = terms.requiredWitnesses
  if (isVouching) missing &= ~(state.witnesses.get(sender)?.classes ?? 0n)
  const signers: Address[] = []
  while (missing !== 0n) {
    const witness = witnessFor({ ...asked, missing })
    if (witness === undefined) break
    signers.push(witness.key)
    missing &= ~witness.classes
  }
  if (random.chance(0.04)) signers.push(random.pick(people))
  if (random.chance(0.04)) signers.pop()
  return signers.map((signer) => statementBy({ ...asked, signer }))
}

/** One statement, which may be spoilt. */
function statementBy({ situation, terms, claim, signer }: Asked & { signer: Address }): Statement {
  const { random, state, book } = situation
  const witness = state.witnesses.get(signer)
  const told = observation({ situation, terms, witness })
  const draft: Draft = { signer, told, signed: presence({ claim, told }), isBroken: false }
  const isTwisted = random.chance(0.25)
  const facts = isTwisted ? twisted({ situation, terms, claim, draft, witness }) : draft
  return makeStatement({ book, claim, facts })
}

/** A witness that is one now, and may vouch here for something that is missing. */
function witnessFor({
  situation: { random, state, now },
  terms,
  claim,
  missing,
}: Asked & { missing: bigint }): Witness | undefined {
  const able = [...state.witnesses.values()].filter(
    ({ key, classes, site, validFrom, validUntil }) =>
      people.includes(key) &&
      (classes & missing) !== 0n &&
      (site === 0n || site === claim.site) &&
      validFrom < terms.closesAt &&
      now < validUntil,
  )
  return able.length > 0 ? random.pick(able) : undefined
}

function observation({
  situation: { random, now },
  terms,
  witness,
}: {
  situation: Situation
  terms: Terms
  witness: Witness | undefined
}): Observation {
  const { opensAt, closesAt, geofenceHash } = terms
  const earliest = laterOf([opensAt, witness?.validFrom ?? 0n])
  const latest = closesAt - 1n < now ? closesAt - 1n : now
  const observedAt = laterOf([earliest, latest - random.pick([0n, 0n, 1n, 30n])])
  const isLocation = ((witness?.classes ?? 0n) & LOCATION) !== 0n
  const longest = isLocation ? observedAt + LONGEST_LOCATION_STATEMENT : now + 3_600n
  const validUntil = random.pick([now + 1n, now + 300n, longest])
  return {
    geofenceHash,
    observedAt,
    validUntil: validUntil < longest ? validUntil : longest,
    evidenceHash: id(`evidence ${random.below(9)}`),
  }
}

/** The statement with one thing as it should not be, or only just may be. */
function twisted({
  situation: { random, now },
  terms,
  claim,
  draft,
  witness,
}: Asked & { draft: Draft; witness: Witness | undefined }): Draft {
  const { opensAt, closesAt } = terms
  const { told, signed } = draft
  const tells = (change: Partial<Observation>): Draft => {
    const changed = { ...told, ...change }
    return { ...draft, told: changed, signed: presence({ claim, told: changed }) }
  }
  const sees = (observedAt: bigint) => tells({ observedAt, validUntil: observedAt + 600n })
  const signs = (change: Partial<Presence>): Draft => ({
    ...draft,
    signed: { ...signed, ...change },
  })
  const seen = told.observedAt
  return random.pick<() => Draft>([
    () => signs({ serial: claim.serial ^ 1n }),
    () => signs({ holder: addressOf('stranger') }),
    () => signs({ site: claim.site + 1n }),
    () => signs({ campaignId: claim.campaignId + 1n }),
    () => signs({ isElsewhere: true }),
    () => signs({ observedAt: seen + 1n }),
    () => signs({ validUntil: told.validUntil - 1n }),
    () => signs({ evidenceHash: id('other evidence') }),
    () => ({ ...draft, isBroken: true }),
    () => ({ ...draft, signer: random.pick(people) }),
    () => tells({ geofenceHash: random.pick(geofences) }),
    () => sees(opensAt - 1n),
    () => sees(opensAt),
    () => sees(closesAt - 1n),
    () => sees(closesAt),
    () => sees(now + 60n),
    () => sees(now + 61n),
    () => sees((witness?.validFrom ?? now) - 1n),
    () => sees(witness?.validFrom ?? now),
    () => tells({ validUntil: now }),
    () => tells({ validUntil: now + 1n }),
    () => tells({ validUntil: seen + LONGEST_LOCATION_STATEMENT }),
    () => tells({ validUntil: seen + LONGEST_LOCATION_STATEMENT + 1n }),
  ])()
}

function presence({ claim, told }: { claim: Claim; told: Observation }): Presence {
  const { campaignId, serial, holder, site } = claim
  return { campaignId, serial, holder, site, ...told, isElsewhere: false }
}

function laterOf([one, other]: [bigint, bigint]): bigint {
  return one > other ? one : other
}
