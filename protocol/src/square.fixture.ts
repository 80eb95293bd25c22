import type { Site, Vertex } from './geofence.ts'

/** A square around a point, for tests; neither wound nor begun as the canonical form is. */
export function square({
  half,
  east = 0,
  north = 0,
}: {
  half: number
  east?: number
  north?: number
}): Vertex[] {
  return [
    { longitudeE7: east + half, latitudeE7: north + half },
    { longitudeE7: east + half, latitudeE7: north - half },
    { longitudeE7: east - half, latitudeE7: north - half },
    { longitudeE7: east - half, latitudeE7: north + half },
  ]
}

/** A site of one such square. */
export function squareSite(place: { half: number; east?: number; north?: number }): Site {
  return { number: 1, name: 'Square', rings: [square(place)] }
}
