import { hashGeofence, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { CLASSES } from '@coupon-secure/protocol/presence'

const MINUTE = 60
const HOUR = 60 * MINUTE
const SUPPLY = 300 // a coupon for each row of demo/attendees.csv, with a wallet or still without
const ALL = 100 // the attendees with a wallet

/** One of the demo's meals; windows count from the first start, attendees from 0. */
export type Meal = {
  name: string
  opens: number
  closes: number
  readers: GeofenceDocument['readers']
  supply: number
  /** The first so many attendees hold a coupon; it waits for them until `heldUntil`, or to the end. */
  holders: number
  heldUntil?: number
  /** So many of the attendees after them are on standby. */
  standby: number
}

const full = { supply: SUPPLY, holders: ALL, standby: 0 }

/** The demo's meals: one is ending, two are open, one is to come; of one, what is left goes to standby soon. */
export const MEALS = [
  { name: 'Breakfast', opens: -2 * HOUR, closes: 30 * MINUTE, readers: 'anybody', ...full },
  { name: 'Lunch', opens: -HOUR, closes: 24 * HOUR, readers: 'holders', ...full },
  { name: 'Dinner', opens: 5 * HOUR, closes: 8 * HOUR, readers: 'holders', ...full },
  {
    name: 'Workshop snack',
    opens: -HOUR,
    closes: 24 * HOUR,
    readers: 'anybody',
    supply: 10,
    holders: 10,
    heldUntil: 15 * MINUTE,
    standby: 2,
  },
] as const satisfies readonly Meal[]

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
    heldUntil: meal.heldUntil === undefined ? 0 : round(now + meal.heldUntil),
    grace: HOUR,
    supply: meal.supply,
    sites: document.sites.length,
    requiredWitnesses: CLASSES.location,
    geofenceHash: hashGeofence(document),
  }
}
