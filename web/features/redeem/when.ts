import type { Words } from '../../words/words.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** In which zone, the reader's own where none is given, and in whose words. */
type Spoken = { zone?: string | undefined; words: Words }

/** A moment as people say it: "today at 12:30", "tomorrow at 08:00", "Sat 14 Feb at 12:30". Unix seconds. */
export function momentText({
  at,
  now,
  isShort = false,
  ...spoken
}: Spoken & {
  at: number
  now: number
  /** Within a sentence, today's time alone is enough. */
  isShort?: boolean
}): string {
  const { say } = spoken.words
  const time = clockText({ at, ...spoken })
  const day = (moment: number) => format({ ...spoken, dateStyle: 'short' }).format(moment * 1000)
  if (day(at) === day(now)) return say(isShort ? 'when.time' : 'when.today', { time })
  if (day(at) === day(now + DAY)) return say('when.tomorrow', { time })
  if (day(at) === day(now - DAY)) return say('when.yesterday', { time })
  const date = format({ ...spoken, weekday: 'short', day: 'numeric', month: 'short' })
  return say('when.day', { day: date.format(at * 1000), time })
}

/** The time of day: "12:30", or "12:30:07" where seconds matter. */
export function clockText({
  at,
  hasSeconds = false,
  ...spoken
}: Spoken & {
  at: number
  hasSeconds?: boolean
}): string {
  return format({
    ...spoken,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(hasSeconds && { second: '2-digit' }),
  }).format(at * 1000)
}

/** How long something takes: "less than a minute", "25 min", "2 h 10 min", "3 days". */
export function spanText({ seconds, words: { say } }: { seconds: number; words: Words }): string {
  if (seconds < MINUTE) return say('span.moment')
  if (seconds < HOUR) return say('span.minutes', { minutes: Math.floor(seconds / MINUTE) })
  if (seconds < DAY) {
    const minutes = Math.floor((seconds % HOUR) / MINUTE)
    const hours = Math.floor(seconds / HOUR)
    return minutes > 0 ? say('span.hoursMinutes', { hours, minutes }) : say('span.hours', { hours })
  }
  return say('span.days', { days: Math.floor(seconds / DAY) })
}

/** A distance as people say it: "40 m", "1.2 km". */
export function distanceText({ metres, words: { say } }: { metres: number; words: Words }): string {
  if (metres < 1_000) {
    return say('guide.metres', { value: Math.max(10, Math.round(metres / 10) * 10) })
  }
  const step = metres < 100_000 ? 10 : 1
  return say('guide.kilometres', { value: Math.round((metres / 1_000) * step) / step })
}

/** What is left of a minute or ten: "9:05". */
export function leftText(seconds: number): string {
  return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, '0')}`
}

function format({ zone, words, ...options }: Spoken & Intl.DateTimeFormatOptions) {
  return words.dates({ ...options, ...(zone && { timeZone: zone }) })
}
