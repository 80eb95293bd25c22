// One set of messages and two voices, viem (through protocol/) and ethers, that hash, prove and sign them.
import { createHash } from 'node:crypto'
import { getAddress, getBytes, id, TypedDataEncoder, Wallet } from 'ethers'
import { idOf, leafOf, proofOf, rootOf, serialAt } from '@coupon-secure/protocol/coupon'
import { RULESET } from '@coupon-secure/protocol/decide'
import {
  geofenceTypes,
  hashGeofence,
  type GeofenceDocument,
} from '@coupon-secure/protocol/geofence'
import {
  claimTypes,
  domainOf,
  hashClaim,
  hashEvidence,
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
  evidence(facts: typeof evidence): string
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
export const evidence = {
  source: 'browser',
  longitudeE7: -1_223_967_490,
  latitudeE7: 377_914_500,
  accuracyMillimetres: 20_500,
  takenAt: OPENS_AT * 1000,
} as const

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
  evidence: (facts) =>
    TypedDataEncoder.hashStruct(
      'Evidence',
      {
        Evidence: [
          { name: 'ruleset', type: 'string' },
          { name: 'source', type: 'string' },
          { name: 'longitudeE7', type: 'int32' },
          { name: 'latitudeE7', type: 'int32' },
          { name: 'accuracyMillimetres', type: 'uint32' },
          { name: 'takenAt', type: 'uint64' },
          { name: 'challenge', type: 'bytes32' },
        ],
      },
      { ...facts, challenge: claim.challenge, ruleset: RULESET },
    ),
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
