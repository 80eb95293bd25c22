import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Failure } from '../../chain/explain-revert.ts'

/** The part of `navigator.geolocation` that is used. */
export type Locator = Pick<Geolocation, 'watchPosition' | 'clearWatch'>

/** A position, or why there is none. */
export type Located = { ok: true; position: Position } | { ok: false; failure: Failure }

// A fix this good is not waited upon any further; a meal hall is larger.
const GOOD_METRES = 20
const PATIENCE_MILLISECONDS = 6_000 // after the first fix, for a better one
const TIMEOUT_MILLISECONDS = 20_000 // for any fix at all
// No receiver knows better than this; browsers under test say 0, which would be no radius at all.
const LEAST_METRES = 1

/** The best position the device offers within some seconds; `onFix` hears of each better one. */
export function takePosition({
  locator,
  onFix,
  signal,
  timeout = TIMEOUT_MILLISECONDS,
  patience = PATIENCE_MILLISECONDS,
}: {
  locator: Locator | undefined
  onFix: (position: Position) => void
  signal: AbortSignal
  timeout?: number
  patience?: number
}): Promise<Located> {
  if (locator === undefined) return Promise.resolve(failed('POSITION_UNSUPPORTED'))

  return new Promise((resolve) => {
    let best: Position | undefined
    const finish = (located: Located) => {
      locator.clearWatch(watch)
      clearTimeout(noFix)
      clearTimeout(noBetter)
      signal.removeEventListener('abort', abandon)
      resolve(located)
    }
    const settle = () => finish(best ? { ok: true, position: best } : failed('POSITION_TIMEOUT'))
    const abandon = () => finish(failed('POSITION_ABANDONED'))

    let noBetter: ReturnType<typeof setTimeout> | undefined
    const noFix = setTimeout(settle, timeout)
    signal.addEventListener('abort', abandon)
    const watch = locator.watchPosition(
      (fix) => {
        const position = positionOf(fix)
        if (position === undefined || !isBetter({ position, than: best })) return
        best = position
        onFix(position)
        noBetter ??= setTimeout(settle, patience)
        // Not at once: some browsers call back before watchPosition has returned its number.
        if (position.accuracyMetres <= GOOD_METRES) queueMicrotask(settle)
      },
      ({ code }) => {
        // Errors after a fix say that there is no better one yet, except when the person says no.
        if (best !== undefined && code !== 1) return
        queueMicrotask(() => finish(failed(CODES[code] ?? 'POSITION_UNAVAILABLE')))
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout },
    )
    if (signal.aborted) abandon()
  })
}

/** The browser's fix as it goes over the wire; undefined where it is no position at all. */
export function positionOf({
  coords,
  timestamp,
}: {
  coords: Pick<GeolocationCoordinates, 'longitude' | 'latitude' | 'accuracy'> &
    Partial<GeolocationCoordinates>
  timestamp: number
}): Position | undefined {
  const { longitude, latitude, accuracy, altitude, altitudeAccuracy, heading, speed } = coords
  if (![longitude, latitude, accuracy, timestamp].every(Number.isFinite)) return undefined
  return {
    longitude,
    latitude,
    accuracyMetres: Math.max(accuracy, LEAST_METRES),
    takenAt: Math.round(timestamp),
    ...(isKnown(altitude) && { altitudeMetres: altitude }),
    ...(isKnown(altitudeAccuracy) &&
      altitudeAccuracy >= 0 && { altitudeAccuracyMetres: altitudeAccuracy }),
    ...(isKnown(heading) && heading >= 0 && heading <= 360 && { headingDegrees: heading }),
    ...(isKnown(speed) && speed >= 0 && { speedMetresPerSecond: speed }),
  }
}

// Null where the device has no such thing, NaN where it makes no sense.
function isKnown(value: number | null | undefined): value is number {
  return Number.isFinite(value)
}

const CODES: Record<number, keyof typeof SENTENCES> = {
  1: 'POSITION_DENIED',
  2: 'POSITION_UNAVAILABLE',
  3: 'POSITION_TIMEOUT',
}

const SENTENCES = {
  POSITION_ABANDONED: 'You went back before your position was known. Nothing was used.',
  POSITION_DENIED:
    'Location is blocked for this page. Allow it in the browser’s site settings (and for the browser itself in the phone’s settings), then try again.',
  POSITION_TIMEOUT:
    'Your phone found no position in time. Step outside or to a window, wait a moment and try again.',
  POSITION_UNAVAILABLE:
    'Your phone cannot tell where it is. Turn location on in the phone’s settings, then try again.',
  POSITION_UNSUPPORTED:
    'This browser gives no position to this page. Open the page in your phone’s own browser, over https.',
} as const

function failed(code: keyof typeof SENTENCES): Located {
  return { ok: false, failure: { code, sentence: SENTENCES[code] } }
}

function isBetter({ position, than }: { position: Position; than: Position | undefined }): boolean {
  return than === undefined || position.accuracyMetres <= than.accuracyMetres
}
