// What those who keep a book do: witnesses, roles, handing it over; and calls that are nobody's to make.
import type { Call } from './calls.ts'
import { addressOf, people } from './cast.ts'
import { ADMIN, GUARDIAN, MANAGER, NOBODY } from './roles.ts'
import type { Situation } from './situation.ts'
import { LATEST_TIME } from './terms.ts'

const KEYS = ['oracle', 'another oracle', 'counter', 'counter at site 2', 'holder 5'] as const

/** A witness, or what is none. */
export function addWitness({ random, now }: Situation): Call {
  const witness = {
    key: addressOf(random.pick(KEYS)),
    classes: random.pick([1n, 1n, 2n, 2n, 3n, 4n, 7n]),
    site: random.pick([0n, 0n, 0n, 1n, 2n]),
    validFrom: random.pick([0n, now, now + 1n, now + 60n]),
    validUntil: now + random.pick([300n, 3_600n, 86_400n, 86_400n]),
  }
  const spoilt = random.pick([
    { key: NOBODY },
    { classes: 0n },
    { validUntil: now },
    { validFrom: now + 9n, validUntil: now + 9n },
    { validUntil: LATEST_TIME + 1n },
    { validUntil: LATEST_TIME },
    { validFrom: 0n, validUntil: now + 1n },
  ])
  return { to: 'addWitness', witness: random.chance(0.15) ? { ...witness, ...spoilt } : witness }
}

/** A witness that goes, or one that never was. */
export function removeWitness({ random, state }: Situation): Call {
  const known = [...state.witnesses.keys()]
  const isKnown = known.length > 0 && random.chance(0.8)
  return { to: 'removeWitness', key: random.pick(isKnown ? known : [...people, NOBODY]) }
}

/** A role given or taken. */
export function changeRole({
  situation: { random },
  to,
}: {
  situation: Situation
  to: 'grantRole' | 'revokeRole'
}): Call {
  const role = random.pick([MANAGER, MANAGER, GUARDIAN, GUARDIAN, ADMIN])
  return { to, role, account: random.pick(people) }
}

/** A role given up, by whoever sends it. */
export function renounceRole({
  situation: { random },
  sender,
}: {
  situation: Situation
  sender: string
}): Call {
  const account = random.chance(0.9) ? sender : random.pick(people)
  const role = random.pick([MANAGER, GUARDIAN, GUARDIAN, ADMIN])
  return { to: 'renounceRole', role, account }
}

/** The book offered to somebody; mostly to those who have it or run it. */
export function beginTransfer({ random, wallet }: Situation): Call {
  const likely = [addressOf('organiser'), addressOf('manager'), wallet]
  const newAdmin = random.pick(random.chance(0.8) ? likely : [...people, NOBODY])
  return { to: 'beginDefaultAdminTransfer', newAdmin }
}

/** A call that does nothing, whoever sends it. */
export function pointless({ random }: Situation): Call {
  return random.pick<Call>([
    { to: 'changeDefaultAdminDelay', delay: 3_600n },
    { to: 'initialize', admin: addressOf('stranger') },
    { to: 'nothing', selector: '0x00000000' },
    { to: 'nothing', selector: '0x12345678' },
  ])
}
