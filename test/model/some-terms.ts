// Terms of campaigns: short windows, so that a sequence sees them through, and every rule broken now and then.
import { id } from 'ethers'

import type { Terms } from './calls.ts'
import type { Random } from './random.ts'
import { LATEST_TIME, LOCATION } from './terms.ts'

const DAY = 86_400n
const MONTH = 30n * DAY
const YEAR = 365n * DAY

/** The geofences in use; the last two differ only in what the contract does not compare. */
export const geofences = [
  id('the mess hall'),
  id('the garden'),
  `0x${'ab'.repeat(32)}`,
  `0x${'ab'.repeat(12)}${'cd'.repeat(20)}`,
] as const

/** Terms that keep all rules. */
export function someTerms({ random, now }: { random: Random; now: bigint }): Terms {
  const opensAt = now + random.pick([-200n, -1n, 0n, 1n, 60n, 300n])
  const length = random.pick([300n, 301n, 600n, 900n, 1_800n])
  const closesAt = opensAt + length
  const holds = [0n, 0n, opensAt, opensAt + 30n, opensAt + length / 3n, closesAt - 1n]
  const requiredWitnesses = random.chance(0.02) ? 4n : random.pick([0n, 0n, 1n, 1n, 2n, 3n])
  const needsPlace = (requiredWitnesses & LOCATION) !== 0n
  const isExtreme = random.chance(0.02)
  return {
    opensAt,
    closesAt: isExtreme ? opensAt + YEAR : closesAt,
    heldUntil: random.pick(holds),
    grace: isExtreme ? MONTH : random.pick([0n, 1n, 60n, 600n, 1_200n]),
    supply: random.pick([1n, 2n, 3n, 5n, 8n, 300n, 1_000n, 2n ** 32n - 1n]),
    sites: random.pick(needsPlace ? [1n, 2n, 3n] : [0n, 1n, 2n, 3n]),
    requiredWitnesses,
    geofenceHash: needsPlace
      ? random.pick(geofences)
      : random.pick([...geofences, `0x${'0'.repeat(64)}`]),
  }
}

/** The terms with one rule broken. */
export function spoilt({
  random,
  terms,
  now,
}: {
  random: Random
  terms: Terms
  now: bigint
}): Terms {
  const { opensAt, closesAt } = terms
  const noPlace = { requiredWitnesses: LOCATION, geofenceHash: `0x${'0'.repeat(64)}` }
  const changes: readonly Partial<Terms>[] = [
    { opensAt: opensAt * 1_000n },
    { closesAt: LATEST_TIME + 1n },
    { closesAt: opensAt + 299n },
    { closesAt: opensAt - 1n },
    { closesAt: opensAt + YEAR + 1n },
    { heldUntil: opensAt - 1n },
    { heldUntil: closesAt },
    { grace: MONTH + 1n },
    { supply: 0n },
    { supply: 2n ** 32n },
    noPlace,
    { requiredWitnesses: 3n, sites: 0n },
    { opensAt: now - 300n, closesAt: now, heldUntil: 0n },
    { opensAt: now - 299n, closesAt: now + 1n, heldUntil: 0n }, // the last second to make one: no rule is broken
  ]
  return { ...terms, ...random.pick(changes) }
}
