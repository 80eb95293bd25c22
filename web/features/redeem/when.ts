const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A moment as people say it: "today at 12:30", "tomorrow at 08:00", "Sat 14 Feb at 12:30". Unix seconds. */
export function momentText({
  at,
  now,
  zone,
}: {
  at: number
  now: number
  zone?: string | undefined
}): string {
  return `${dayText({ at, now, zone })} at ${clockText({ at, zone })}`
}

/** The time of day: "12:30", or "12:30:07" where seconds matter. */
export function clockText({
  at,
  zone,
  hasSeconds = false,
}: {
  at: number
  zone?: string | undefined
  hasSeconds?: boolean
}): string {
  return format({
    zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(hasSeconds && { second: '2-digit' }),
  }).format(at * 1000)
}

/** How long something takes: "less than a minute", "25 min", "2 h 10 min", "3 days". */
export function spanText(seconds: number): string {
  if (seconds < MINUTE) return 'less than a minute'
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`
  if (seconds < DAY) {
    const minutes = Math.floor((seconds % HOUR) / MINUTE)
    return `${Math.floor(seconds / HOUR)} h${minutes > 0 ? ` ${minutes} min` : ''}`
  }
  const days = Math.floor(seconds / DAY)
  return days === 1 ? 'a day' : `${days} days`
}

/** A distance as people say it: "40 m", "1.2 km". */
export function distanceText(metres: number): string {
  if (metres < 1_000) return `${Math.max(10, Math.round(metres / 10) * 10)} m`
  return metres < 100_000 ? `${(metres / 1_000).toFixed(1)} km` : `${Math.round(metres / 1_000)} km`
}

function dayText({
  at,
  now,
  zone,
}: {
  at: number
  now: number
  zone?: string | undefined
}): string {
  const day = (moment: number) => format({ zone, dateStyle: 'short' }).format(moment * 1000)
  if (day(at) === day(now)) return 'today'
  if (day(at) === day(now + DAY)) return 'tomorrow'
  if (day(at) === day(now - DAY)) return 'yesterday'
  return format({ zone, weekday: 'short', day: 'numeric', month: 'short' }).format(at * 1000)
}

const formats = new Map<string, Intl.DateTimeFormat>()

// Making a format is dear, and a pocket is drawn every second.
function format({
  zone,
  ...options
}: Intl.DateTimeFormatOptions & { zone: string | undefined }): Intl.DateTimeFormat {
  const key = JSON.stringify({ zone, ...options })
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })
  formats.set(key, known)
  return known
}
