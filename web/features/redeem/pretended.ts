import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Locator } from './position-watch.ts'

/** A place to pretend to stand at, on the local chain only. */
export type Pretended = { longitude: number; latitude: number; label: string }

const ACCURACY_METRES = 5
const EACH_MILLISECONDS = 1_000

/** The position that a phone at the pretended place would report. */
export function pretendedPosition({ place, now }: { place: Pretended; now: number }): Position {
  return {
    longitude: place.longitude,
    latitude: place.latitude,
    accuracyMetres: ACCURACY_METRES,
    takenAt: now,
  }
}

/** A receiver that is at the pretended place, and says so each second. */
export function pretendedLocator(place: Pretended): Locator {
  return {
    watchPosition: (onFix) => {
      const tell = () => {
        const { accuracyMetres, takenAt, ...point } = pretendedPosition({ place, now: Date.now() })
        const unknown = { altitude: null, altitudeAccuracy: null, heading: null, speed: null }
        const coords = { ...point, accuracy: accuracyMetres, ...unknown, toJSON: () => point }
        onFix({ coords, timestamp: takenAt, toJSON: () => point })
      }
      queueMicrotask(tell)
      return Number(setInterval(tell, EACH_MILLISECONDS))
    },
    clearWatch: (watch) => clearInterval(watch),
  }
}

/** Coordinates typed by a person ("26.9359, 75.9236": latitude first, as maps show them). */
export function coordinatesIn(text: string): { longitude: number; latitude: number } | undefined {
  const found = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text)
  const [latitude, longitude] = [Number(found?.[1]), Number(found?.[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
    ? { longitude, latitude }
    : undefined
}
