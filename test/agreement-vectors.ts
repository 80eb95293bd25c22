// What protocol/vectors holds: the shared inputs, and what a voice makes of them.
import { id, Signature } from 'ethers'
import { serialAt, urnOf } from '@coupon-secure/protocol/coupon'
import { RULESET } from '@coupon-secure/protocol/evidence'
import { defaultPolicy, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import {
  BOOK,
  CHAIN_ID,
  claim,
  evidences,
  hex,
  holderAt,
  presence,
  redeem,
  session,
  submissions,
  WITNESS,
  WITNESS_KEY,
  type Voice,
} from './agreement-voices.ts'

export type DocumentName = 'venue' | 'guarded' | 'managed' | 'atSea'

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
    managed: checked({ ...venue, policy: { ...venue.policy, sources: ['hypertrack'] } }),
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
