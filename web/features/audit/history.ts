import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { SEATS_PER_SHARD, seatOf, shardOf } from '@coupon-secure/protocol/coupon'
import { type Address, type Hash, type Hex, isAddressEqual, type Log, parseEventLogs } from 'viem'

/** Where an event stands on the chain; `at` in unix seconds, where the node says it with the log. */
export type Place = {
  key: string
  block: bigint
  index: number
  transaction: Hash
  at: bigint | undefined
}

/** The terms of a campaign, as its events say them. */
export type Terms = {
  opensAt: bigint
  closesAt: bigint
  heldUntil: bigint
  grace: bigint
  supply: bigint
  sites: number
  requiredWitnesses: number
  geofenceHash: Hash
}

/** One thing that happened in a book. */
export type Entry = Place &
  (
    | { kind: 'campaign'; campaignId: bigint; name: string; terms: Terms; details: string }
    | { kind: 'terms'; campaignId: bigint; terms: Terms }
    | { kind: 'issue'; campaignId: bigint; firstShard: bigint; holders: readonly Address[] }
    | { kind: 'redemption'; campaignId: bigint; serial: bigint; holder: Address; site: number }
    | { kind: 'refusal'; campaignId: bigint; serial: bigint; holder: Address; why: Hex }
    | { kind: 'revocation'; campaignId: bigint; serial: bigint; reason: string }
    | { kind: 'reallotment'; campaignId: bigint; replaced: bigint; serial: bigint }
    | { kind: 'pause'; campaignId: bigint }
    | { kind: 'resumption'; campaignId: bigint; terms: Terms }
    | { kind: 'release'; campaignId: bigint; shards: bigint; unused: bigint }
    | { kind: 'counting'; campaignId: bigint; shards: bigint; unused: bigint }
    | {
        kind: 'closing'
        campaignId: bigint
        issued: bigint
        redeemed: bigint
        revoked: bigint
        unused: bigint
      }
    | {
        kind: 'witness'
        key_: Address
        classes: number
        site: number
        from: bigint
        until: bigint
      }
    | { kind: 'witness-removed'; key_: Address }
    | { kind: 'book'; event: string; facts: readonly (readonly [string, string])[] }
  )

/** The kinds of entries, in the order in which a filter offers them. */
export const KINDS = {
  redemption: 'Redemptions',
  refusal: 'Refused in a batch',
  issue: 'Issues',
  revocation: 'Revocations',
  reallotment: 'Re-allotments',
  release: 'Releases of unused',
  counting: 'Countings before the closing',
  campaign: 'New campaigns',
  terms: 'Changed terms',
  pause: 'Pauses',
  resumption: 'Ends of pauses',
  closing: 'Closing statements',
  witness: 'Witnesses added',
  'witness-removed': 'Witnesses removed',
  book: 'The book itself',
} as const satisfies Record<Entry['kind'], string>

/** What a reader looks for; everything that is set must fit. */
export type Filter = {
  kind?: Entry['kind'] | undefined
  campaignId?: bigint | undefined
  holder?: Address | undefined
  serial?: bigint | undefined
}

/** The events among these logs, newest first; every one of the book's events has its entry. */
export function entriesOf(logs: readonly Log[]): Entry[] {
  return parseEventLogs({ abi: couponBookAbi, logs: [...logs] })
    .flatMap((log): Entry[] => {
      const place: Place = {
        key: `${log.blockNumber}.${log.logIndex}`,
        block: log.blockNumber,
        index: log.logIndex,
        transaction: log.transactionHash,
        at: log.blockTimestamp ?? undefined,
      }
      switch (log.eventName) {
        case 'CampaignCreated':
          return [{ ...place, kind: 'campaign', ...log.args }]
        case 'TermsChanged':
          return [{ ...place, kind: 'terms', ...log.args }]
        case 'Issued':
          return [{ ...place, kind: 'issue', ...log.args }]
        case 'CouponRedeemed':
          return [{ ...place, kind: 'redemption', ...log.args }]
        case 'RedemptionRefused':
          return [{ ...place, kind: 'refusal', ...log.args }]
        case 'CouponRevoked':
          return [{ ...place, kind: 'revocation', ...log.args }]
        case 'CouponReallotted':
          return [{ ...place, kind: 'reallotment', ...log.args }]
        case 'CampaignPaused':
          return [{ ...place, kind: 'pause', ...log.args }]
        case 'CampaignResumed':
          return [{ ...place, kind: 'resumption', ...log.args }]
        case 'UnusedReleased':
          return [{ ...place, kind: 'release', ...log.args }]
        case 'ShardsCounted':
          return [{ ...place, kind: 'counting', ...log.args }]
        case 'CampaignClosed':
          return [{ ...place, kind: 'closing', ...log.args }]
        case 'WitnessAdded': {
          const { key: key_, classes, site, validFrom: from, validUntil: until } = log.args
          return [{ ...place, kind: 'witness', key_, classes, site, from, until }]
        }
        case 'WitnessRemoved':
          return [{ ...place, kind: 'witness-removed', key_: log.args.key }]
        default:
          return [{ ...place, kind: 'book', event: log.eventName, facts: factsOf(log.args) }]
      }
    })
    .sort(newestFirst)
}

/** The entry of a redemption that the index tells of. */
export function entryOf({
  block,
  index,
  at,
  transaction,
  ...redemption
}: Omit<Place, 'key'> & Omit<Extract<Entry, { kind: 'redemption' }>, keyof Place | 'kind'>): Entry {
  const place = { key: `${block}.${index}`, block, index, at, transaction }
  return { ...place, kind: 'redemption', ...redemption }
}

/** Later logs put into what was read before; from `since` on the later reading alone counts, as blocks may be replaced. */
export function withLater({
  earlier,
  later,
  since,
}: {
  earlier: readonly Entry[]
  later: readonly Entry[]
  since: bigint
}): Entry[] {
  return [...later, ...earlier.filter(({ block }) => block < since)].sort(newestFirst)
}

/** The entries that a filter lets through. */
export function filtered({
  entries,
  filter,
}: {
  entries: readonly Entry[]
  filter: Filter
}): Entry[] {
  return entries.filter(
    (entry) =>
      (filter.kind === undefined || entry.kind === filter.kind) &&
      (filter.campaignId === undefined || campaignOf(entry) === filter.campaignId) &&
      (filter.holder === undefined || isAbout({ entry, holder: filter.holder })) &&
      (filter.serial === undefined || hasSerial({ entry, serial: filter.serial })),
  )
}

/** What each campaign is called, from its own event. */
export function namesOf(entries: readonly Entry[]): Map<bigint, string> {
  return new Map(
    entries.flatMap((entry) => (entry.kind === 'campaign' ? [[entry.campaignId, entry.name]] : [])),
  )
}

/** The campaign that an entry is about. */
export function campaignOf(entry: Entry): bigint | undefined {
  return 'campaignId' in entry ? entry.campaignId : undefined
}

function isAbout({ entry, holder }: { entry: Entry; holder: Address }): boolean {
  switch (entry.kind) {
    case 'redemption':
    case 'refusal':
      return isAddressEqual(entry.holder, holder)
    case 'issue': {
      const wanted = holder.toLowerCase()
      return entry.holders.some((one) => one.toLowerCase() === wanted)
    }
    case 'witness':
    case 'witness-removed':
      return isAddressEqual(entry.key_, holder)
    default:
      return false
  }
}

function hasSerial({ entry, serial }: { entry: Entry; serial: bigint }): boolean {
  switch (entry.kind) {
    case 'redemption':
    case 'refusal':
    case 'revocation':
      return entry.serial === serial
    case 'reallotment':
      return entry.serial === serial || entry.replaced === serial
    case 'issue': {
      const seat = seatOf(serial)
      const shard = Number(shardOf(serial) - entry.firstShard)
      const place = shard * SEATS_PER_SHARD + seat
      return shard >= 0 && seat < SEATS_PER_SHARD && place < entry.holders.length
    }
    default:
      return false
  }
}

function factsOf(args: object | readonly unknown[] | undefined): [string, string][] {
  return Object.entries(args ?? {}).map(([name, value]) => [name, String(value)])
}

function newestFirst(a: Entry, b: Entry): number {
  return a.block === b.block ? b.index - a.index : a.block < b.block ? 1 : -1
}
