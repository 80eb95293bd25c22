import { idOf, isStandby } from '@coupon-secure/protocol/coupon'
import { type Address, isAddress } from 'viem'
import type { Standings } from './shard-states.ts'

/** Something in a list of coupons that cannot be done as it stands there. */
export type PickProblem = { entry: string; code: PickCode; message: string }

type PickCode =
  | 'ENTRY_UNKNOWN'
  | 'ADDRESS_CHECKSUM'
  | 'COUPON_UNKNOWN'
  | 'HOLDER_UNKNOWN'
  | 'ALREADY_REDEEMED'
  | 'ALREADY_REVOKED'
  | 'LISTED_TWICE'

/** The unused coupons that a list names, by serial, and what in it names none. */
export type Picked = { coupons: Standings[]; problems: PickProblem[] }

type Place = { chainId: number; book: Address; campaignId: bigint }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const SERIAL = /^\d{1,29}$/

/**
 * Reads a list of serials, of coupons' printed ids, or of holders (who give all that they have not used), one a line or between commas.
 * Nothing is left out silently.
 */
export function pickCoupons({
  text,
  standings,
  place,
}: {
  text: string
  standings: readonly Standings[]
  place: Place
}): Picked {
  const entries = text.split(/[\s,;]+/).filter((entry) => entry !== '')
  const find = finderIn({ standings, place })
  const picked = new Map<bigint, Standings>()
  const problems: PickProblem[] = []
  for (const entry of entries) {
    const found = find(entry)
    if ('code' in found) {
      problems.push({ entry, ...found })
      continue
    }
    const unused = found.filter(({ standing }) => standing === 'unused')
    const [used] = found
    if (unused.length === 0 && used !== undefined) problems.push({ entry, ...problemOf(used) })
    const fresh = unused.filter(({ serial }) => !picked.has(serial))
    if (unused.length > 0 && fresh.length === 0) {
      const message = 'It is in the list twice, and counts once.'
      problems.push({ entry, code: 'LISTED_TWICE', message })
    }
    for (const coupon of fresh) picked.set(coupon.serial, coupon)
  }
  return { coupons: bySerial([...picked.values()]), problems }
}

/** Every unused coupon within the supply; standby coupons have nothing of their own to give back. */
export function allUnused(standings: readonly Standings[]): Standings[] {
  return standings.filter(({ serial, standing }) => standing === 'unused' && !isStandby(serial))
}

/** The addresses in a list of new holders, in its order, and what in it is none. */
export function readHolders(text: string): { holders: Address[]; problems: PickProblem[] } {
  const holders: Address[] = []
  const problems: PickProblem[] = []
  for (const entry of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    if (isAddress(entry) && !/^0x0{40}$/.test(entry)) holders.push(entry)
    else problems.push({ entry, ...addressProblem(entry) })
  }
  return { holders, problems }
}

type Found = Standings[] | Omit<PickProblem, 'entry'>

function finderIn({ standings, place }: { standings: readonly Standings[]; place: Place }) {
  const serials = new Map(standings.map((coupon) => [coupon.serial, coupon]))
  let ids: Map<string, Standings> | undefined // ten thousand hashes: only where the list has an id
  return (entry: string): Found => {
    if (SERIAL.test(entry)) return oneOf(serials.get(BigInt(entry)))
    if (UUID.test(entry)) {
      ids ??= new Map(standings.map((one) => [idOf({ ...place, serial: one.serial }), one]))
      return oneOf(ids.get(entry.toLowerCase()))
    }
    if (!isAddress(entry)) return addressProblem(entry)
    const wanted = entry.toLowerCase()
    const held = standings.filter(({ holder }) => holder.toLowerCase() === wanted)
    if (held.length > 0) return held
    return { code: 'HOLDER_UNKNOWN', message: 'No coupon of this campaign was issued to it.' }
  }
}

function oneOf(coupon: Standings | undefined): Found {
  if (coupon !== undefined) return [coupon]
  return { code: 'COUPON_UNKNOWN', message: 'The campaign has no such coupon.' }
}

function addressProblem(entry: string): Omit<PickProblem, 'entry'> {
  if (/^0x[0-9a-f]{40}$/i.test(entry) && !/^0x0{40}$/.test(entry)) {
    const message = 'The address has a wrong checksum, so a character may be wrong. Copy it again.'
    return { code: 'ADDRESS_CHECKSUM', message }
  }
  return { code: 'ENTRY_UNKNOWN', message: 'It is no serial, no coupon’s id and no address.' }
}

function problemOf({ standing }: Standings): Omit<PickProblem, 'entry'> {
  return standing === 'revoked'
    ? { code: 'ALREADY_REVOKED', message: 'It was taken back already.' }
    : { code: 'ALREADY_REDEEMED', message: 'It has been used: that cannot be taken back.' }
}

function bySerial(coupons: readonly Standings[]): Standings[] {
  return coupons.toSorted((a, b) => (a.serial < b.serial ? -1 : 1))
}
