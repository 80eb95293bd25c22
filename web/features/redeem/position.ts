import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Failure } from '../../chain/explain-revert.ts'
import { type Locator, type Page, watchWhileVisible } from './position-watch.ts'

/** A position, or why there is none. */
export type Located = { ok: true; position: Position } | { ok: false; failure: Failure }

// A fix this good is not waited upon any further; a meal hall is larger.
const GOOD_METRES = 20
const PATIENCE_MILLISECONDS = 6_000 // after the first fix, for a better one
const TIMEOUT_MILLISECONDS = 20_000 // for any fix at all
// No receiver knows better than this; browsers under test say 0, which would be no radius at all.
const LEAST_METRES = 1
// No place need take an older one, and the oracle takes none from further ahead.
const OLDEST_MILLISECONDS = 60_000
const LATEST_AHEAD_MILLISECONDS = 5_000
// After so long a fix says where somebody was, not where they are.
const MOVED_MILLISECONDS = 3_000

/**
 * The best position the device offers within some seconds; `onFix` hears of each better one. Old fixes, and those from the future,
 * are no answer. While the page is hidden the device is asked nothing and no time passes.
 */
export function takePosition({
  locator,
  onFix,
  signal,
  page,
  now = Date.now,
  after = 0,
  isGood = ({ accuracyMetres }) => accuracyMetres <= GOOD_METRES,
  timeout = TIMEOUT_MILLISECONDS,
  patience = PATIENCE_MILLISECONDS,
}: {
  locator: Locator | undefined
  onFix: (position: Position) => void
  signal: AbortSignal
  page?: Page | undefined
  /** Unix milliseconds, by the device's own clock. */
  now?: () => number
  /** Only a fix taken later than this counts. */
  after?: number
  /** What is waited upon no further. */
  isGood?: ((position: Position) => boolean) | undefined
  timeout?: number
  patience?: number
}): Promise<Located> {
  if (locator === undefined) return Promise.resolve(failed('POSITION_UNSUPPORTED'))

  return new Promise((resolve) => {
    let best: Position | undefined
    let why: keyof typeof SENTENCES | undefined
    let noBetter: ReturnType<typeof setTimeout> | undefined
    let noFix: ReturnType<typeof setTimeout> | undefined
    const finish = (located: Located) => {
      stop()
      clearTimeout(noFix)
      clearTimeout(noBetter)
      signal.removeEventListener('abort', abandon)
      resolve(located)
    }
    const settle = () =>
      finish(best ? { ok: true, position: best } : failed(why ?? 'POSITION_TIMEOUT'))
    const abandon = () => finish(abandoned)
    const wait = () => {
      clearTimeout(noFix)
      clearTimeout(noBetter)
      noFix = setTimeout(settle, timeout)
      if (best ?? why) noBetter = setTimeout(settle, patience)
    }

    signal.addEventListener('abort', abandon)
    const stop = watchWhileVisible({
      locator,
      page,
      timeout,
      onFix: (fix) => {
        const position = positionOf(fix)
        if (position === undefined || position.takenAt <= after) return
        why = misfitOf({ position, now: now() })
        noBetter ??= setTimeout(settle, patience)
        if (why !== undefined || !isBetter({ position, than: best })) return
        best = position
        onFix(position)
        // Not at once: some browsers call back before watchPosition has returned its number.
        if (isGood(position)) queueMicrotask(settle)
      },
      onError: ({ code }) => {
        why = CODES[code] ?? 'POSITION_UNAVAILABLE'
        // Some say that they do not know, and know a moment later; after a fix it only means that there is no better one yet.
        if (why === 'POSITION_UNAVAILABLE') noBetter ??= setTimeout(settle, patience)
        else if (best === undefined || why === 'POSITION_DENIED') {
          const answer = failed(why)
          queueMicrotask(() => finish(answer))
        }
      },
      onVisible: (isVisible) => {
        if (isVisible) return wait()
        clearTimeout(noFix)
        clearTimeout(noBetter)
      },
    })
    if (page?.visibilityState !== 'hidden') wait()
    if (signal.aborted) abandon()
  })
}

/** Why a fix is no answer to where the phone is now: it is old, or from the future. `now` in unix milliseconds. */
export function misfitOf({
  position: { takenAt },
  now,
}: {
  position: Pick<Position, 'takenAt'>
  now: number
}): Misfit | undefined {
  if (takenAt > now + LATEST_AHEAD_MILLISECONDS) return 'POSITION_FROM_FUTURE'
  return takenAt < now - OLDEST_MILLISECONDS ? 'POSITION_OLD' : undefined
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

type Misfit = Extract<keyof typeof SENTENCES, 'POSITION_OLD' | 'POSITION_FROM_FUTURE'>

const SENTENCES = {
  POSITION_ABANDONED: 'You went back before your position was known. Nothing was used.',
  POSITION_DENIED:
    'Location is blocked for this page. Allow it in the browser’s site settings (and for the browser itself in the phone’s settings), then try again.',
  POSITION_FROM_FUTURE:
    'Your phone’s position comes from the future: its clock is wrong. Set date and time to automatic in the phone’s settings, then try again.',
  POSITION_OLD:
    'Your phone only knows where it was some time ago. Turn location off and on in the phone’s settings, wait a moment and try again.',
  POSITION_TIMEOUT:
    'Your phone found no position in time. Step outside or to a window, wait a moment and try again.',
  POSITION_UNAVAILABLE:
    'Your phone cannot tell where it is. Turn location on in the phone’s settings, then try again.',
  POSITION_UNSUPPORTED:
    'This browser gives no position to this page. Open the page in your phone’s own browser, over https.',
} as const

function failed(code: keyof typeof SENTENCES): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, sentence: SENTENCES[code] } }
}

function isBetter({ position, than }: { position: Position; than: Position | undefined }): boolean {
  if (than === undefined || position.accuracyMetres <= than.accuracyMetres) return true
  const isLater = position.takenAt >= than.takenAt + MOVED_MILLISECONDS
  return isLater && position.accuracyMetres <= 1.5 * than.accuracyMetres
}

/** The person went elsewhere before there was one. */
export const abandoned: Located = failed('POSITION_ABANDONED')
