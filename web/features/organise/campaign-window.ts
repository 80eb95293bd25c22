import type { FieldProblem } from '../../ui/Field.tsx'
import { dayText, instantOf, type Pick, type ZonedTime } from './zoned-time.ts'

/** One campaign's times as clocks in `zone` show them; `heldUntil` empty: to the end. */
export type WallTimes = { opensAt: string; closesAt: string; heldUntil: string }

/** Which of two times is meant, by the wall-clock time that clocks show twice. */
export type Picks = Readonly<Record<string, Pick>>

/** The times as the contract takes them, unix seconds. */
export type ChainTimes = { opensAt: bigint; closesAt: bigint; heldUntil: bigint }

/** What is wrong, beside which field. */
export type WindowProblems = Partial<Record<keyof WallTimes, FieldProblem>>

// The contract's own bounds (contracts/types/Campaign.sol), said before anybody signs.
const SHORTEST_WINDOW = 5 * 60
const LONGEST_WINDOW = 365 * 24 * 3600
const LATEST_TIME = 4_102_444_800

/** The moment that a wall-clock time means; one that clocks show twice is none before somebody says which. */
export function momentOf({
  local,
  zone,
  picks,
}: {
  local: string
  zone: string
  picks: Picks
}): ZonedTime | ({ ok: false } & FieldProblem) {
  const pick = picks[local]
  const instant = instantOf({ local, zone, pick })
  if (!instant.ok || !instant.isTwice || pick !== undefined) return instant
  return {
    ok: false,
    code: 'TIME_TWICE',
    message: `Clocks in ${zone} are put back and show ${local.slice(11)} twice on ${dayText(local)}. Say which is meant.`,
  }
}

/** Checks one window and until when its coupons are held; `now` in unix seconds. */
export function checkWindow({
  times,
  zone,
  picks,
  now,
}: {
  times: WallTimes
  zone: string
  picks: Picks
  now: number
}): { ok: true; times: ChainTimes } | { ok: false; problems: WindowProblems } {
  const asked = (local: string) => momentOf({ local, zone, picks })
  const [opens, closes] = [asked(times.opensAt), asked(times.closesAt)]
  const held = times.heldUntil === '' ? undefined : asked(times.heldUntil)
  const problems: WindowProblems = {
    ...(!opens.ok && { opensAt: opens }),
    ...(!closes.ok && { closesAt: closes }),
    ...(held?.ok === false && { heldUntil: held }),
  }
  if (!opens.ok || !closes.ok) return { ok: false, problems }

  const length = lengthProblem({ opens: opens.seconds, closes: closes.seconds, now })
  if (length) problems.closesAt = length
  else if (held?.ok && (held.seconds < opens.seconds || held.seconds >= closes.seconds)) {
    problems.heldUntil = {
      code: 'HELD_UNTIL_OUTSIDE_WINDOW',
      message:
        'Coupons can be held until a time inside the window: not before it opens, and before it closes.',
    }
  }
  if (Object.keys(problems).length > 0) return { ok: false, problems }
  return {
    ok: true,
    times: {
      opensAt: BigInt(opens.seconds),
      closesAt: BigInt(closes.seconds),
      heldUntil: BigInt(held?.ok ? held.seconds : 0),
    },
  }
}

/** What the contract has against a window, in its own order; unix seconds. */
export function lengthProblem({
  opens,
  closes,
  now,
}: {
  opens: number
  closes: number
  now: number
}): FieldProblem | undefined {
  const length = closes - opens
  if (length <= 0) {
    return { code: 'ENDS_BEFORE_START', message: 'The window must end after it begins.' }
  }
  if (length < SHORTEST_WINDOW) {
    return { code: 'WINDOW_TOO_SHORT', message: 'A window lasts five minutes at least.' }
  }
  if (length > LONGEST_WINDOW) {
    return { code: 'WINDOW_TOO_LONG', message: 'A window lasts a year at most.' }
  }
  if (closes <= now) {
    return { code: 'WINDOW_HAS_PASSED', message: 'This window has passed already.' }
  }
  if (closes > LATEST_TIME) {
    return { code: 'TIME_TOO_LATE', message: 'The contract knows no time after 2099.' }
  }
  return undefined
}
