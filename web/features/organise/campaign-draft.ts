import {
  type GeofenceDocument,
  hashGeofence,
  type Policy,
  type Site,
} from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import type { GeofenceProblem } from '@coupon-secure/protocol/geofence-problem'
import { type Hex, zeroHash } from 'viem'
import type { Terms } from '../../chain/book-queries.ts'
import type { FieldProblem } from '../../ui/Field.tsx'
import { type PlannedDay, plannedDays } from './campaign-days.ts'
import { type ChainTimes, checkWindow, type Picks, type WallTimes } from './campaign-window.ts'
import { needsPlace, type Vouching, VOUCHING } from './vouching.ts'

/** What the organiser typed and drew for new campaigns; times as clocks in `zone` show them. */
export type CampaignDraft = WallTimes & {
  name: string
  zone: string
  picks: Picks
  /** Further days with the same times by the clock ("2026-02-15"): one campaign each. */
  otherDays: readonly string[]
  supply: string
  graceHours: string
  vouching: Vouching
  readers: GeofenceDocument['readers']
  sites: readonly Site[]
  salt: Hex
  policy: Policy
}

/** The fields that can be wrong. */
export type CampaignField = keyof WallTimes | 'name' | 'supply' | 'graceHours' | 'place'

/** What is wrong, each beside its field; `days` by further day, `geofence` by path ("sites.0.name"). */
export type CampaignProblems = {
  fields: Partial<Record<CampaignField, FieldProblem>>
  days: Readonly<Record<string, FieldProblem>>
  geofence: readonly GeofenceProblem[]
}

/** A campaign that the contract will take. */
export type NewCampaign = { name: string; terms: Terms }

// The contract's own bounds (contracts/types/Campaign.sol), said before anybody signs.
const LONGEST_GRACE_HOURS = 30 * 24
const LARGEST_SUPPLY = 2 ** 32 - 1
const LONGEST_NAME = 80

/** Checks new campaigns by the contract's and the protocol's rules; `now` in unix seconds. They share one place. */
export function checkCampaigns({
  draft,
  now,
}: {
  draft: CampaignDraft
  now: number
}):
  | { ok: true; campaigns: NewCampaign[]; document: GeofenceDocument | undefined }
  | { ok: false; problems: CampaignProblems } {
  const planned = plannedDays({ name: draft.name.trim(), times: draft, otherDays: draft.otherDays })
  const windows = checkDays({ draft, planned, now })
  const supply = supplyOf(draft.supply)
  const grace = graceOf(draft.graceHours)
  const place = checkPlace(draft)
  const name = nameProblem(planned)
  const fields: CampaignProblems['fields'] = {
    ...windows.fields,
    ...(name && { name }),
    ...(!supply.ok && { supply }),
    ...(!grace.ok && { graceHours: grace }),
    ...(place.problem && { place: place.problem }),
  }
  const isSound =
    Object.keys(fields).length === 0 &&
    Object.keys(windows.days).length === 0 &&
    place.geofence.length === 0
  if (!isSound || !supply.ok || !grace.ok) {
    return { ok: false, problems: { fields, days: windows.days, geofence: place.geofence } }
  }

  const { document } = place
  const rest = {
    grace: grace.seconds,
    supply: supply.coupons,
    sites: document?.sites.length ?? 0,
    requiredWitnesses: VOUCHING[draft.vouching].mask,
    geofenceHash: document === undefined ? zeroHash : hashGeofence(document),
  }
  const campaigns = windows.found.map(({ name, times }) => ({ name, terms: { ...times, ...rest } }))
  return { ok: true, campaigns, document }
}

/** Checks the place alone, and makes the geofence document of it. */
export function checkPlace(
  draft: Pick<CampaignDraft, 'vouching' | 'sites' | 'readers' | 'salt' | 'policy'>,
): {
  problem?: FieldProblem
  geofence: readonly GeofenceProblem[]
  document?: GeofenceDocument
} {
  if (!needsPlace(draft.vouching)) return { geofence: [] }
  if (draft.sites.length === 0) {
    return {
      geofence: [],
      problem: { code: 'GEOFENCE_MISSING', message: 'Draw one site at least, or load a file.' },
    }
  }
  const { readers, salt, policy, sites } = draft
  const numbered = sites.map((site, index) => ({
    ...site,
    name: site.name.trim(),
    number: index + 1,
  }))
  const result = checkGeofence({ version: 1, readers, salt, policy, sites: numbered })
  return result.ok ? { geofence: [], document: result.document } : { geofence: result.problems }
}

/** The policy with or without a source; the last one stays, since a place that accepts none lets nobody in. */
export function withSource({
  policy,
  source,
  isWanted,
}: {
  policy: Policy
  source: Policy['sources'][number]
  isWanted: boolean
}): Policy {
  const others = policy.sources.filter((other) => other !== source)
  const sources = isWanted ? [...others, source] : others
  return sources.length === 0 ? policy : { ...policy, sources }
}

/** How many coupons a typed supply means. */
export function supplyOf(
  text: string,
): { ok: true; coupons: bigint } | ({ ok: false } & FieldProblem) {
  const coupons = /^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : 0
  return coupons >= 1 && coupons <= LARGEST_SUPPLY
    ? { ok: true, coupons: BigInt(coupons) }
    : {
        ok: false,
        code: 'SUPPLY_OUT_OF_RANGE',
        message: 'The supply is a whole number of coupons, 1 or more.',
      }
}

/** How many seconds a typed grace means. */
export function graceOf(
  text: string,
): { ok: true; seconds: bigint } | ({ ok: false } & FieldProblem) {
  const hours = /^\d{1,4}([.,]\d{1,2})?$/.test(text.trim())
    ? Number(text.trim().replace(',', '.'))
    : undefined
  return hours !== undefined && hours <= LONGEST_GRACE_HOURS
    ? { ok: true, seconds: BigInt(Math.round(hours * 3600)) }
    : {
        ok: false,
        code: 'GRACE_OUT_OF_RANGE',
        message: `The grace is 0 to ${LONGEST_GRACE_HOURS} hours (thirty days).`,
      }
}

function checkDays({
  draft: { zone, picks, opensAt },
  planned,
  now,
}: {
  draft: CampaignDraft
  planned: readonly PlannedDay[]
  now: number
}) {
  const found: { name: string; times: ChainTimes }[] = []
  const days: Record<string, FieldProblem> = {}
  let fields: CampaignProblems['fields'] = {}
  for (const { day, name, times } of planned) {
    const checked = checkWindow({ times, zone, picks, now })
    if (checked.ok) found.push({ name, times: checked.times })
    else if (day === opensAt.slice(0, 10)) fields = checked.problems
    else {
      const [problem] = Object.values(checked.problems)
      if (problem) days[day] = problem
    }
  }
  return { found, days, fields }
}

function nameProblem(planned: readonly PlannedDay[]): FieldProblem | undefined {
  const longest = Math.max(...planned.map(({ name }) => name.length))
  if (planned.some(({ name }) => name === '' || name.startsWith(', '))) {
    return { code: 'NAME_MISSING', message: 'Give the campaign a name.' }
  }
  if (longest <= LONGEST_NAME) return undefined
  return {
    code: 'NAME_TOO_LONG',
    message: `A name has ${LONGEST_NAME} characters at most${planned.length > 1 ? ', its day included' : ''}; this one has ${longest}.`,
  }
}
