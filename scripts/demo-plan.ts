import { hashGeofence, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { CLASSES } from '@coupon-secure/protocol/presence'

const MINUTE = 60
const HOUR = 60 * MINUTE
const SUPPLY = 300 // a coupon for each row of demo/attendees.csv, with a wallet or still without

/** The demo's meals. Windows count from the first start: one meal is ending, one is open, one is to come. */
export const MEALS = [
  { name: 'Breakfast', opens: -2 * HOUR, closes: 30 * MINUTE, readers: 'anybody' },
  { name: 'Lunch', opens: -HOUR, closes: 24 * HOUR, readers: 'holders' },
  { name: 'Dinner', opens: 5 * HOUR, closes: 8 * HOUR, readers: 'holders' },
] as const

/** One of the demo's meals. */
export type Meal = (typeof MEALS)[number]

/** The terms of a meal that is planned at `now` (unix seconds); times are on the clock's five minutes. */
export function demoTerms({
  meal,
  document,
  now,
}: {
  meal: Meal
  document: GeofenceDocument
  now: number
}) {
  const round = (seconds: number) => Math.ceil(seconds / (5 * MINUTE)) * 5 * MINUTE
  return {
    opensAt: round(now + meal.opens),
    closesAt: round(now + meal.closes),
    heldUntil: 0,
    grace: HOUR,
    supply: SUPPLY,
    sites: document.sites.length,
    requiredWitnesses: CLASSES.location,
    geofenceHash: hashGeofence(document),
  }
}
