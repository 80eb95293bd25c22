import { hashSubmission, RULESET } from '@coupon-secure/protocol/evidence'
import { defaultPolicy, hashGeofence } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import { claimTypes, domainOf, hashClaim, sessionTypes } from '@coupon-secure/protocol/presence'
import { challengeAnswerSchema } from '@coupon-secure/protocol/wire'
import { type Position, submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { bytesToHex, getAddress, hexToBytes, keccak256, toHex, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createApp, type Dependencies } from './app.ts'
import type { ChainReader, CouponRead, Leftovers, Terms, WitnessEntry } from './chain.ts'
import { ChainUnavailableError } from '@coupon-secure/service/errors'
import { requireDescribed } from './rehearsal-described.ts'
import { sharedStore } from './rehearsal-store.ts'
import type { Store } from './store.ts'

// A gathering with one book, one campaign and one fence, for the tests beside this file; nothing of the service uses it.

/** When the tests play, unix milliseconds. */
export const NOW = 1_800_000_000_123
export const SECONDS = Math.floor(NOW / 1000)
export const CHAIN_ID = 31337
export const WEB = 'https://coupons.example'
export const factory = getAddress(`0x${'fa'.repeat(20)}`)
export const book = getAddress(`0x${'b0'.repeat(20)}`)
export const otherBook = getAddress(`0x${'b1'.repeat(20)}`)
export const oracleKey = keccak256(toHex('the oracle of the tests'))
export const signer = privateKeyToAccount(oracleKey)
export const holder = privateKeyToAccount(keccak256(toHex('a holder of the tests')))
export const stranger = privateKeyToAccount(keccak256(toHex('a stranger of the tests')))

/** A square of some 220 m in Jaipur, read by holders only. */
export const messHall = documentOf({ name: 'Mess hall', readers: 'holders' })
export const openCourt = documentOf({ name: 'Open court', readers: 'anybody' })
export const geofenceHash = hashGeofence(messHall)

/** In the middle of the fence; its decimals turn up nowhere else, so that a log can be searched for them. */
export const insidePosition: Position = {
  longitude: 75.9241357,
  latitude: 26.9362468,
  accuracyMetres: 10.75,
  takenAt: NOW - 1_000,
}
export const outsidePosition = { ...insidePosition, latitude: 26.9392468 }

type Says = Omit<CouponRead, 'terms'> & {
  /** The witnesses of the book, by their lower-case addresses. */
  witnesses: Record<string, WitnessEntry>
  terms: Terms | undefined
  leftovers: Leftovers
  isAway: boolean
  approved: Hex | undefined
}

/** The campaign's terms as the tests find them: open, with the mess hall for a place. */
export const openTerms: Terms = {
  opensAt: BigInt(SECONDS - 600),
  closesAt: BigInt(SECONDS + 600),
  heldUntil: 0n,
  requiredWitnesses: 1,
  geofenceHash,
}

const leftovers: Leftovers = { leftForAll: 0n, shardsCounted: 0n }
const sound = { isAway: false, approved: undefined, isPaused: false, leftovers, witnesses: {} }
const nobody: WitnessEntry = { classes: 0, site: 0, validFrom: 0n, validUntil: 0n }
const usual: Says = { ...sound, terms: openTerms, status: 'unused' }

/**
 * An app over its own chain and a store that all tests share, with everything that a test may turn. All tests have one holder, whose
 * claims are neither counted nor remembered from one test to the next, but where it `remembers`.
 */
export async function rehearse({
  remembers = false,
  ...overrides
}: Partial<Dependencies> & { remembers?: boolean } = {}) {
  const says: Says = { ...usual }
  const clock = { now: NOW }
  const store = overrides.store ?? (await sharedStore())
  const forgetful: Partial<Store> = {
    sighting: () => Promise.resolve(undefined),
    admitClaim: async (claim) => {
      const admission = await store.admitClaim(claim)
      return admission.outcome === 'consumed' ? { ...admission, earlier: undefined } : admission
    },
    appendToLog: (lot) => store.appendToLog(lot.map(({ entry }) => ({ entry }))),
  }
  const served = createApp({
    now: () => clock.now,
    signer,
    chain: chainSaying(says),
    chainId: CHAIN_ID,
    factory,
    corsOrigins: [WEB],
    ...(remembers ? {} : { mostClaimsPerHolderAndHour: 1_000_000 }),
    ...overrides,
    store: remembers ? store : { ...store, ...forgetful },
  })

  const app = {
    request: async (input: string, init?: RequestInit, env = { sender: '127.0.0.1' }) => {
      const response = await served.request(input, init, env)
      await requireDescribed({ method: init?.method ?? 'GET', url: input, response })
      return response
    },
  }

  const fetch = (request: Request) => served.fetch(request, { sender: '127.0.0.1' })

  const post = async ({ path, body }: { path: string; body: unknown }) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const present = (body: unknown) => post({ path: '/v1/presence', body })

  const challengeFor = async (coupon: ReturnType<typeof freshCoupon>): Promise<Hex> => {
    const response = await post({ path: '/v1/challenges', body: coupon })
    return challengeAnswerSchema.parse(await response.json()).challenge
  }

  /** A presence request with everything right; a test then turns one thing. */
  const readyClaim = async ({ position = insidePosition, shard = 0n } = {}) => {
    const coupon = freshCoupon({ shard })
    const challenge = await challengeFor(coupon)
    const { positions } = browserAt(position)
    const claim = claimOf({ coupon, challenge, positions })
    const authorisation = await signedByHolder({ claim })
    return { ...coupon, proof: [], challenge, ...browserAt(position), authorisation }
  }

  /** Everything as it was before the test turned it. */
  const reset = () => {
    clock.now = NOW
    Object.assign(says, usual)
  }
  const { routes } = served
  return { app, routes, fetch, says, clock, post, present, challengeFor, readyClaim, reset }
}

let serials = 0n

/** A coupon that no other test has touched, as a challenge request; in no shard before `shard`. */
export function freshCoupon({ shard = 0n } = {}) {
  serials += 1n
  return {
    chainId: CHAIN_ID,
    book,
    campaignId: '1',
    serial: ((shard << 8n) + serials).toString(),
    holder: holder.address,
  }
}

/** What a browser submits that has one fix. */
export function browserAt(position: Position) {
  return { source: 'browser' as const, positions: [position] }
}

/** The coupon and its challenge's answer as the claim that is signed. */
export function claimOf({
  coupon,
  challenge,
  positions,
}: {
  coupon: ReturnType<typeof freshCoupon>
  challenge: Hex
  positions?: Position[]
}) {
  const evidenceHash = positions
    ? hashSubmission({
        submission: submissionFrom({ source: 'browser', positions }),
        challenge,
        ruleset: RULESET,
      })
    : geofenceHash
  const { campaignId, serial, holder } = coupon
  return {
    campaignId: BigInt(campaignId),
    serial: BigInt(serial),
    holder,
    challenge,
    evidenceHash,
  }
}

/** The holder's own authorisation of a claim. */
export async function signedByHolder({
  claim,
  by = holder,
  domain = domainOf({ chainId: CHAIN_ID, book }),
}: {
  claim: ReturnType<typeof claimOf>
  by?: typeof holder
  domain?: ReturnType<typeof domainOf>
}) {
  const signature = await by.signTypedData({
    domain,
    types: claimTypes,
    primaryType: 'Claim',
    message: claim,
  })
  return { kind: 'holder' as const, signature }
}

/** A session key such as a browser makes, and what it signs. */
export async function openSession({
  expiresAt = SECONDS + 3_600,
  by = holder,
}: { expiresAt?: number; by?: typeof holder } = {}) {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  const publicKey = bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
  const holderSignature = await by.signTypedData({
    domain: domainOf({ chainId: CHAIN_ID, book }),
    types: sessionTypes,
    primaryType: 'Session',
    message: { holder: holder.address, publicKey, expiresAt: BigInt(expiresAt) },
  })
  const sign = async (claim: ReturnType<typeof claimOf>) => {
    const digest = new Uint8Array(hexToBytes(hashClaim({ chainId: CHAIN_ID, book, claim })))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, digest)
    return {
      kind: 'session' as const,
      publicKey,
      expiresAt,
      holderSignature,
      signature: bytesToHex(new Uint8Array(signature)),
    }
  }
  return { publicKey, holderSignature, sign }
}

function documentOf({ name, readers }: { name: string; readers: 'anybody' | 'holders' }) {
  const [west, south, east, north] = [759_230_000, 269_350_000, 759_252_000, 269_370_000]
  const checked = checkGeofence({
    version: 1,
    readers,
    salt: keccak256(toHex(name)),
    policy: defaultPolicy,
    sites: [
      {
        number: 1,
        name,
        rings: [
          [
            { longitudeE7: west, latitudeE7: south },
            { longitudeE7: east, latitudeE7: south },
            { longitudeE7: east, latitudeE7: north },
            { longitudeE7: west, latitudeE7: north },
          ],
        ],
      },
    ],
  })
  if (!checked.ok) throw new Error('the rehearsal’s own fence is wrong')
  return checked.document
}

/** A chain that says what a test wants it to say. */
function chainSaying(says: Says): ChainReader {
  const reached = <answer>(answer: () => answer): Promise<answer> =>
    says.isAway
      ? Promise.reject(new ChainUnavailableError({ reason: 'the test says so' }))
      : Promise.resolve(answer())
  return {
    requireSound: () => reached(() => undefined),
    check: () => reached(() => undefined),
    isBook: (asked) => reached(() => asked === book),
    read: () => reached(() => says.terms && { ...says, terms: says.terms }),
    readLeftovers: () => reached(() => says.leftovers),
    witness: ({ key }) => reached(() => says.witnesses[key.toLowerCase()] ?? nobody),
    approves: ({ digest }) => reached(() => digest === says.approved),
  }
}
