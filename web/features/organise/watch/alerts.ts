import { CLASSES } from '@coupon-secure/protocol/presence'
import type { Readiness } from '@coupon-secure/protocol/wire-readiness'
import type { BookWitness, Campaign, Counters, Ledger } from '../../../chain/book-queries.ts'
import type { IndexState } from '../../../chain/index-state.ts'
import { shortAddress } from '../../../ui/short-address.ts'
import { classWords } from '../witness-draft.ts'

/** Something that asks for a person, and what that person does next. */
export type Alert = {
  code: string
  kind: 'bad' | 'warn' | 'info'
  title: string
  next: string
  /** Where that is done: a page of the book's own, or none. */
  door?: 'campaigns' | 'leftovers' | 'people'
  /** Whose leftovers. */
  campaignId?: bigint
}

/** A campaign with what the chain counts of it, as far as it has answered. */
export type Counted = {
  campaign: Campaign
  ledger?: Ledger | undefined
  counters?: Counters | undefined
}

/** What the watch knows. */
export type Watched = {
  campaigns: readonly Counted[]
  witnesses: readonly BookWitness[]
  /** Why the oracle does not answer; undefined while it does. */
  silence: string | undefined
  readiness: Readiness | undefined
  index: IndexState | undefined
  /** Unix seconds. */
  now: number
  /** Writes a moment as people read it. */
  timeOf: (seconds: number) => string
}

const SOON = 30 * 60 // seconds before an end
const MANY_LEFT = 0.2
const NEARLY_GONE = 0.1
const DAY = 24 * 3600

/** What asks for a person now, worst first. */
export function alertsOf(watched: Watched): Alert[] {
  const alerts = [
    ...oracleAlerts(watched),
    ...watched.campaigns.flatMap((counted) => campaignAlerts({ ...watched, counted })),
    ...witnessAlerts(watched),
    ...indexAlerts(watched),
  ]
  const weight = { bad: 0, warn: 1, info: 2 }
  return alerts.sort((a, b) => weight[a.kind] - weight[b.kind])
}

function oracleAlerts({ silence, readiness, campaigns, now }: Watched): Alert[] {
  const isNeeded = campaigns.some(
    ({ campaign }) =>
      (campaign.terms.requiredWitnesses & CLASSES.location) !== 0 && isOpen({ campaign, now }),
  )
  const kind = isNeeded ? 'bad' : 'warn'
  const effect = isNeeded
    ? 'Nobody can use a coupon that asks for a place until it does.'
    : 'No open campaign needs it now.'
  if (silence !== undefined) {
    const next = `${effect} See whether it runs and can be reached; a counter that vouches goes on without it.`
    return [{ code: 'ORACLE_SILENT', kind, title: 'The oracle is silent.', next }]
  }
  return (readiness?.checks ?? [])
    .filter(({ state }) => state === 'failing')
    .map(({ name, advice = 'Ask whoever runs it.' }) => {
      const title = `The oracle is not ready: “${name}” fails.`
      return { code: 'ORACLE_NOT_READY', kind, title, next: `${effect} ${advice}` }
    })
}

function indexAlerts({ index }: Watched): Alert[] {
  const next =
    'The numbers here come from the chain itself meanwhile. See whether the indexer runs.'
  if (index?.kind === 'away') {
    return [{ code: 'INDEXER_AWAY', kind: 'info', title: 'The index does not answer.', next }]
  }
  if (index?.kind !== 'behind') return []
  const title = `The index is ${index.blocks.toLocaleString('en-GB')} blocks behind.`
  return [{ code: 'INDEXER_BEHIND', kind: 'info', title, next }]
}

function campaignAlerts({
  counted: { campaign, ledger, counters },
  now,
  timeOf,
}: Watched & { counted: Counted }): Alert[] {
  const { id, name, terms, pausedAt } = campaign
  const [closesAt, supply] = [Number(terms.closesAt), Number(terms.supply)]
  if (pausedAt !== 0n) {
    const title = `${name} is paused since ${timeOf(Number(pausedAt))}.`
    const next = 'Nobody can use a coupon of it. Its admin resumes it; the lost time is given back.'
    return [{ code: 'CAMPAIGN_PAUSED', kind: 'warn', title, next, door: 'campaigns' }]
  }
  if (!isOpen({ campaign, now }) || ledger === undefined) return []
  const alerts: Alert[] = []
  const [unused, issued] = [Number(ledger.unused), Number(ledger.issued)]
  const standing = supply - Number(ledger.redeemed)
  if (unused > 0 && standing <= supply * NEARLY_GONE) {
    const title = `${name}: ${meals(standing)} of ${supply.toLocaleString('en-GB')} left.`
    const next = 'Tell the kitchen. The supply cannot grow once the window is open.'
    alerts.push({ code: 'SUPPLY_NEARLY_GONE', kind: 'warn', title, next })
  }
  if (terms.heldUntil !== 0n && now >= Number(terms.heldUntil) && counters !== undefined) {
    const uncounted = counters.shards - counters.shardsCounted
    if (uncounted > 0n && unused > 0) {
      const title = `${name}: it is time to release what is unused.`
      const next = 'Until you do, standby holders get nothing and stand in vain.'
      alerts.push({
        code: 'NOT_RELEASED',
        kind: 'warn',
        title,
        next,
        door: 'leftovers',
        campaignId: id,
      })
    } else if (counters.standbyIssued > counters.standbyRevoked && counters.leftForAll === 0n) {
      const title = `${name}: nothing is left for standby.`
      const next = 'Tell those who wait that they need not.'
      alerts.push({ code: 'STANDBY_GONE', kind: 'info', title, next })
    }
  }
  if (closesAt - now <= SOON && issued > 0 && unused > issued * MANY_LEFT) {
    const title = `${name} closes ${timeOf(closesAt)}, with ${meals(unused)} unused.`
    const next = 'Let it close later while it runs, or see what will be left and take coupons back.'
    alerts.push({
      code: 'CLOSING_WITH_MUCH_LEFT',
      kind: 'warn',
      title,
      next,
      door: 'leftovers',
      campaignId: id,
    })
  }
  return alerts
}

function witnessAlerts({ witnesses, campaigns, now, timeOf }: Watched): Alert[] {
  return witnesses.flatMap((witness): Alert[] => {
    const { key, classes, validUntil } = witness
    const until = Number(validUntil)
    const needed = campaigns.find(({ campaign }) => needs({ campaign, witness, witnesses, now }))
    const who = `${classWords(classes)} ${shortAddress(key)}`
    const next = 'Add it once more with a later end: that replaces its entry.'
    const rest = { next, door: 'people' } as const
    if (until <= now) {
      if (needed === undefined) return []
      const title = `${who} no longer counts since ${timeOf(until)}.`
      return [{ code: 'WITNESS_EXPIRED', kind: 'bad', title, ...rest }]
    }
    if (needed !== undefined) {
      const title = `${who} stops counting ${timeOf(until)}, before ${needed.campaign.name} is settled.`
      return [{ code: 'WITNESS_EXPIRING', kind: 'warn', title, ...rest }]
    }
    if (until - now > DAY) return []
    const title = `${who} stops counting ${timeOf(until)}.`
    return [{ code: 'WITNESS_EXPIRING', kind: 'info', title, ...rest }]
  })
}

/** Whether a campaign asks for what this witness vouches as, which ends before it is settled, and no other stands in for it. */
function needs({
  campaign: { terms },
  witness: { key, classes, site, validUntil },
  witnesses,
  now,
}: {
  campaign: Campaign
  witness: BookWitness
  witnesses: readonly BookWitness[]
  now: number
}): boolean {
  const end = terms.closesAt + terms.grace
  const asked = terms.requiredWitnesses & classes
  if (asked === 0 || now >= Number(terms.closesAt) || validUntil >= end) return false
  return !witnesses.some(
    (other) =>
      other.key !== key &&
      other.validUntil >= end &&
      (asked & ~other.classes) === 0 &&
      (other.site === 0 || other.site === site),
  )
}

function isOpen({ campaign: { terms }, now }: { campaign: Campaign; now: number }): boolean {
  return now >= Number(terms.opensAt) && now < Number(terms.closesAt)
}

function meals(count: number): string {
  return count === 1 ? '1 coupon' : `${count.toLocaleString('en-GB')} coupons`
}
