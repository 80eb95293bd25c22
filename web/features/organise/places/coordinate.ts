import { fromE7, toE7, type Vertex } from '@coupon-secure/protocol/geofence'

/** A position that somebody typed, or why it is none. */
export type Coordinate =
  | { ok: true; position: Vertex }
  | { ok: false; code: 'COORDINATE_UNREADABLE' | 'COORDINATE_OUT_OF_RANGE'; message: string }

/** How positions may be typed, with the order that is taken where no letters say it. */
export const COORDINATE_HINT =
  'Latitude first, then longitude: 26.9359, 75.9236 or 26°56′09″N 75°55′25″E.'

const UNREADABLE: Coordinate = {
  ok: false,
  code: 'COORDINATE_UNREADABLE',
  message: `This is no position. ${COORDINATE_HINT}`,
}

/** Reads a position: degrees, or degrees with minutes and seconds; letters (N, S, E, W) decide the order, else latitude is first. */
export function readCoordinate(text: string): Coordinate {
  const angles = partsOf(plain(text))?.map(angleOf)
  const [one, other] = angles ?? []
  if (one === undefined || other === undefined) return UNREADABLE
  const isLongitudeFirst = one.axis === 'longitude' || other.axis === 'latitude'
  const [latitude, longitude] = isLongitudeFirst ? [other, one] : [one, other]
  if (latitude.axis === 'longitude' || longitude.axis === 'latitude') return UNREADABLE
  if (Math.abs(latitude.degrees) > 90) {
    const isSwapped = Math.abs(longitude.degrees) <= 90 && Math.abs(latitude.degrees) <= 180
    return outOfRange(
      `A latitude is 90 degrees at most; this one is ${Math.abs(latitude.degrees)}.` +
        (isSwapped ? ' The latitude comes first: are the two the wrong way round?' : ''),
    )
  }
  if (Math.abs(longitude.degrees) > 180) {
    return outOfRange(
      `A longitude is 180 degrees at most; this one is ${Math.abs(longitude.degrees)}.`,
    )
  }
  return {
    ok: true,
    position: { longitudeE7: toE7(longitude.degrees), latitudeE7: toE7(latitude.degrees) },
  }
}

/** A position as it can be typed again: "26.9359, 75.9236". */
export function coordinateText({ longitudeE7, latitudeE7 }: Vertex): string {
  return `${degreesText(latitudeE7)}, ${degreesText(longitudeE7)}`
}

/** One angle in plain decimals, never in powers of ten. */
export function degreesText(e7: number): string {
  return fromE7(e7)
    .toFixed(7)
    .replace(/\.?0+$/, '')
}

type Angle = { degrees: number; axis: 'latitude' | 'longitude' | undefined }

/** One kind of each mark, letters in capitals, decimal points. */
function plain(text: string): string {
  const marked = text
    .trim()
    .toUpperCase()
    .replace(/[º˚]/g, '°')
    .replace(/[′’‘`´]/g, "'")
    .replace(/[″”“]|''/g, '"')
    .replace(/[−–]/g, '-')
  // A comma between digits is a decimal comma only where something else parts the two numbers.
  const hasOtherPart = /;|\d,\d+[^\d,.]+\d+,\d/.test(marked)
  return hasOtherPart ? marked.replace(/(\d),(\d)/g, '$1.$2') : marked
}

function partsOf(text: string): [string, string] | undefined {
  const listed = text.split(/\s*[,;]\s*/)
  if (listed.length > 1) return pairOf(listed)
  const lettered =
    /^([^NSEW]+[NS])\s*([^NSEW]+[EW])$/.exec(text) ??
    /^([^NSEW]+[EW])\s*([^NSEW]+[NS])$/.exec(text) ??
    /^([NS][^NSEW]+)([EW][^NSEW]+)$/.exec(text) ??
    /^([EW][^NSEW]+)([NS][^NSEW]+)$/.exec(text) ??
    /^(.+['"°].*?)\s+([+-]?\d+(?:\.\d+)?°.*)$/.exec(text)
  if (lettered) return pairOf(lettered.slice(1))
  const words = text.split(/\s+/)
  const half = words.length / 2
  return words.length % 2 === 0 && half <= 3
    ? [words.slice(0, half).join(' '), words.slice(half).join(' ')]
    : undefined
}

function pairOf(parts: readonly string[]): [string, string] | undefined {
  const [one, other] = parts
  return parts.length === 2 && one !== undefined && other !== undefined ? [one, other] : undefined
}

function angleOf(text: string): Angle | undefined {
  const found =
    /^([NSEW])?\s*([+-])?\s*(\d+(?:\.\d+)?)(?:\s*°\s*|\s+|$)(?:(\d+(?:\.\d+)?)(?:\s*'\s*|\s+|$))?(?:(\d+(?:\.\d+)?)\s*"?\s*)?([NSEW])?$/.exec(
      text.trim().replace(/(\d)\s*([NSEW])$/, '$1 $2'),
    )
  if (found === null) return undefined
  const [, before, sign, whole = '', minutes, seconds, after] = found
  const letter = before ?? after
  if (before !== undefined && after !== undefined) return undefined
  if (sign !== undefined && letter !== undefined) return undefined
  if ([minutes, seconds].some((part) => Number(part ?? 0) >= 60)) return undefined
  // Only the last of degrees, minutes and seconds may have a fraction.
  const isSplit = [minutes && whole, seconds && minutes].some((part) => part?.includes('.'))
  if (isSplit) return undefined
  const size = Number(whole) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600
  const isNegative = sign === '-' || letter === 'S' || letter === 'W'
  return {
    degrees: isNegative ? -size : size,
    axis: letter === undefined ? undefined : 'NS'.includes(letter) ? 'latitude' : 'longitude',
  }
}

function outOfRange(message: string): Coordinate {
  return { ok: false, code: 'COORDINATE_OUT_OF_RANGE', message }
}
