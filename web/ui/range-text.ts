import { englishShell, type Words } from '../words/words.ts'

/** "Sat 14 Feb, 12:00 – 14:00 GMT+5:30", naming the second day only where it is another. */
export function rangeText({
  from,
  to,
  zone,
  words = englishShell,
}: {
  from: number
  to: number
  zone: string | undefined
  words?: Pick<Words, 'dates'>
}): string {
  const format = words.dates({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  })
  return format.formatRange(from * 1000, to * 1000)
}

/** "Sat 14 Feb, 12:30", in the reader's zone unless another is given; unix seconds. */
export function momentText(seconds: number, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(seconds * 1000)
}

/** "12:30", in the reader's zone; unix seconds. */
export function clockText(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(seconds * 1000)
}
