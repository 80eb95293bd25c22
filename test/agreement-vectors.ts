// What protocol/vectors holds: the shared inputs, and what a voice makes of them.
import { id, Signature } from 'ethers'
import { serialAt, urnOf } from '@coupon-secure/protocol/coupon'
import { decide } from '@coupon-secure/protocol/decide'
import { type Fix, RULESET } from '@coupon-secure/protocol/evidence'
import { defaultPolicy, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import {
  BOOK,
  CHAIN_ID,
  claim,
  evidences,
  fix as seen,
  hex,
  holderAt,
  OPENS_AT,
  presence,
  redeem,
  session,
  submissions,
  WITNESS,
  WITNESS_KEY,
  type Voice,
} from './agreement-voices.ts'

const METRE_E7 = 90 // of latitude, about

type DocumentName = 'venue' | 'guarded' | 'atSea'

export function couponVectors(voice: Voice) {
  const places = [
    { chainId: CHAIN_ID, book: BOOK, campaignId: 1n, serial: 0n },
    { chainId: CHAIN_ID, book: BOOK, campaignId: 7n, serial: serialAt({ shard: 2n, seat: 17 }) },
    {
      chainId: 8453,
      book: BOOK,
      campaignId: 2n ** 256n - 1n,
      serial: serialAt({ shard: 2n ** 32n - 1n, seat: 254 }),
    },
  ]
  return {
    holders: 'holder i = the last 20 bytes of keccak256(utf8 "coupon-secure vector holder <i>")',
    coupons: places.map((place) => ({
      ...textual(place),
      urn: urnOf(place),
      id: voice.id(place),
    })),
    shards: [1, 2, 3, 5, 100, 254, 255].map((size) => {
      const index = BigInt(size % 3)
      const holders = Array.from({ length: size }, (_, seat) => holderAt(seat))
      const tree = voice.tree({ index, holders })
      return {
        index: `${index}`,
        size,
        root: tree.root,
        coupons: seatsToTry(size).map((seat) => {
          const serial = serialAt({ shard: index, seat })
          const holder = holderAt(seat)
          return {
            seat,
            serial: `${serial}`,
            holder,
            leaf: voice.leaf({ serial, holder }),
            proof: tree.proof(seat),
          }
        }),
      }
    }),
  }
}

export async function presenceVectors(voice: Voice) {
  const signature = hex(await voice.sign(presence))
  const { r, yParityAndS: vs } = Signature.from(signature)
  return {
    chainId: CHAIN_ID,
    book: BOOK,
    witnessKey: WITNESS_KEY,
    witness: WITNESS,
    presence: {
      message: textual(presence),
      digest: voice.presence(presence),
      signature,
      r,
      vs,
    },
    redeem: { message: textual(redeem), digest: voice.redeem(redeem) },
    session: { message: textual(session), digest: voice.session(session) },
    claim: { message: textual(claim), digest: voice.claim(claim) },
    submissions: Object.entries(submissions).map(([name, submission]) => ({
      name,
      ruleset: RULESET,
      challenge: claim.challenge,
      submission,
      hash: voice.submission(submission),
    })),
    evidences: Object.entries(evidences).map(([name, evidence]) => ({
      name,
      ruleset: RULESET,
      challenge: claim.challenge,
      evidence,
      hash: voice.evidence(evidence),
    })),
  }
}

export function geofenceVectors(voice: Voice) {
  return Object.entries(documents()).map(([name, document]) => ({
    name,
    document,
    hash: voice.geofence(document),
  }))
}

export function decisionVectors() {
  const known = documents()
  const now = OPENS_AT * 1000
  const fix = { ...seen, longitudeE7: 759_235_600, latitudeE7: 269_359_000, takenAt: now }
  const cases: { name: string; document: DocumentName; fix: Fix }[] = [
    { name: 'in the middle', document: 'venue', fix },
    { name: 'not sure', document: 'venue', fix: { ...fix, accuracyMillimetres: 100_000 } },
    {
      name: 'a street away',
      document: 'venue',
      fix: { ...fix, latitudeE7: fix.latitudeE7 - 200 * METRE_E7 },
    },
    { name: 'just old enough', document: 'venue', fix: { ...fix, takenAt: now - 60_000 } },
    { name: 'too old', document: 'venue', fix: { ...fix, takenAt: now - 60_001 } },
    { name: 'slightly ahead', document: 'venue', fix: { ...fix, takenAt: now + 5_000 } },
    { name: 'ahead', document: 'venue', fix: { ...fix, takenAt: now + 5_001 } },
    { name: 'coarse', document: 'venue', fix: { ...fix, accuracyMillimetres: 100_001 } },
    { name: 'no beacon', document: 'guarded', fix },
    {
      name: 'null island',
      document: 'venue',
      fix: { ...fix, longitudeE7: 0, latitudeE7: 0 },
    },
    {
      name: 'null island, where the fence is',
      document: 'atSea',
      fix: { ...fix, longitudeE7: 0, latitudeE7: 0 },
    },
    ...Array.from({ length: 12 }, (_, step) => ({
      name: `${step * 3} m north of the south edge`,
      document: 'venue' as const,
      fix: { ...fix, latitudeE7: 269_356_500 + step * 3 * METRE_E7 },
    })),
  ]
  return cases.map(({ name, document, fix: judged }) => {
    const evidence = { source: 'browser' as const, fixes: [judged] }
    return {
      name,
      document,
      evidence,
      now,
      decision: decide({ document: known[document], evidence, now }),
    }
  })
}

/** The documents of the vectors, in canonical form. */
export function documents(): Record<DocumentName, GeofenceDocument> {
  const salt = hex(id('coupon-secure vector salt'))
  const venue = checked({
    version: 1,
    readers: 'holders',
    salt,
    policy: defaultPolicy,
    sites: [
      {
        number: 1,
        name: 'Mess hall',
        rings: [square({ east: 759_235_600, north: 269_359_000, half: 2_500 })],
      },
      {
        number: 2,
        name: 'Lawn counter',
        rings: [square({ east: 759_249_000, north: 269_371_000, half: 1_500 })],
      },
      {
        number: 3,
        name: 'Lecture block',
        rings: [
          square({ east: 759_228_000, north: 269_378_400, half: 5_000 }),
          square({ east: 759_230_000, north: 269_380_000, half: 1_000 }),
          square({ east: 759_226_000, north: 269_377_000, half: 1_200 }),
        ],
      },
    ],
  })
  return {
    venue,
    guarded: checked({ ...venue, policy: { ...venue.policy, isBeaconRequired: true } }),
    atSea: checked({
      version: 1,
      readers: 'anybody',
      salt,
      policy: {
        maxAccuracyMetres: 10_000,
        maxFixAgeSeconds: 600,
        minConfidencePermille: 999,
        sources: ['hypertrack', 'browser'],
        isBeaconRequired: false,
      },
      sites: [
        {
          number: 1,
          name: 'Gulf of Guinea, नौका 🚢',
          rings: [
            square({ east: 0, north: 0, half: 4_000_000 }),
            square({ east: -2_500_000, north: 0, half: 500_000 }),
          ],
        },
      ],
    }),
  }
}

/** The seats of a shard that are worth a look. */
export function seatsToTry(size: number): number[] {
  return [...new Set([0, 1, size >> 1, size - 2, size - 1])].filter(
    (seat) => seat >= 0 && seat < size,
  )
}

function checked(document: unknown): GeofenceDocument {
  const result = checkGeofence(document)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.document
}

function square({ east, north, half }: { east: number; north: number; half: number }) {
  return [
    { longitudeE7: east + half, latitudeE7: north + half },
    { longitudeE7: east + half, latitudeE7: north - half },
    { longitudeE7: east - half, latitudeE7: north - half },
    { longitudeE7: east - half, latitudeE7: north + half },
  ]
}

/** A message with its big integers as the text that JSON can carry. */
function textual(message: Record<string, string | number | bigint>) {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  )
}
