// Holders, counters and strangers who try to use a coupon: in the right way, and in most wrong ones.
import type { Address, Permit, Proof, Redeem, Step } from './calls.ts'
import { addressOf, makePermit, people } from './cast.ts'
import { isForAll } from './coupons.ts'
import {
  isOpen,
  numberOf,
  pickCampaign,
  possibleHolders,
  seatsOf,
  type Found,
  type Pointed,
  type Seat,
  type Situation,
} from './situation.ts'
import { isLate } from './terms.ts'
import { serialOf, treeOf } from './trees.ts'
import { statementsFor } from './vouching.ts'

type Sent = Omit<Step, 'at'>

/** Somebody sends a redemption of a coupon, their own or not. */
export function redeem(situation: Situation): Sent | undefined {
  const plan = planOne(situation)
  if (plan === undefined) return undefined
  const { random } = situation
  const { terms, holder, visit } = plan
  const sender = random.chance(0.04) ? random.pick(possibleHolders(situation)) : holder
  const claim = { ...visit, holder: sender }
  const statements = statementsFor({ situation, terms, claim, sender })
  return { sender, call: { to: 'redeem', ...visit, statements } }
}

/** Somebody sends a holder's permission to redeem. */
export function redeemFor(situation: Situation): Sent | undefined {
  const plan = planOne(situation)
  if (plan === undefined) return undefined
  const { random, book, wallet } = situation
  const { terms, holder, visit } = plan
  const sender = someSender(situation)
  const statements = statementsFor({ situation, terms, claim: { ...visit, holder }, sender })
  const deadline = someDeadline(situation)
  const asked = { campaignId: visit.campaignId, serial: visit.serial, site: visit.site, deadline }
  const signer = holder === wallet ? addressOf('owner of the wallet') : holder
  const isCompact = random.chance(holder === wallet ? 0.2 : 0.5)
  const facts = draftPermit({ situation, asked, signer, isCompact })
  const permit = makePermit({ book, asked, facts })
  return { sender, call: { to: 'redeemFor', ...visit, statements, holder, deadline, permit } }
}

/** Whoever sends what others permitted: often a counter, which may vouch. */
export function someSender({ random }: Situation): Address {
  const counters = [addressOf('counter'), addressOf('counter at site 2')]
  return random.pick(random.chance(0.5) ? counters : people)
}

/** Until when a permission is good: sometimes just, sometimes no more. */
export function someDeadline({ random, now }: Situation): bigint {
  return now + random.pick([0n, 1n, 60n, 60n, 300n, 300n, 600n, random.chance(0.3) ? -1n : 5n])
}

/** What a holder signs, which now and then is something else. */
export function draftPermit({
  situation: { random },
  asked,
  signer,
  isCompact,
}: {
  situation: Situation
  asked: Omit<Redeem, 'isElsewhere'>
  signer: Address
  isCompact: boolean
}): Pick<Permit, 'signer' | 'signed' | 'isBroken' | 'isCompact'> {
  const draft = { signer, signed: { ...asked, isElsewhere: false }, isBroken: false, isCompact }
  const signs = (change: Partial<Redeem>) => ({ ...draft, signed: { ...draft.signed, ...change } })
  if (random.chance(0.9)) return draft
  return random.pick([
    signs({ serial: asked.serial ^ 1n }),
    signs({ campaignId: asked.campaignId + 1n }),
    signs({ site: asked.site + 1n }),
    signs({ deadline: asked.deadline + 1n }),
    signs({ isElsewhere: true }),
    { ...draft, isBroken: true },
    { ...draft, signer: random.pick(people) },
  ])
}

/** The campaign to use coupons of, mostly one that is open and has some. */
export function pickOpen(situation: Situation): Found | undefined {
  return pickCampaign({ situation, fits: (found) => hasUsable({ situation, found }) })
}

/** Whether there is anything to use: after the window only what somebody vouches for. */
export function hasUsable({ situation, found }: Pointed): boolean {
  const { closesAt, requiredWitnesses } = found.campaign.terms
  const canSettle = situation.now < closesAt || requiredWitnesses !== 0n
  return canSettle && isOpen({ situation, found }) && usable({ situation, found }).length > 0
}

/** The seats that could be used now. */
export function usable({ situation, found }: Pointed): Seat[] {
  const { campaign } = found
  const late = isLate({ terms: campaign.terms, now: situation.now })
  const unused = seatsOf({ campaign, status: 'unused' })
  return unused.filter(({ shard: { index } }) => late || !isForAll({ campaign, index }))
}

/** A site of the campaign, mostly. */
export function someSite({ situation, found }: Pointed): bigint {
  const { random } = situation
  const { sites } = found.campaign.terms
  if (random.chance(0.03)) return random.pick([0n, sites + 1n])
  return sites === 0n ? 0n : 1n + BigInt(random.below(Number(sites)))
}

/** The seat's proof, whole or spoilt. */
export function someProof({
  situation: { random },
  seat: { shard, seat },
  others,
}: {
  situation: Situation
  seat: Seat
  others: readonly Seat[]
}): Proof {
  const tree = { index: shard.index, holders: shard.holders }
  const whole = { tree, seat, take: treeOf(tree).levels.length, junk: 0, isTorn: false }
  if (random.chance(0.94)) return whole
  const other = random.pick(others)
  return random.pick([
    { ...whole, isTorn: true },
    { ...whole, take: Math.max(whole.take - 1, 0) },
    { ...whole, junk: 1 },
    { ...whole, junk: 9 },
    { ...whole, seat: other.seat, tree: other.shard },
  ])
}

function planOne(situation: Situation) {
  const { random } = situation
  const found = pickOpen(situation)
  if (found === undefined) return undefined
  const good = usable({ situation, found })
  const all = seatsOf({ campaign: found.campaign })
  if (all.length === 0) return undefined
  const seat = random.pick(good.length > 0 && random.chance(0.85) ? good : all)
  const { index, holders } = seat.shard
  const right = serialOf({ index, seat: seat.seat })
  const visit = {
    campaignId: numberOf({ situation, found }),
    serial: random.chance(0.02) ? right + random.pick([1n, 256n, 2n ** 96n]) : right,
    site: someSite({ situation, found }),
    proof: someProof({ situation, seat, others: all }),
  }
  return { visit, terms: found.campaign.terms, holder: holders[seat.seat]! }
}
