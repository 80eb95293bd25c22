// How a coupon is used: the campaign is open, presence is witnessed, the coupon is the holder's and unused.
import type { Address, Call, Item, Permit, Proof } from './calls.ts'
import { isForAll, leftForAll, shardAt, type Campaign, type Shard } from './coupons.ts'
import { type Fault, type Happening, refuse } from './outcome.ts'
import { NOBODY } from './roles.ts'
import { endsAt, isLate } from './terms.ts'
import { climb, leafOf, modelNodesOf, treeOf } from './trees.ts'
import { presenceFault, type Claim, type Witnesses } from './witnesses.ts'

const LONGEST_BATCH = 117_000
const FIXED_BYTES = 74
const NODE_BYTES = 20
const DEEPEST_PROOF = 8

/** What the book knows, who sends, and when. */
export type Scene = {
  campaigns: ReadonlyMap<bigint, Campaign>
  witnesses: Witnesses
  /** Who signs for a holder that is a contract. */
  owners: ReadonlyMap<Address, Address>
  sender: Address
  now: bigint
}

type Of<Name extends Call['to']> = Extract<Call, { to: Name }>
type One = Of<'redeem' | 'redeemFor'>

/** Uses the sender's coupon. */
export function redeem({ scene, call }: { scene: Scene; call: Of<'redeem'> }): Happening[] {
  return useOrRefuse({ scene, call, holder: scene.sender })
}

/** Uses a holder's coupon with the holder's permission. */
export function redeemFor({ scene, call }: { scene: Scene; call: Of<'redeemFor'> }): Happening[] {
  const { now } = scene
  const { deadline, holder } = call
  if (now > deadline) refuse({ error: 'RedeemExpired', args: [deadline, now] })
  const owner = scene.owners.get(holder)
  const signer = signerOf({ permit: call.permit, claim: call, deadline })
  // Both ways of writing a signature count, but a contract takes what it takes: ours, 65 bytes.
  const isPermitted = owner === undefined ? signer === holder : signer === owner
  const isTaken = owner === undefined || !call.permit.isCompact
  if (!isPermitted || !isTaken) refuse({ error: 'HolderSignatureInvalid', args: [holder] })
  return useOrRefuse({ scene, call, holder })
}

/** Why this coupon cannot be used so, by its holder or with the holder's permission. */
export function whyNot({
  scene,
  call,
  holder,
}: {
  scene: Scene
  call: One
  holder: Address
}): Fault | undefined {
  const claim = { ...call, holder }
  const found = campaignOrFault({ scene, call })
  if ('error' in found) return found
  const { terms } = found
  const { statements } = call
  return (
    presenceFault({ ...scene, terms, claim, statements }) ??
    couponFault({
      scene,
      campaign: found,
      claim,
      shard: shownBy({ campaign: found, call, holder }),
    })
  )
}

/** Uses many coupons; what is refused is skipped. Returns how many were not. */
export function redeemBatch({ scene, call }: { scene: Scene; call: Of<'redeemBatch'> }): {
  events: Happening[]
  returns: bigint[]
} {
  const { items, statements, campaignId, site } = call
  const length = items.reduce((sum, item) => sum + bytesOf(item), 0) - call.cut
  if (length === 0) refuse({ error: 'EmptyList', args: [] })
  if (length > LONGEST_BATCH) {
    refuse({ error: 'ListTooLong', args: [BigInt(length), BigInt(LONGEST_BATCH)] })
  }
  const campaign = campaignOrFault({ scene, call })
  if ('error' in campaign) return refuse(campaign)

  const events: Happening[] = []
  const way = wayThrough(campaign)
  let named = 0
  let bytes = 0
  for (const item of items) {
    const nodes = nodeCount(item)
    if (nodes > DEEPEST_PROOF) {
      refuse({ error: 'ProofTooLong', args: [BigInt(nodes), BigInt(DEEPEST_PROOF)] })
    }
    bytes += bytesOf(item)
    if (bytes > length) refuse({ error: 'BatchCutShort', args: [BigInt(length), BigInt(bytes)] })
    const own = statements.slice(named, (named += item.statementCount))
    if (named > statements.length) refuseStatements({ given: statements.length, named })

    const { serial, deadline, permit } = item
    const claim = { campaignId, serial, site, holder: NOBODY }
    claim.holder = signerOf({ permit, claim, deadline })
    const shard = way({ item, holder: claim.holder }) // also for one that is refused
    const { terms } = campaign
    const fault =
      expiry({ deadline, now: scene.now }) ??
      presenceFault({ ...scene, terms, claim, statements: own }) ??
      couponFault({ scene, campaign, claim, shard })
    if (fault === undefined) events.push(use({ claim, shard: shard! }))
    else {
      const args = [campaignId, serial, claim.holder, fault]
      events.push({ event: 'RedemptionRefused', args })
    }
  }
  if (named !== statements.length) refuseStatements({ given: statements.length, named })
  const redeemed = events.filter(({ event }) => event === 'CouponRedeemed').length
  return { events, returns: [BigInt(redeemed)] }
}

/** The shard of which the proof shows this coupon to be the holder's. */
export function shownBy({
  campaign,
  call: { serial, proof },
  holder,
}: {
  campaign: Campaign
  call: { serial: bigint; proof: Proof }
  holder: Address
}): Shard | undefined {
  const root = climb({ leaf: leafOf({ serial, holder }), nodes: modelNodesOf(proof) })
  const shard = shardAt({ campaign, index: serial >> 8n })
  return shard !== undefined && treeOf(shard).root === root ? shard : undefined
}

function useOrRefuse(attempt: { scene: Scene; call: One; holder: Address }): Happening[] {
  const { scene, call, holder } = attempt
  const fault = whyNot(attempt)
  if (fault !== undefined) refuse(fault)
  const shard = shownBy({ campaign: scene.campaigns.get(call.campaignId)!, call, holder })
  return [use({ claim: { ...call, holder }, shard: shard! })]
}

function use({ claim, shard }: { claim: Claim; shard: Shard }): Happening {
  const { campaignId, serial, holder, site } = claim
  shard.statuses[seatOf(serial)] = 'redeemed'
  return { event: 'CouponRedeemed', args: [campaignId, serial, holder, site] }
}

function campaignOrFault({
  scene: { campaigns, now },
  call: { campaignId, site },
}: {
  scene: Scene
  call: { campaignId: bigint; site: bigint }
}): Campaign | Fault {
  const campaign = campaigns.get(campaignId)
  if (campaign === undefined) return { error: 'UnknownCampaign', args: [campaignId] }
  const { terms, pausedAt } = campaign
  if (pausedAt !== 0n) return { error: 'CampaignIsPaused', args: [campaignId, pausedAt] }
  if (now < terms.opensAt) return { error: 'CampaignNotOpen', args: [terms.opensAt, now] }
  if (now >= endsAt(terms)) return { error: 'CampaignIsOver', args: [endsAt(terms), now] }
  const isSite = terms.sites === 0n ? site === 0n : site >= 1n && site <= terms.sites
  return isSite ? campaign : { error: 'UnknownSite', args: [site, terms.sites] }
}

function couponFault({
  scene: { now },
  campaign,
  claim,
  shard,
}: {
  scene: Scene
  campaign: Campaign
  claim: Claim
  shard: Shard | undefined
}): Fault | undefined {
  const { campaignId, serial, holder } = claim
  const status = shard?.statuses[seatOf(serial)]
  if (shard === undefined || status === undefined) {
    return { error: 'NotIssued', args: [campaignId, serial, holder] }
  }
  if (status === 'redeemed') return { error: 'CouponAlreadyRedeemed', args: [campaignId, serial] }
  if (status === 'revoked') return { error: 'CouponIsRevoked', args: [campaignId, serial] }
  const { terms } = campaign
  if (!isForAll({ campaign, index: shard.index })) return undefined
  if (!isLate({ terms, now })) return { error: 'StandbyNotYet', args: [terms.heldUntil, now] }
  return leftForAll(campaign) > 0n
    ? undefined
    : { error: 'NothingLeft', args: [campaignId, serial] }
}

/** Whose signature this is over exactly that permission; in a batch, whose it seems to be. */
function signerOf({
  permit: { signed, signer, isBroken, seems },
  claim,
  deadline,
}: {
  permit: Permit
  claim: Omit<Claim, 'holder'>
  deadline: bigint
}): Address {
  if (isBroken) return NOBODY
  const isExact =
    !signed.isElsewhere &&
    signed.campaignId === claim.campaignId &&
    signed.serial === claim.serial &&
    signed.site === claim.site &&
    signed.deadline === deadline
  return isExact ? signer : seems
}

/** Follows the items of a batch: each shows its shard by itself, or from the nodes beside the way of those before it. */
function wayThrough(
  campaign: Campaign,
): (step: { item: Item; holder: Address }) => Shard | undefined {
  let way = { index: -1n, depth: 0, root: '' }
  const beside: string[] = []
  return ({ item: { serial, proof }, holder }) => {
    const nodes = modelNodesOf(proof)
    const index = serial >> 8n
    const end = climb({ leaf: leafOf({ serial, holder }), nodes })
    const standsAlone = index !== way.index || nodes.length >= way.depth
    if (standsAlone) way = { index, depth: nodes.length, root: end }
    else if (beside[nodes.length] !== end) way = { index, depth: 0, root: '' }
    beside.splice(0, nodes.length, ...nodes)
    const shard = shardAt({ campaign, index })
    return shard !== undefined && treeOf(shard).root === way.root ? shard : undefined
  }
}

function expiry({ deadline, now }: { deadline: bigint; now: bigint }): Fault | undefined {
  return now > deadline ? { error: 'RedeemExpired', args: [deadline, now] } : undefined
}

function refuseStatements({ given, named }: { given: number; named: number }): never {
  return refuse({ error: 'StatementsDoNotFit', args: [BigInt(given), BigInt(named)] })
}

function nodeCount({ proof }: Item): number {
  return modelNodesOf(proof).length
}

function bytesOf(item: Item): number {
  return FIXED_BYTES + NODE_BYTES * nodeCount(item)
}

function seatOf(serial: bigint): number {
  return Number(serial & 255n)
}
