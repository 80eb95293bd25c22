import { cosineOf, MILLIMETRES_PER_E7 } from '@coupon-secure/protocol/earth'
import type { Vertex } from '@coupon-secure/protocol/geofence'

/** How many corners stand for a circle: between two of them its edge runs a thousandth of the radius further in. */
export const CIRCLE_CORNERS = 64

const LARGEST_RADIUS_METRES = 56_000

/** The corners of a circle, counter-clockwise from the east, in whole units. */
export function circleAround({
  centre,
  radiusMetres,
}: {
  centre: Vertex
  radiusMetres: number
}): Vertex[] {
  const north = (radiusMetres * 1000) / MILLIMETRES_PER_E7
  const east = north / cosineOf(centre.latitudeE7)
  return Array.from({ length: CIRCLE_CORNERS }, (_, index) => {
    const angle = (index / CIRCLE_CORNERS) * 2 * Math.PI
    return {
      longitudeE7: Math.round(centre.longitudeE7 + east * Math.cos(angle)),
      latitudeE7: Math.round(centre.latitudeE7 + north * Math.sin(angle)),
    }
  })
}

/** A radius as it was typed, in metres; undefined where it is none that a site can have. */
export function radiusOf(text: string): number | undefined {
  const typed = /^\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*m?\s*$/.exec(text)?.[1]
  const metres = Number(typed?.replace(',', '.'))
  return metres > 0 && metres <= LARGEST_RADIUS_METRES ? metres : undefined
}
