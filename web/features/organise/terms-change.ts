import type { Counters, Terms } from '../../chain/book-queries.ts'
import type { FieldProblem } from '../../ui/Field.tsx'
import { graceOf, supplyOf } from './campaign-draft.ts'
import { checkWindow, type Picks, type WallTimes } from './campaign-window.ts'
import { localOf } from './zoned-time.ts'

/** Terms as somebody types them; times as clocks in `zone` show them. */
export type TermsDraft = WallTimes & {
  zone: string
  picks: Picks
  supply: string
  graceHours: string
}

/** What is wrong, beside which field; `nothing` where nothing would change. */
export type TermsProblems = Partial<
  Record<keyof WallTimes | 'supply' | 'graceHours' | 'nothing', FieldProblem>
>

type Standing = Pick<Counters, 'issued' | 'revoked' | 'standbyIssued'>

/** The terms as they are, to be changed. */
export function termsDraftOf({ terms, zone }: { terms: Terms; zone: string }): TermsDraft {
  const local = (seconds: bigint) => localOf({ seconds: Number(seconds), zone })
  return {
    opensAt: local(terms.opensAt),
    closesAt: local(terms.closesAt),
    heldUntil: terms.heldUntil === 0n ? '' : local(terms.heldUntil),
    zone,
    picks: {},
    supply: String(terms.supply),
    graceHours: String(Math.round(Number(terms.grace) / 36) / 100),
  }
}

/** Checks changed terms by the contract's rules: before opening any, after that only a later end or a longer grace; `now` in unix seconds. */
export function checkTerms({
  draft,
  terms,
  counters,
  now,
}: {
  draft: TermsDraft
  terms: Terms
  counters: Standing
  now: number
}): { ok: true; terms: Terms } | { ok: false; problems: TermsProblems } {
  const before = termsDraftOf({ terms, zone: draft.zone })
  const problems: TermsProblems = {}
  const window = checkWindow({ times: draft, zone: draft.zone, picks: draft.picks, now })
  if (!window.ok) Object.assign(problems, window.problems)
  const supply = supplyOf(draft.supply)
  if (!supply.ok) problems.supply = supply
  const grace = graceOf(draft.graceHours)
  if (!grace.ok) problems.graceHours = grace
  if (!window.ok || !supply.ok || !grace.ok) return { ok: false, problems }

  // A pause adds odd seconds, which fields do not show: what nobody touched stays to the second.
  const kept = <Value>(field: keyof WallTimes | 'graceHours', own: Value, typed: Value) =>
    draft[field] === before[field] ? own : typed
  const changed: Terms = {
    ...terms,
    opensAt: kept('opensAt', terms.opensAt, window.times.opensAt),
    closesAt: kept('closesAt', terms.closesAt, window.times.closesAt),
    heldUntil: kept('heldUntil', terms.heldUntil, window.times.heldUntil),
    grace: kept('graceHours', terms.grace, grace.seconds),
    supply: supply.coupons,
  }
  Object.assign(problems, growthProblems({ terms, changed, now }))
  Object.assign(problems, standingProblems({ changed, counters }))
  if (Object.keys(problems).length > 0) return { ok: false, problems }
  const isSame = Object.entries(terms).every(([key, value]) => Reflect.get(changed, key) === value)
  if (isSame) {
    return {
      ok: false,
      problems: { nothing: { code: 'NOTHING_CHANGED', message: 'Nothing would change yet.' } },
    }
  }
  return { ok: true, terms: changed }
}

/** Whether the campaign has opened, so that most of its terms stand. */
export function hasOpened({ terms, now }: { terms: Terms; now: number }): boolean {
  return now >= Number(terms.opensAt)
}

function growthProblems({
  terms,
  changed,
  now,
}: {
  terms: Terms
  changed: Terms
  now: number
}): TermsProblems {
  if (!hasOpened({ terms, now })) return {}
  return {
    ...(changed.closesAt < terms.closesAt && {
      closesAt: {
        code: 'END_MAY_ONLY_GROW',
        message: 'It has opened: its end can move later, never earlier. Pause it to stop it.',
      },
    }),
    ...(changed.grace < terms.grace && {
      graceHours: {
        code: 'GRACE_MAY_ONLY_GROW',
        message: 'It has opened: its grace can grow, never shrink.',
      },
    }),
  }
}

function standingProblems({
  changed,
  counters: { issued, revoked, standbyIssued },
}: {
  changed: Terms
  counters: Standing
}): TermsProblems {
  const standing = issued - revoked
  return {
    ...(changed.supply < standing && {
      supply: {
        code: 'SUPPLY_BELOW_ISSUED',
        message: `${standing.toLocaleString('en-GB')} coupons are out: the supply cannot be less. Revoke some first.`,
      },
    }),
    ...(changed.heldUntil === 0n &&
      standbyIssued !== 0n && {
        heldUntil: {
          code: 'NO_STANDBY',
          message: 'Somebody is on standby: there must be a time from which they may come.',
        },
      }),
  }
}
