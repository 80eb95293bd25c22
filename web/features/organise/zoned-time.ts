/** A moment, or why a wall-clock time is none. */
export type ZonedTime =
  | { ok: true; seconds: number; isTwice: boolean }
  | { ok: false; code: 'TIME_MISSING' | 'TIME_IN_GAP'; message: string }

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/
const DAY = 86_400_000

/** The moment (unix seconds) at which clocks in `zone` show `local` ("2026-02-14T12:30"). */
export function instantOf({ local, zone }: { local: string; zone: string }): ZonedTime {
  const asUtc = LOCAL.test(local) ? Date.parse(`${local}:00Z`) : Number.NaN
  if (Number.isNaN(asUtc)) {
    return { ok: false, code: 'TIME_MISSING', message: 'Give a day and a time.' }
  }

  // The zone's offset a day before and a day after are the only two that can hold at that time.
  const candidates = [asUtc - DAY, asUtc + DAY].map((at) => asUtc - offsetAt({ at, zone }))
  const moments = [...new Set(candidates)].filter((at) => at + offsetAt({ at, zone }) === asUtc)
  const first = moments.length === 0 ? undefined : Math.min(...moments)
  if (first === undefined) {
    return {
      ok: false,
      code: 'TIME_IN_GAP',
      message: `Clocks in ${zone} are put forward over this time: it does not exist that day. Choose an hour earlier or later.`,
    }
  }
  return { ok: true, seconds: first / 1000, isTwice: moments.length > 1 }
}

/** What clocks in `zone` show at a moment (unix seconds), as a date-time input takes it. */
export function localOf({ seconds, zone }: { seconds: number; zone: string }): string {
  const at = seconds * 1000
  return new Date(at + offsetAt({ at, zone })).toISOString().slice(0, 16)
}

/** How far clocks in `zone` are ahead of UTC at a moment, milliseconds. */
function offsetAt({ at, zone }: { at: number; zone: string }): number {
  const parts = formatOf(zone).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value)
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - Math.floor(at / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
