import {
  type GeofenceDocument,
  hashGeofence,
  type Policy,
  type Site,
} from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import type { GeofenceProblem } from '@coupon-secure/protocol/geofence-problem'
import { CLASSES } from '@coupon-secure/protocol/presence'
import { type Hex, zeroHash } from 'viem'
import type { Terms } from '../../chain/book-queries.ts'
import type { FieldProblem } from '../../ui/Field.tsx'
import { instantOf } from './zoned-time.ts'

/** What the organiser typed and drew for a new campaign; times as clocks in `zone` show them. */
export type CampaignDraft = {
  name: string
  opensAt: string
  closesAt: string
  /** Until when unused coupons wait for their holders; empty: to the end. */
  heldUntil: string
  zone: string
  supply: string
  graceHours: string
  needsPlace: boolean
  readers: GeofenceDocument['readers']
  sites: readonly Site[]
  salt: Hex
  policy: Policy
}

/** The fields that can be wrong. */
export type CampaignField =
  'name' | 'opensAt' | 'closesAt' | 'heldUntil' | 'supply' | 'graceHours' | 'place'

/** What is wrong, each beside its field; `geofence` by path ("sites.0.name"). */
export type CampaignProblems = {
  fields: Partial<Record<CampaignField, FieldProblem>>
  geofence: readonly GeofenceProblem[]
}

/** A campaign that the contract will take, with its geofence document where it has a place. */
export type NewCampaign = { name: string; terms: Terms; document: GeofenceDocument | undefined }

// The contract's own bounds (contracts/types/Campaign.sol), said before anybody signs.
const SHORTEST_WINDOW = 5 * 60
const LONGEST_WINDOW = 365 * 24 * 3600
const LONGEST_GRACE_HOURS = 30 * 24
const LATEST_TIME = 4_102_444_800
const LARGEST_SUPPLY = 2 ** 32 - 1
const LONGEST_NAME = 80

/** Checks a new campaign by the contract's and the protocol's rules; `now` in unix seconds. */
export function checkCampaign({
  draft,
  now,
}: {
  draft: CampaignDraft
  now: number
}): { ok: true; campaign: NewCampaign } | { ok: false; problems: CampaignProblems } {
  const fields: CampaignProblems['fields'] = {}
  const name = draft.name.trim()
  if (name === '') fields.name = { code: 'NAME_MISSING', message: 'Give the campaign a name.' }
  else if (name.length > LONGEST_NAME) {
    fields.name = {
      code: 'NAME_TOO_LONG',
      message: `A name has ${LONGEST_NAME} characters at most; this one has ${name.length}.`,
    }
  }

  const supply = wholeNumber(draft.supply)
  if (supply === undefined || supply < 1 || supply > LARGEST_SUPPLY) {
    fields.supply = {
      code: 'SUPPLY_OUT_OF_RANGE',
      message: 'The supply is a whole number of coupons, 1 or more.',
    }
  }

  const graceSeconds = secondsOfHours(draft.graceHours)
  if (graceSeconds === undefined || graceSeconds > LONGEST_GRACE_HOURS * 3600) {
    fields.graceHours = {
      code: 'GRACE_OUT_OF_RANGE',
      message: `The grace is 0 to ${LONGEST_GRACE_HOURS} hours (thirty days).`,
    }
  }

  const window = checkWindow({ draft, now })
  Object.assign(fields, window.fields)
  const held = checkHeldUntil({ draft, times: window.times })
  if (!held.ok) fields.heldUntil = held
  const place = checkPlace(draft)
  if (place.problem) fields.place = place.problem

  if (!window.times || !held.ok || Object.keys(fields).length > 0 || place.geofence.length > 0) {
    return { ok: false, problems: { fields, geofence: place.geofence } }
  }
  const { document } = place
  return {
    ok: true,
    campaign: {
      name,
      document,
      terms: {
        ...window.times,
        heldUntil: BigInt(held.seconds),
        grace: BigInt(graceSeconds ?? 0),
        supply: BigInt(supply ?? 0),
        sites: document?.sites.length ?? 0,
        requiredWitnesses: document === undefined ? 0 : CLASSES.location,
        geofenceHash: document === undefined ? zeroHash : hashGeofence(document),
      },
    },
  }
}

function checkWindow({ draft, now }: { draft: CampaignDraft; now: number }): {
  fields: CampaignProblems['fields']
  times?: { opensAt: bigint; closesAt: bigint }
} {
  const opens = instantOf({ local: draft.opensAt, zone: draft.zone })
  const closes = instantOf({ local: draft.closesAt, zone: draft.zone })
  if (!opens.ok || !closes.ok) {
    return {
      fields: { ...(!opens.ok && { opensAt: opens }), ...(!closes.ok && { closesAt: closes }) },
    }
  }
  const wrong = (code: string, message: string) => ({ fields: { closesAt: { code, message } } })
  const length = closes.seconds - opens.seconds
  if (length <= 0) return wrong('ENDS_BEFORE_START', 'The window must end after it begins.')
  if (length < SHORTEST_WINDOW)
    return wrong('WINDOW_TOO_SHORT', 'A window lasts five minutes at least.')
  if (length > LONGEST_WINDOW) return wrong('WINDOW_TOO_LONG', 'A window lasts a year at most.')
  if (closes.seconds <= now) return wrong('WINDOW_HAS_PASSED', 'This window has passed already.')
  if (closes.seconds > LATEST_TIME)
    return wrong('TIME_TOO_LATE', 'The contract knows no time after 2099.')
  return {
    fields: {},
    times: { opensAt: BigInt(opens.seconds), closesAt: BigInt(closes.seconds) },
  }
}

/** Checks until when coupons are held; where the window itself is wrong, only whether it is a time at all. */
function checkHeldUntil({
  draft: { heldUntil, zone },
  times,
}: {
  draft: Pick<CampaignDraft, 'heldUntil' | 'zone'>
  times: { opensAt: bigint; closesAt: bigint } | undefined
}): { ok: true; seconds: number } | ({ ok: false } & FieldProblem) {
  if (heldUntil === '') return { ok: true, seconds: 0 }
  const held = instantOf({ local: heldUntil, zone })
  if (!held.ok || times === undefined) return held
  if (held.seconds >= Number(times.opensAt) && held.seconds < Number(times.closesAt)) return held
  return {
    ok: false,
    code: 'HELD_UNTIL_OUTSIDE_WINDOW',
    message:
      'Coupons can be held until a time inside the window: not before it opens, and before it closes.',
  }
}

/** Checks the place alone, and makes the geofence document of it. */
export function checkPlace(draft: CampaignDraft): {
  problem?: FieldProblem
  geofence: readonly GeofenceProblem[]
  document?: GeofenceDocument
} {
  if (!draft.needsPlace) return { geofence: [] }
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

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : undefined
}

function secondsOfHours(text: string): number | undefined {
  return /^\d{1,4}([.,]\d{1,2})?$/.test(text.trim())
    ? Math.round(Number(text.trim().replace(',', '.')) * 3600)
    : undefined
}
