// What an organiser might do, mostly sensibly.
import { id } from 'ethers'

import type { Call, Root, Terms } from './calls.ts'
import { SEATS, standing, supplyLeft, type Shard } from './coupons.ts'
import { rootNamed } from './encode.ts'
import type { Random } from './random.ts'
import { NOBODY } from './roles.ts'
import { numberOf, pickCampaign, possibleHolders, type Found, type Situation } from './situation.ts'
import { geofences, someTerms, spoilt } from './some-terms.ts'
import { endsAt, isLate } from './terms.ts'
import { serialOf } from './trees.ts'

/** A new campaign. */
export function createCampaign({ random, now }: Situation): Call {
  const terms = someTerms({ random, now })
  const isBad = random.chance(0.12)
  return {
    to: 'createCampaign',
    name: random.pick(['Lunch', 'Dinner, Sunday', '']),
    terms: isBad ? spoilt({ random, terms, now }) : terms,
    details: random.pick(['', 'Vegetarian as well.']),
  }
}

/** Other terms for a campaign, of the kind that its time allows; or not. */
export function changeTerms(situation: Situation): Call {
  const { random, now } = situation
  const found = pickCampaign({ situation, fits: (one) => isIn({ situation, one }) })
  const campaignId = numberOf({ situation, found })
  if (found === undefined) {
    return { to: 'changeTerms', campaignId, terms: someTerms({ random, now }) }
  }
  const { campaign } = found
  const { terms } = campaign
  if (random.chance(0.1)) {
    return { to: 'changeTerms', campaignId, terms: spoilt({ random, terms, now }) }
  }
  const longer = {
    ...terms,
    closesAt: terms.closesAt + random.pick([0n, 0n, 1n, 60n, 900n]),
    grace: terms.grace + random.pick([0n, 0n, 1n, 600n]),
  }
  if (now >= terms.opensAt) {
    const frozen: Partial<Terms>[] = [
      { supply: terms.supply + 1n },
      { closesAt: terms.closesAt - 1n },
      { grace: terms.grace - 1n },
      { heldUntil: terms.heldUntil + 1n },
      { sites: terms.sites + 1n },
      { requiredWitnesses: terms.requiredWitnesses ^ 2n },
      { opensAt: terms.opensAt - 1n },
      { geofenceHash: random.pick(geofences) },
    ]
    const change = random.chance(0.4) ? random.pick(frozen) : {}
    const isPossible = (change.grace ?? 0n) >= 0n
    return { to: 'changeTerms', campaignId, terms: { ...longer, ...(isPossible ? change : {}) } }
  }
  const least = standing(campaign)
  const supply = random.pick([terms.supply, least, least - 1n, least + 3n, terms.supply + 5n])
  const other = { ...someTerms({ random, now }), supply: supply < 0n ? 0n : supply }
  const to = random.pick([other, { ...longer, supply: other.supply }, { ...longer, heldUntil: 0n }])
  return { to: 'changeTerms', campaignId, terms: to }
}

/** Coupons, within the supply or beyond it. */
export function issue({
  situation,
  to,
}: {
  situation: Situation
  to: 'issue' | 'issueStandby'
}): Call {
  const { random, now } = situation
  const isStandby = to === 'issueStandby'
  const found = pickCampaign({
    situation,
    fits: ({ campaign: { terms, ...rest } }) =>
      now < terms.closesAt &&
      (isStandby ? terms.heldUntil !== 0n : supplyLeft({ terms, ...rest }) > 0n),
  })
  const left = found === undefined ? 1n : supplyLeft(found.campaign)
  const length = someLength({ random, left: isStandby ? 3n : left })
  const holders = someHolders({ situation, length })
  return { to, campaignId: numberOf({ situation, found }), holders }
}

/** Coupons taken back, and others given in their stead. */
export function recall({
  situation,
  to,
}: {
  situation: Situation
  to: 'revoke' | 'reallot'
}): Call {
  const { random } = situation
  const found = pickCampaign({
    situation,
    fits: (one) => isIn({ situation, one }) && one.campaign.shards.length > 0,
  })
  const campaignId = numberOf({ situation, found })
  const shards = found === undefined ? [] : [...found.campaign.shards, ...found.campaign.standby]
  const reason = random.pick(['ill', 'on the list twice', ''])
  const shard = shards.length > 0 ? random.pick(shards) : undefined
  const serials = shard === undefined ? [0n] : someSerials({ random, shard })
  const root = shard === undefined ? junkRoot(random) : someRoot({ random, shard, shards })
  if (to === 'revoke') return { to, campaignId, root, serials, reason }
  const holders = someHolders({ situation, length: serials.length + (random.chance(0.05) ? 1 : 0) })
  return { to, campaignId, root, serials, holders, reason }
}

/** A campaign paused, or going on. */
export function pauseOrResume({
  situation,
  to,
}: {
  situation: Situation
  to: 'pause' | 'resume'
}): Call {
  const wantsPaused = to === 'resume'
  const found = pickCampaign({
    situation,
    fits: (one) =>
      (one.campaign.pausedAt !== 0n) === wantsPaused && (wantsPaused || isIn({ situation, one })),
  })
  return { to, campaignId: numberOf({ situation, found }) }
}

/** Shards counted, after the hold or after the end. */
export function count({ situation, to }: { situation: Situation; to: 'release' | 'close' }): Call {
  const { random, now } = situation
  const found = pickCampaign({
    situation,
    fits: ({ campaign: { terms, pausedAt, isClosed, shards, counted } }) =>
      to === 'close'
        ? now >= endsAt(terms) && pausedAt === 0n && !isClosed
        : isLate({ terms, now }) &&
          now < endsAt(terms) &&
          pausedAt === 0n &&
          counted < shards.length,
  })
  const campaignId = numberOf({ situation, found })
  const next = found?.campaign.shards.slice(found.campaign.counted) ?? []
  const some = random.chance(0.6) ? next : next.slice(0, random.below(next.length + 1))
  const roots = some.map((shard) => someRoot({ random, shard, shards: next }))
  return { to, campaignId, roots: random.chance(0.06) ? [...roots, junkRoot(random)] : roots }
}

function isIn({ situation, one }: { situation: Situation; one: Found }): boolean {
  const { terms, pausedAt } = one.campaign
  return situation.now < endsAt(terms) && pausedAt === 0n
}

function someLength({ random, left }: { random: Random; left: bigint }): number {
  const exact = Number(left)
  const few = [1, 2, 3, 5].filter((length) => length <= exact)
  switch (random.weigh({ few: 70, exact: 20, over: 5, many: 2, none: 2, tooMany: 0.4 })) {
    case 'few':
      return few.length > 0 ? random.pick(few) : 1
    case 'exact':
      return Math.min(exact, 12)
    case 'over':
      return Math.min(exact, 300) + 1
    case 'many':
      return random.pick([SEATS, SEATS + 1, 2 * SEATS + 3])
    case 'none':
      return 0
    case 'tooMany':
      return 50 * SEATS + 1
  }
}

/** Holders, now and then with one in the list that is none. */
function someHolders({ situation, length }: { situation: Situation; length: number }): string[] {
  const { random } = situation
  const possible = possibleHolders(situation)
  const holders = Array.from({ length }, () => random.pick(possible))
  if (length > 0 && random.chance(0.05)) {
    holders[random.below(length)] = random.pick([NOBODY, `0x${'01'.repeat(21)}`])
  }
  return holders
}

function someSerials({ random, shard }: { random: Random; shard: Shard }): bigint[] {
  const { index, holders, statuses } = shard
  const all = holders.map((_, seat) => seat)
  const unused = all.filter((seat) => statuses[seat] === 'unused')
  const from = unused.length > 0 && random.chance(0.9) ? unused : all
  const seats = random.shuffle(from).slice(0, random.pick([1, 1, 2, 3]))
  const serials = seats.map((seat) => serialOf({ index, seat }))
  const [first = serialOf({ index, seat: 0 })] = serials
  switch (random.weigh({ asIs: 90, twice: 3, missing: 3, elsewhere: 3, none: 2, tooMany: 1 })) {
    case 'asIs':
      return serials
    case 'twice':
      return [...serials, first]
    case 'missing':
      return [...serials, serialOf({ index, seat: random.pick([holders.length, 255]) })]
    case 'elsewhere':
      return [...serials, first + random.pick([256n, 2n ** 96n])]
    case 'none':
      return []
    case 'tooMany':
      return Array.from({ length: SEATS + 1 }, () => first)
  }
}

function someRoot({
  random,
  shard,
  shards,
}: {
  random: Random
  shard: Shard
  shards: readonly Shard[]
}): Root {
  if (random.chance(0.96)) return rootNamed(shard)
  return random.chance(0.5) ? rootNamed(random.pick(shards)) : junkRoot(random)
}

function junkRoot(random: Random): Root {
  return { bytes: id(`junk ${random.below(9)}`) }
}
