// One set of messages and two voices, viem (through protocol/) and ethers, that hash, prove and sign them.
import { createHash } from 'node:crypto'
import { getAddress, getBytes, id, TypedDataEncoder, Wallet } from 'ethers'
import { idOf, leafOf, proofOf, rootOf, serialAt } from '@coupon-secure/protocol/coupon'
import {
  type Evidence,
  evidenceTypes,
  type Fix,
  hashEvidence,
  hashSubmission,
  RULESET,
  type Submission,
  submissionTypes,
} from '@coupon-secure/protocol/evidence'
import {
  geofenceTypes,
  hashGeofence,
  type GeofenceDocument,
} from '@coupon-secure/protocol/geofence'
import {
  claimTypes,
  domainOf,
  hashClaim,
  hashPresence,
  hashRedeem,
  hashSession,
  presenceTypes,
  redeemTypes,
  sessionTypes,
} from '@coupon-secure/protocol/presence'
import { isHex, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  leafOf as leafByEthers,
  proofOf as proofByEthers,
  rootOf as rootByEthers,
} from './shard-reference.ts'

export const CHAIN_ID = 31337
export const OPENS_AT = 2_000_000_000
export const CLOSES_AT = OPENS_AT + 7200
export const WITNESS_KEY = hex(id('coupon-secure vector witness'))
export const WITNESS = hex(new Wallet(WITNESS_KEY).address)

export const BOOK = hex(getAddress(`0x${id('coupon-secure vector book').slice(-40)}`))

export type Voice = {
  leaf(coupon: { serial: bigint; holder: Hex }): string
  tree(shard: { index: bigint; holders: Hex[] }): { root: string; proof(seat: number): string[] }
  id(coupon: { chainId: number; book: Hex; campaignId: bigint; serial: bigint }): string
  presence(message: typeof presence): string
  redeem(message: typeof redeem): string
  session(message: typeof session): string
  claim(message: typeof claim): string
  submission(facts: Submission): string
  evidence(facts: Evidence): string
  geofence(document: GeofenceDocument): string
  sign(message: typeof presence): Promise<string>
}

export const presence = {
  campaignId: 7n,
  serial: serialAt({ shard: 2n, seat: 17 }),
  holder: holderAt(0),
  site: 3,
  geofenceHash: hex(id('coupon-secure vector geofence')),
  observedAt: BigInt(OPENS_AT + 60),
  validUntil: BigInt(OPENS_AT + 360),
  evidenceHash: hex(id('coupon-secure vector evidence')),
}
export const redeem = {
  campaignId: 7n,
  serial: presence.serial,
  site: 3,
  deadline: BigInt(CLOSES_AT),
}
export const session = {
  holder: holderAt(0),
  publicKey: hex(`0x04${id('x').slice(2)}${id('y').slice(2)}`),
  expiresAt: BigInt(OPENS_AT + 604_800),
}
export const claim = {
  campaignId: 7n,
  serial: presence.serial,
  holder: holderAt(0),
  challenge: hex(id('coupon-secure vector challenge')),
  evidenceHash: presence.evidenceHash,
}
export const fix = {
  longitudeE7: -1_223_967_490,
  latitudeE7: 377_914_500,
  accuracyMillimetres: 20_500,
  takenAt: OPENS_AT * 1000,
}
const fullFix = {
  ...fix,
  altitudeMillimetres: -12_345,
  altitudeAccuracyMillimetres: 3_000,
  headingCentidegrees: 0,
  speedMillimetresPerSecond: 1_250,
}
const beacon = { site: 3, shownAt: OPENS_AT, signature: hex(`0x${'c5'.repeat(64)}`) }

/** What holders submit, from the least to all there is. */
export const submissions: Record<string, Submission> = {
  nothing: { source: 'hypertrack', fixes: [] },
  'one fix': { source: 'browser', fixes: [fix] },
  'two fixes and a beacon': { source: 'browser', fixes: [fix, fullFix], beacon },
}

/** What oracles decide by, from the least to all there is. */
export const evidences: Record<string, Evidence> = {
  nothing: { source: 'hypertrack', fixes: [], condition: 'WORKER_NOT_BOUND' },
  'one fix': { source: 'browser', fixes: [fix] },
  everything: {
    source: 'browser',
    fixes: [fix, fullFix],
    condition: 'ACTIVE',
    earlier: { longitudeCell: -1224, latitudeCell: 377, takenAt: OPENS_AT * 1000 - 60_000 },
    beacon: { ...beacon, isFromCounter: true },
  },
}

export const viemVoice: Voice = {
  leaf: leafOf,
  tree: ({ index, holders }) => {
    const shard = { campaignId: 0n, index, holders }
    return { root: rootOf(shard), proof: (seat) => proofOf({ shard, seat }) }
  },
  id: idOf,
  presence: (message) => hashPresence({ chainId: CHAIN_ID, book: BOOK, presence: message }),
  redeem: (message) => hashRedeem({ chainId: CHAIN_ID, book: BOOK, redeem: message }),
  session: (message) => hashSession({ chainId: CHAIN_ID, book: BOOK, session: message }),
  claim: (message) => hashClaim({ chainId: CHAIN_ID, book: BOOK, claim: message }),
  submission: (submission) =>
    hashSubmission({ submission, challenge: claim.challenge, ruleset: RULESET }),
  evidence: (facts) =>
    hashEvidence({ evidence: facts, challenge: claim.challenge, ruleset: RULESET }),
  geofence: hashGeofence,
  sign: (message) =>
    privateKeyToAccount(WITNESS_KEY).signTypedData({
      domain: domainOf({ chainId: CHAIN_ID, book: BOOK }),
      types: presenceTypes,
      primaryType: 'Presence',
      message,
    }),
}

const ethersDomain = {
  name: 'Coupon Secure',
  version: '1',
  chainId: CHAIN_ID,
  verifyingContract: BOOK,
}

export const ethersVoice: Voice = {
  leaf: leafByEthers,
  tree: (shard) => ({
    root: rootByEthers(shard),
    proof: (seat) => proofByEthers({ shard, seat }),
  }),
  id: ({ chainId, book, campaignId, serial }) => {
    const namespace = getBytes('0x6ba7b8119dad11d180b400c04fd430c8') // RFC 9562's URL namespace
    const name = `urn:coupon:${chainId}:${book.toLowerCase()}:${campaignId}:${serial}`
    const digits = createHash('sha1').update(namespace).update(name).digest('hex').slice(0, 32)
    const variant = ((parseInt(digits[16]!, 16) & 0x3) | 0x8).toString(16)
    const uuid = `${digits.slice(0, 12)}5${digits.slice(13, 16)}${variant}${digits.slice(17)}`
    return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  },
  presence: (message) => TypedDataEncoder.hash(ethersDomain, plain(presenceTypes), message),
  redeem: (message) => TypedDataEncoder.hash(ethersDomain, plain(redeemTypes), message),
  session: (message) => TypedDataEncoder.hash(ethersDomain, plain(sessionTypes), message),
  claim: (message) => TypedDataEncoder.hash(ethersDomain, plain(claimTypes), message),
  submission: ({ source, fixes, beacon: scanned }) =>
    TypedDataEncoder.hashStruct('Submission', plain(submissionTypes), {
      ruleset: RULESET,
      challenge: claim.challenge,
      source,
      fixes: fixes.map(listed),
      beacon: [scanned ?? []].flat(),
    }),
  evidence: ({ source, fixes, condition, earlier, beacon: checked }) =>
    TypedDataEncoder.hashStruct('Evidence', plain(evidenceTypes), {
      ruleset: RULESET,
      challenge: claim.challenge,
      source,
      fixes: fixes.map(listed),
      condition: [condition ?? []].flat(),
      earlier: [earlier ?? []].flat(),
      beacon: [checked ?? []].flat(),
    }),
  geofence: (document) =>
    TypedDataEncoder.hashStruct('Geofence', plain(geofenceTypes), {
      ...document,
      sites: document.sites.map((site) => ({
        ...site,
        rings: site.rings.map((vertices) => ({ vertices })),
      })),
    }),
  sign: (message) =>
    new Wallet(WITNESS_KEY).signTypedData(ethersDomain, plain(presenceTypes), message),
}

// What may be absent, as the list of none or one that ethers is to hash.
function listed({ longitudeE7, latitudeE7, accuracyMillimetres, takenAt, ...added }: Fix) {
  return {
    longitudeE7,
    latitudeE7,
    accuracyMillimetres,
    takenAt,
    altitudeMillimetres: [added.altitudeMillimetres ?? []].flat(),
    altitudeAccuracyMillimetres: [added.altitudeAccuracyMillimetres ?? []].flat(),
    headingCentidegrees: [added.headingCentidegrees ?? []].flat(),
    speedMillimetresPerSecond: [added.speedMillimetresPerSecond ?? []].flat(),
  }
}

/** The address of holder `index` of the vectors. */
export function holderAt(index: number): Hex {
  return hex(getAddress(`0x${id(`coupon-secure vector holder ${index}`).slice(-40)}`))
}

/** Narrows what ethers calls a string; not hexadecimal is a broken test. */
export function hex(text: string): Hex {
  if (!isHex(text)) throw new Error(`Not hexadecimal: ${text}`)
  return text
}

/** Our types without `readonly`, as ethers wants them. */
export function plain(types: Record<string, readonly { name: string; type: string }[]>) {
  return Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]))
}
