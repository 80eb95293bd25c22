import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { proofsOf, SEATS_PER_SHARD, serialAt, shardsOfIssue } from '@coupon-secure/protocol/coupon'
import { hashGeofence, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { CLASSES, domainOf, sessionTypes } from '@coupon-secure/protocol/presence'
import { Contract, id } from 'ethers'
import { bytesToHex, getAddress, keccak256, stringToHex, type Address, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { demoGeofence } from '../scripts/demo-files.ts'
import { localDeployment } from '../scripts/deploy.ts'
import { localProvider, localSender } from '../scripts/local-chain.ts'

const FEWEST_SHARDS = 40
const SHARDS_AT_ONCE = 20 // a transaction is capped at 16.7 M gas
// The oracle takes 30 claims an hour for one coupon, and 120 of one holder.
const CLAIMS_OF_A_COUPON = 20
const COUPONS_OF_A_HOLDER = 5
const HOUR = 3_600
const LAST_VALID = 4_102_444_799
export const CHAIN_ID = 31_337

/** Somebody who claims: a coupon and the session key that their wallet authorised in the browser. */
export type Claimant = {
  book: Address
  campaignId: bigint
  serial: bigint
  holder: Address
  proof: Hex[]
  session: Session
}

/** A session as a browser keeps it. */
export type Session = {
  key: KeyObject
  publicKey: Hex
  expiresAt: number
  holderSignature: Hex
}

/** Where everything plays. */
export type Stage = { book: Address; document: GeofenceDocument; claimants: Claimant[] }

/**
 * A book with one open campaign of at least 10,200 coupons, five to a holder, all of whom have signed in: so many that they may claim
 * as often as asked within an hour.
 */
export async function raiseStage({
  rpcUrl,
  witnesses,
  claims,
}: {
  rpcUrl: string
  /** The keys that vouch for presence in it. */
  witnesses: readonly Address[]
  /** How many claims there may be in all. */
  claims: number
}): Promise<Stage> {
  const needed = Math.ceil(claims / CLAIMS_OF_A_COUPON / SEATS_PER_SHARD)
  const coupons = Math.max(FEWEST_SHARDS, needed) * SEATS_PER_SHARD
  const provider = localProvider(rpcUrl)
  try {
    const organiser = localSender({ number: 0, provider })
    const factory = new Contract(localDeployment().factory, couponBookFactoryAbi, organiser)
    const entries = witnesses.map((key) => {
      return { key, classes: CLASSES.location, site: 0, validFrom: 0, validUntil: LAST_VALID }
    })
    const creation = ['Bench', entries, id('bench')] as const
    const place: unknown = await factory
      .getFunction('predictBook')
      .staticCall(await organiser.getAddress(), ...creation)
    const book = getAddress(String(place))
    await send(factory, 'createBook', creation)

    const document = demoGeofence({ name: 'Bench', readers: 'holders' })
    const contract = new Contract(book, couponBookAbi, organiser)
    const now = Math.floor(Date.now() / 1000)
    const terms = {
      opensAt: now - HOUR,
      closesAt: now + 24 * HOUR,
      heldUntil: 0,
      grace: HOUR,
      supply: coupons,
      sites: document.sites.length,
      requiredWitnesses: CLASSES.location,
      geofenceHash: hashGeofence(document),
    }
    await send(contract, 'createCampaign', ['Bench', terms, ''])
    const campaignId = 1n // a new book's first

    const accounts = Array.from({ length: Math.ceil(coupons / COUPONS_OF_A_HOLDER) }, (_, index) =>
      privateKeyToAccount(keccak256(stringToHex(`bench holder ${index}`))),
    )
    const holders = Array.from({ length: coupons }, (_, index) => {
      const account = accounts[index % accounts.length]
      if (!account) throw new Error('no such holder')
      return account.address
    })
    const atOnce = SHARDS_AT_ONCE * SEATS_PER_SHARD
    for (let from = 0; from < coupons; from += atOnce) {
      await send(contract, 'issue', [campaignId, holders.slice(from, from + atOnce)])
    }

    const shards = shardsOfIssue({ campaignId, firstShard: 0n, holders })
    const sessions = new Map<Address, Session>()
    for (const account of accounts) {
      sessions.set(account.address, await signIn({ account, book }))
    }
    const claimants = shards.flatMap((shard) => {
      const proofs = proofsOf(shard)
      return shard.holders.map((holder, seat): Claimant => {
        const [session, proof] = [sessions.get(holder), proofs[seat]]
        if (!session || !proof) throw new Error('a holder without a session or a proof')
        const serial = serialAt({ shard: shard.index, seat })
        return { book, campaignId, serial, holder, proof, session }
      })
    })
    return { book, document, claimants }
  } finally {
    provider.destroy()
  }
}

async function signIn({
  account,
  book,
}: {
  account: ReturnType<typeof privateKeyToAccount>
  book: Address
}): Promise<Session> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // The 65 bytes of the point are what its DER ends with.
  const der = pair.publicKey.export({ format: 'der', type: 'spki' })
  const publicKey = bytesToHex(der.subarray(-65))
  const expiresAt = Math.floor(Date.now() / 1000) + HOUR
  const holderSignature = await account.signTypedData({
    domain: domainOf({ chainId: CHAIN_ID, book }),
    types: sessionTypes,
    primaryType: 'Session',
    message: { holder: account.address, publicKey, expiresAt: BigInt(expiresAt) },
  })
  return { key: pair.privateKey, publicKey, expiresAt, holderSignature }
}

async function send(contract: Contract, call: string, args: readonly unknown[]): Promise<void> {
  const sent: unknown = await contract.getFunction(call).send(...args)
  const { wait } = sent as { wait: () => Promise<{ status: number } | null> }
  const receipt = await wait.call(sent)
  if (receipt?.status !== 1) throw new Error(`${call} was refused by the contract.`)
}
