/** Which of the two is meant where clocks show a time twice. */
export type Pick = 'first' | 'second'

/** A moment, or why a wall-clock time is none. */
export type ZonedTime =
  | { ok: true; seconds: number; isTwice: boolean }
  | { ok: false; code: 'TIME_MISSING' | 'TIME_IN_GAP'; message: string }

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/
const MINUTE = 60_000
const DAY = 86_400_000

/** The moment (unix seconds) at which clocks in `zone` show `local` ("2026-02-14T12:30"); where they do so twice, the first. */
export function instantOf({
  local,
  zone,
  pick = 'first',
}: {
  local: string
  zone: string
  pick?: Pick | undefined
}): ZonedTime {
  const asUtc = LOCAL.test(local) ? Date.parse(`${local}:00Z`) : Number.NaN
  if (Number.isNaN(asUtc)) {
    return { ok: false, code: 'TIME_MISSING', message: 'Give a day and a time.' }
  }
  const moments = momentsOf({ asUtc, zone })
  const chosen = pick === 'first' ? moments[0] : moments.at(-1)
  return chosen === undefined
    ? { ok: false, code: 'TIME_IN_GAP', message: gapText({ asUtc, zone }) }
    : { ok: true, seconds: chosen / 1000, isTwice: moments.length > 1 }
}

/** What clocks in `zone` show at a moment (unix seconds), as a date-time input takes it. */
export function localOf({ seconds, zone }: { seconds: number; zone: string }): string {
  const at = seconds * 1000
  return new Date(at + offsetAt({ at, zone })).toISOString().slice(0, 16)
}

/** How far clocks in `zone` are from UTC at a moment (unix seconds), as people say it: "GMT+2". */
export function offsetText({ seconds, zone }: { seconds: number; zone: string }): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' })
  const parts = format.formatToParts(seconds * 1000)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** A wall-clock time some days later: the clock shows the same, however long those days are. */
export function daysLater({ local, days }: { local: string; days: number }): string {
  const asUtc = LOCAL.test(local) ? Date.parse(`${local}:00Z`) : Number.NaN
  return Number.isNaN(asUtc) ? local : new Date(asUtc + days * DAY).toISOString().slice(0, 16)
}

/** The days from one wall-clock time, or day, to another; undefined where either is none. */
export function daysBetween({ from, to }: { from: string; to: string }): number | undefined {
  const [start, end] = [from, to].map((text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`))
  if (start === undefined || end === undefined) return undefined
  return Number.isNaN(end - start) ? undefined : (end - start) / DAY
}

/** A day as people say it: "Sun, 29 March 2026". */
export function dayText(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(Date.parse(`${day.slice(0, 10)}T00:00:00Z`))
}

/** Every moment at which clocks show this, in order: mostly one, none in a gap, two when they are put back. */
function momentsOf({ asUtc, zone }: { asUtc: number; zone: string }): number[] {
  // The zone's offset a day before and a day after are the only two that can hold at that time.
  const candidates = [asUtc - DAY, asUtc + DAY].map((at) => asUtc - offsetAt({ at, zone }))
  return [...new Set(candidates)]
    .filter((at) => at + offsetAt({ at, zone }) === asUtc)
    .sort((a, b) => a - b)
}

/** Which hour is missing: clocks leap from its beginning to its end. */
function gapText({ asUtc, zone }: { asUtc: number; zone: string }): string {
  let [before, after] = [asUtc - DAY, asUtc + DAY] // somewhere between these clocks leap
  const [early, late] = [offsetAt({ at: before, zone }), offsetAt({ at: after, zone })]
  while (after - before > MINUTE) {
    const middle = Math.floor((before + after) / 2 / MINUTE) * MINUTE
    if (offsetAt({ at: middle, zone }) === early) before = middle
    else after = middle
  }
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16)
  const day = new Date(asUtc).toISOString()
  return (
    `Clocks in ${zone} leap from ${clock(after + early)} to ${clock(after + late)} on ${dayText(day)}: ` +
    `there is no ${clock(asUtc)} that day.`
  )
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
