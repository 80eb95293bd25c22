import { SEATS_PER_SHARD } from '@coupon-secure/protocol/coupon'
import { CLASSES, domainOf, presenceTypes, toStatement } from '@coupon-secure/protocol/presence'
import type { NetworkConnection } from 'hardhat/types/network'
import { type Address, getAddress, type Hex, isHex, keccak256, slice, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import type {} from '../types/ethers-contracts/hardhat.js'

/** How many coupons are issued, to so many holders. */
export const COUPONS = 10_200

/** What one issuing transaction takes: twenty shards; a transaction is capped at 16.7 M gas. */
export const ISSUED_AT_ONCE = 20 * SEATS_PER_SHARD

/** The shard of the holder who redeems, of forty, and that holder's seats in it. */
export const MIDDLE = 20
export const SEATS = { early: 7, later: 200, last: 254 }

export const HOUR = 3_600

const CHAIN_ID = 31337

/** A transaction that was sent. */
export type Sent = Promise<{ hash: string; wait(): Promise<{ gasUsed: bigint } | null> }>

/** A book on Hardhat's own chain, its people, and the time of its first campaign. */
export type Stage = Awaited<ReturnType<typeof raiseStage>>

/** Makes the book through the factory, as an organiser does. */
export async function raiseStage({ ethers, networkHelpers: { time } }: NetworkConnection) {
  const organiser = await ethers.provider.getSigner(0)
  const holder = await ethers.provider.getSigner(1)
  const counter = await ethers.provider.getSigner(2)
  const oracle = privateKeyToAccount(hash('the location oracle'))
  const now = await time.latest()
  const opensAt = now + HOUR
  const geofenceHash = hash('the mess hall')
  const terms = {
    opensAt,
    closesAt: opensAt + 2 * HOUR,
    heldUntil: 0,
    grace: 24 * HOUR,
    supply: 2 * COUPONS,
    sites: 3,
    requiredWitnesses: CLASSES.location,
    geofenceHash,
  }
  const factory = await ethers.deployContract('CouponBookFactory', [
    await ethers.deployContract('CouponBook'),
  ])
  const validUntil = now + 90 * 24 * HOUR
  const witness = { key: oracle.address, classes: 1, site: 0, validFrom: 0, validUntil }
  const place = await factory.predictBook(organiser, 'LNMhacks', [witness], hash('salt'))
  const newBook = await gasOf(factory.createBook('LNMhacks', [witness], hash('salt')))
  const book = await ethers.getContractAt('CouponBook', place, organiser)
  const domain = domainOf({ chainId: CHAIN_ID, book: getAddress(place) })
  const me = getAddress(holder.address)

  /** The oracle's statement that I was seen now, for a coupon. */
  const statementFor = async (coupon: { campaignId: bigint; serial: bigint }) => {
    const observedAt = BigInt(await time.latest())
    const evidenceHash = hash(`evidence of ${coupon.serial.toString()}`)
    const seen = { site: 1, geofenceHash, observedAt, validUntil: observedAt + 300n, evidenceHash }
    const presence = { ...coupon, ...seen, holder: me }
    const signature = await oracle.signTypedData({
      domain,
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    return toStatement({ presence, signature })
  }
  /** A transaction that was sent, signed, in the bytes that a rollup publishes. */
  const serialised = async (hash: string): Promise<Hex> => {
    const response = await ethers.provider.getTransaction(hash)
    const bytes = response === null ? '' : ethers.Transaction.from(response).serialized
    if (!isHex(bytes)) throw new Error(`The chain has lost transaction ${hash}.`)
    return bytes
  }
  const people = { organiser, holder, counter, oracle, me }
  return { ethers, time, people, terms, witness, book, domain, newBook, statementFor, serialised }
}

/** 10,200 addresses that look random and are always the same, but for those that are given. */
export function randomHolders(known: ReadonlyMap<number, Address>): Address[] {
  return Array.from(
    { length: COUPONS },
    (_, i) => known.get(i) ?? getAddress(slice(hash(`holder ${i}`), 12)),
  )
}

/** What a transaction cost, by its receipt. */
export async function gasOf(sent: Sent): Promise<number> {
  return Number((await (await sent).wait())?.gasUsed)
}

/** A well-known 32 bytes. */
export function hash(text: string): Hex {
  return keccak256(toHex(text))
}
