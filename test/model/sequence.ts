// The next step of a random sequence: what, by whom, when.
import { redeemBatch } from './batching.ts'
import type { Address, Call, Step } from './calls.ts'
import { addressOf, people } from './cast.ts'
import { nextTime } from './clock.ts'
import {
  addWitness,
  beginTransfer,
  changeRole,
  pointless,
  removeWitness,
  renounceRole,
} from './keeping.ts'
import { changeTerms, count, createCampaign, issue, pauseOrResume, recall } from './organising.ts'
import { ADMIN, GUARDIAN, MANAGER } from './roles.ts'
import { supplyLeft } from './coupons.ts'
import { alive, foundIn, type Found, type Situation } from './situation.ts'
import { COUNTER, endsAt, isLate, LOCATION } from './terms.ts'
import { hasUsable, redeem, redeemFor } from './visiting.ts'

type Sent = Omit<Step, 'at'>

const WANTED = 3 // campaigns at a time
const FEW_VISITS = { redeem: 3, redeemFor: 2, redeemBatch: 2 } // while there is nothing to use

const weights = {
  changeTerms: 5,
  issue: 12,
  issueStandby: 6,
  redeem: 20,
  redeemFor: 14,
  redeemBatch: 14,
  revoke: 5,
  reallot: 5,
  pause: 2,
  resume: 1,
  release: 5,
  close: 2,
  addWitness: 4,
  removeWitness: 1,
  grantRole: 3,
  revokeRole: 1,
  renounceRole: 1,
  beginDefaultAdminTransfer: 2,
  cancelDefaultAdminTransfer: 1,
  acceptDefaultAdminTransfer: 2,
  rollbackDefaultAdminDelay: 1,
  setContractURI: 1,
  pointless: 2,
  multicall: 5,
} as const

type Idea = keyof typeof weights | 'createCampaign'

/** What every sequence begins with: somebody to organise, and somebody to guard. */
export function prologue({ now }: { now: bigint }): Step[] {
  const sender = addressOf('organiser')
  const grants = [
    { role: MANAGER, account: addressOf('manager') },
    { role: GUARDIAN, account: addressOf('guardian') },
  ]
  return grants.map((grant) => ({ at: now, sender, call: { to: 'grantRole', ...grant } }))
}

/** The next step. */
export function nextStep(before: Situation): Step {
  const at = nextTime(before)
  const situation = { ...before, now: at }
  return { at, ...thought({ situation, idea: nextIdea(situation) }) }
}

function nextIdea(situation: Situation): Idea {
  const { random, state, now } = situation
  const campaigns = alive(situation).length
  if (random.chance(campaigns === 0 ? 0.8 : campaigns < WANTED ? 0.15 : 0.01)) {
    return 'createCampaign'
  }
  const all = foundIn(state)
  const any = (fits: (found: Found) => boolean) => all.some(fits)
  const hasCoupon = any((found) => hasUsable({ situation, found }))
  const hasSupply = any(
    ({ campaign }) => now < campaign.terms.closesAt && supplyLeft(campaign) > 0n,
  )
  if (!hasCoupon && random.chance(0.4)) return hasSupply ? 'issue' : 'createCampaign'
  const hasPaused = any(({ campaign }) => campaign.pausedAt !== 0n)
  const hasLate = any(({ campaign: { terms } }) => isLate({ terms, now }) && now < endsAt(terms))
  const hasEnded = any(({ campaign: { terms, isClosed } }) => now >= endsAt(terms) && !isClosed)
  return random.weigh({
    ...weights,
    ...(hasCoupon ? {} : FEW_VISITS),
    resume: hasPaused ? 12 : 1,
    release: hasLate ? 8 : 1,
    close: hasEnded ? 6 : 1,
    addWitness: [LOCATION, COUNTER].every((one) => isVouched({ situation, one })) ? 4 : 30,
  })
}

function isVouched({ situation, one }: { situation: Situation; one: bigint }): boolean {
  const { state, now } = situation
  return [...state.witnesses.values()].some(
    ({ classes, site, validFrom, validUntil }) =>
      (classes & one) !== 0n && site === 0n && validFrom <= now && now < validUntil,
  )
}

function thought({ situation, idea }: { situation: Situation; idea: Idea }): Sent {
  const { random, wallet } = situation
  const redemption = redemptionOf({ situation, idea })
  if (redemption !== undefined) return redemption
  if (idea === 'multicall') return several(situation)
  if (isVisit(idea)) return thought({ situation, idea: 'createCampaign' }) // there is no coupon yet
  const able = ableTo({ situation, idea })
  const isStray = able.length === 0 || random.chance(0.07)
  const sender = random.pick(isStray ? [...people, wallet] : able)
  return { sender, call: callBy({ situation, idea, sender }) }
}

function isVisit(idea: Idea): boolean {
  return idea === 'redeem' || idea === 'redeemFor' || idea === 'redeemBatch'
}

function redemptionOf({ situation, idea }: { situation: Situation; idea: Idea }): Sent | undefined {
  if (idea === 'redeem') return redeem(situation)
  if (idea === 'redeemFor') return redeemFor(situation)
  return idea === 'redeemBatch' ? redeemBatch(situation) : undefined
}

/** Several calls of one sender in one; mostly all of them sensible. */
function several(situation: Situation): Sent {
  const { random, state } = situation
  const visit = random.chance(0.4) ? redemptionOf({ situation, idea: 'redeemFor' }) : undefined
  const other = random.chance(0.5) ? redemptionOf({ situation, idea: 'redeemBatch' }) : undefined
  if (visit !== undefined) {
    // What the first sender vouches for, the other's call may lack.
    const calls = [visit.call, ...(other === undefined ? [] : [other.call])]
    return { sender: visit.sender, call: { to: 'multicall', calls } }
  }
  const ideas: Idea[] = [
    'createCampaign',
    'issue',
    'issueStandby',
    'changeTerms',
    'revoke',
    'multicall',
  ]
  const sender = random.pick([...(state.roles.members.get(MANAGER) ?? []), addressOf('stranger')])
  const calls = Array.from({ length: random.below(4) }, (): Call => {
    const idea = random.pick(ideas)
    return idea === 'multicall'
      ? { to: 'multicall', calls: [] }
      : callBy({ situation, idea, sender })
  })
  return { sender, call: { to: 'multicall', calls } }
}

/** Who may do so; nobody in particular where anybody may. */
function ableTo({ situation: { state }, idea }: { situation: Situation; idea: Idea }): Address[] {
  const having = (role: string) => [...(state.roles.members.get(role) ?? [])]
  switch (idea) {
    case 'createCampaign':
    case 'changeTerms':
    case 'issue':
    case 'issueStandby':
    case 'revoke':
    case 'reallot':
      return having(MANAGER)
    case 'pause':
    case 'removeWitness':
      return [...having(ADMIN), ...having(GUARDIAN)]
    case 'acceptDefaultAdminTransfer':
      return state.roles.handover === undefined ? [] : [state.roles.handover.newAdmin]
    case 'renounceRole':
      return [...having(MANAGER).slice(1), ...having(GUARDIAN)]
    case 'release':
    case 'close':
    case 'pointless':
      return []
    default:
      return having(ADMIN)
  }
}

function callBy({
  situation,
  idea,
  sender,
}: {
  situation: Situation
  idea: Idea
  sender: Address
}): Call {
  const { random } = situation
  switch (idea) {
    case 'changeTerms':
      return changeTerms(situation)
    case 'issue':
    case 'issueStandby':
      return issue({ situation, to: idea })
    case 'revoke':
    case 'reallot':
      return recall({ situation, to: idea })
    case 'pause':
    case 'resume':
      return pauseOrResume({ situation, to: idea })
    case 'release':
    case 'close':
      return count({ situation, to: idea })
    case 'addWitness':
      return addWitness(situation)
    case 'removeWitness':
      return removeWitness(situation)
    case 'grantRole':
    case 'revokeRole':
      return changeRole({ situation, to: idea })
    case 'renounceRole':
      return renounceRole({ situation, sender })
    case 'beginDefaultAdminTransfer':
      return beginTransfer(situation)
    case 'cancelDefaultAdminTransfer':
    case 'acceptDefaultAdminTransfer':
    case 'rollbackDefaultAdminDelay':
      return { to: idea }
    case 'setContractURI':
      return { to: idea, uri: random.pick(['', 'https://example.org/book.json']) }
    case 'pointless':
      return pointless(situation)
    default:
      return createCampaign(situation)
  }
}
