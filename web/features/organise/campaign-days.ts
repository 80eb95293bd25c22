import type { FieldProblem } from '../../ui/Field.tsx'
import type { WallTimes } from './campaign-window.ts'
import { daysBetween, daysLater } from './zoned-time.ts'

/** One campaign of those that a form makes: its day ("2026-02-14"), its name, its times by the clock. */
export type PlannedDay = { day: string; name: string; times: WallTimes }

/** The most campaigns that one signature makes: some eight million gas. */
export const MOST_DAYS = 31

/**
 * The campaigns of a form, by day: the one whose times were typed, and the same by the clock on each other day. Alone it has the
 * form's name; together each is told apart by its day.
 */
export function plannedDays({
  name,
  times,
  otherDays,
}: {
  name: string
  times: WallTimes
  otherDays: readonly string[]
}): PlannedDay[] {
  const first = times.opensAt.slice(0, 10)
  const days = [...new Set([first, ...otherDays])].sort()
  return days.map((day) => {
    const apart = daysBetween({ from: first, to: day }) ?? 0
    const later = (local: string) =>
      local === '' || apart === 0 ? local : daysLater({ local, days: apart })
    return {
      day,
      name: days.length === 1 ? name : `${name}, ${shortDay(day)}`,
      times: {
        opensAt: later(times.opensAt),
        closesAt: later(times.closesAt),
        heldUntil: later(times.heldUntil),
      },
    }
  })
}

/** Why a day cannot be added to those that are there. */
export function dayProblem({
  day,
  days,
}: {
  day: string
  days: readonly string[]
}): FieldProblem | undefined {
  if (daysBetween({ from: day, to: day }) === undefined) {
    return { code: 'DAY_MISSING', message: 'Choose a day.' }
  }
  if (days.includes(day)) return { code: 'DAY_REPEATED', message: 'This day is in the list.' }
  if (days.length >= MOST_DAYS) {
    return {
      code: 'TOO_MANY_DAYS',
      message: `One signature makes ${MOST_DAYS} campaigns at most; make the others after it.`,
    }
  }
  return undefined
}

/** The day after the last of these. */
export function dayAfter(days: readonly string[]): string {
  const last = [...days].sort().at(-1) ?? ''
  return daysLater({ local: `${last}T00:00`, days: 1 }).slice(0, 10)
}

function shortDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(at)) return day
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  }).format(at)
}
