import { saveFile, fileNameOf } from '../../ui/save-file.ts'

/** What a calendar is told of a coupon; nobody's name, and nothing that would use it. */
export type CalendarEntry = {
  /** The coupon's printed id. */
  id: string
  name: string
  /** Unix seconds. */
  opensAt: number
  closesAt: number
  /** Of the places where it can be used; none where they are not known here. */
  places: readonly string[]
  url: string
}

const LONGEST_LINE = 75 // octets, without what continues it

/** A calendar file (RFC 5545) of one entry, with a reminder as its window opens. */
export function calendarOf({
  entry: { id, name, opensAt, closesAt, places, url },
  now,
}: {
  entry: CalendarEntry
  /** Unix seconds. */
  now: number
}): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Coupon Secure//Pocket//EN',
    'BEGIN:VEVENT',
    `UID:${id}`,
    `DTSTAMP:${stampOf(now)}`,
    `DTSTART:${stampOf(opensAt)}`,
    `DTEND:${stampOf(closesAt)}`,
    `SUMMARY:${textOf(name)}`,
    ...(places.length > 0 ? [`LOCATION:${textOf(places.join(', '))}`] : []),
    `URL:${url}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${textOf(name)}`,
    'TRIGGER:PT0S',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

/** Gives the person the entry as a file, which a phone opens in its calendar. */
export function saveCalendar(entry: CalendarEntry): void {
  saveFile({
    name: `${fileNameOf(entry.name) || 'coupon'}.ics`,
    type: 'text/calendar;charset=utf-8',
    content: calendarOf({ entry, now: Math.floor(Date.now() / 1000) }),
  })
}

function stampOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** A text value: what separates is escaped, and what ends lines is no part of a name. */
function textOf(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/[\r\n]+/g, ' ')
}

function folded(line: string): string {
  const encoder = new TextEncoder()
  let out = ''
  let room = LONGEST_LINE
  for (const character of line) {
    const octets = encoder.encode(character).length
    if (octets > room) {
      out += '\r\n '
      room = LONGEST_LINE - 1
    }
    out += character
    room -= octets
  }
  return out
}
