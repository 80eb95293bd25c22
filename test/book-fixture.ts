// Books in well-known states, and the few steps that every contract suite takes.
import { id, type Signer, type TypedDataDomain, Wallet } from 'ethers'
import type { NetworkConnection } from 'hardhat/types/network'

import type { CouponBook } from '../types/ethers-contracts/CouponBook.js'
import type {} from '../types/ethers-contracts/hardhat.js'
import { packedProof, proofOf, rootOf, serialAt, type Shard } from './shard-reference.ts'
import { domainOf, permit, type Presence, sign, type Statement } from './typed-data.ts'

export { leafOf, levelsOf } from './shard-reference.ts' // for agreement-vectors.ts

export const LOCATION = 1
export const COUNTER = 2
export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const YEAR_2100 = 4_102_444_800

/** The chain of the suites: fixed in time, with the rules that mainnet has. */
export const chain = {
  override: { hardfork: 'osaka', initialDate: '2026-06-01T06:00:00Z' },
} as const

// Spares the estimate before each call, which would run at another time than the block.
export const gas = { gasLimit: 1_000_000 } as const

/** What one redemption takes, whoever sends it. */
export type Visit = {
  coupon: { campaignId: bigint; serial: bigint }
  proof: string[]
  holder: string
  site: number
  statements: Statement[]
}

/** A book of the organiser's with two kinds of witnesses, a manager and a guardian, and no campaign. */
export async function emptyBook({ ethers, networkHelpers }: NetworkConnection) {
  const [organiser, manager, guardian, stranger, alice, bob, carol, dave] =
    await ethers.getSigners()
  const implementation = await ethers.deployContract('CouponBook')
  const factory = await ethers.deployContract('CouponBookFactory', [implementation])

  const now = await networkHelpers.time.latest()
  const oracle = new Wallet(id('the location oracle'))
  const desk = new Wallet(id('a counter for all sites'))
  const deskAtTwo = new Wallet(id('a counter for site 2'))
  const witnesses = [
    { key: oracle.address, classes: LOCATION, site: 0, validFrom: 0, validUntil: now + 90 * DAY },
    { key: desk.address, classes: COUNTER, site: 0, validFrom: 0, validUntil: now + 90 * DAY },
    { key: deskAtTwo.address, classes: COUNTER, site: 2, validFrom: 0, validUntil: now + 90 * DAY },
  ]
  const salt = id('salt')
  await factory.connect(organiser).createBook('LNMhacks', witnesses, salt)
  const address = await factory.predictBook(organiser!.address, 'LNMhacks', witnesses, salt)
  const book = await ethers.getContractAt('CouponBook', address, organiser)
  await book.grantRole(await book.MANAGER_ROLE(), manager!)
  await book.grantRole(await book.GUARDIAN_ROLE(), guardian!)

  const opensAt = now + DAY
  const closesAt = opensAt + 2 * HOUR
  const terms = {
    opensAt,
    closesAt,
    heldUntil: 0,
    grace: DAY,
    supply: 1_000,
    sites: 3,
    requiredWitnesses: LOCATION,
    geofenceHash: id('the mess hall'),
  }
  const people = {
    organiser: organiser!,
    manager: manager!,
    guardian: guardian!,
    stranger: stranger!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    dave: dave!,
  }
  const domain = domainOf({ book: address })
  const keys = { oracle, desk, deskAtTwo }
  return {
    ...people,
    ...keys,
    implementation,
    factory,
    book,
    address,
    domain,
    now,
    terms,
    opensAt,
    closesAt,
  }
}

/** Campaign 1 is planned and issued to alice, bob, carol, alice again, and dave; it opens in a day. */
export async function plannedCampaign(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  const { book, alice, bob, carol, dave, terms } = world
  await book.createCampaign('Lunch, Saturday', terms, '')
  const holders = [alice, bob, carol, alice, dave].map((person) => person.address)
  await book.issue(1, holders)
  const shard: Shard = { index: 0n, holders }
  return {
    ...world,
    campaignId: 1n,
    shard,
    root: rootOf(shard),
    observedAt: terms.opensAt + 10 * MINUTE,
  }
}

/** The same, ten minutes after it opened. */
export async function openCampaign(connection: NetworkConnection) {
  const world = await plannedCampaign(connection)
  await connection.networkHelpers.time.increaseTo(world.observedAt)
  return world
}

export type World = Awaited<ReturnType<typeof plannedCampaign>>

/** What the holder of the seat brings along: by default a good statement by the oracle for site 1. */
export async function visit(
  world: World,
  options: {
    seat?: number
    shard?: Shard
    site?: number
    by?: Signer[]
    domain?: TypedDataDomain
    presence?: Partial<Presence>
  } = {},
): Promise<Visit> {
  const {
    seat = 0,
    shard = world.shard,
    site = 1,
    by = [world.oracle],
    domain = world.domain,
  } = options
  const coupon = { campaignId: world.campaignId, serial: serialAt({ shard, seat }) }
  const holder = shard.holders[seat]!
  const observedAt = options.presence?.observedAt ?? world.observedAt
  const presence = {
    ...coupon,
    holder,
    site,
    geofenceHash: world.terms.geofenceHash,
    observedAt,
    validUntil: observedAt + 5 * MINUTE,
    evidenceHash: id('evidence'),
    ...options.presence,
  }
  const statements = await Promise.all(by.map((witness) => sign({ witness, domain, presence })))
  return { coupon, proof: proofOf({ shard, seat }), holder, site, statements }
}

export function redeem({ book, as, visit }: { book: CouponBook; as: Signer; visit: Visit }) {
  const { coupon, proof, site, statements } = visit
  return book
    .connect(as)
    .redeem(coupon.campaignId, coupon.serial, statements, site, packedProof(proof), gas)
}

/** Sends the holder's signed permission; `signer` signs it, `signature` replaces what it would sign. */
export async function redeemFor(
  world: World,
  options: {
    visit: Visit
    as: Signer
    signer?: Signer
    deadline?: number
    bytes?: 64 | 65
    signature?: string
    domain?: TypedDataDomain
  },
) {
  const { coupon, proof, holder, site, statements } = options.visit
  const { as, signer, deadline = world.closesAt, bytes, domain = world.domain } = options
  const signature =
    options.signature ??
    (await permit({ holder: signer ?? as, domain, redeem: { ...coupon, site, deadline }, bytes }))
  const { campaignId, serial } = coupon
  return world.book
    .connect(as)
    .redeemFor(
      campaignId,
      serial,
      statements,
      site,
      packedProof(proof),
      holder,
      deadline,
      signature,
      gas,
    )
}
