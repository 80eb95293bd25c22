import { fromE7, type Site } from '@coupon-secure/protocol/geofence'

/** A point in degrees. */
export type Point = { longitude: number; latitude: number }

/** Metres to the east (x) and to the north (y). */
export type Flat = { x: number; y: number }

const METRES_PER_DEGREE = 111_195 // along a meridian

/** A point well inside a site: of a grid over its box, the inner point farthest from every edge. */
export function pointInside(site: Site): Point {
  const corners = site.rings.flat().map(pointOf)
  const box = boxOf(corners)
  const grid = steps().flatMap((across) =>
    steps().map((up) => ({
      longitude: box.west + (box.east - box.west) * across,
      latitude: box.south + (box.north - box.south) * up,
    })),
  )
  const inner = grid.filter((point) => isRoughlyInside({ site, point }))
  return inner.reduce(
    (best, point) =>
      metresToEdge({ site, point }) > metresToEdge({ site, point: best }) ? point : best,
    inner[0] ?? corners[0] ?? { longitude: 0, latitude: 0 },
  )
}

/** A point so many metres from a site, on the side where no other site is near. */
export function pointAway({
  site,
  sites,
  metres,
}: {
  site: Site
  sites: readonly Site[]
  metres: number
}): Point {
  const { west, east, south, north } = boxOf(site.rings.flat().map(pointOf))
  const middle = { longitude: (west + east) / 2, latitude: (south + north) / 2 }
  const across = metres / metresPerLongitude(middle.latitude)
  const up = metres / METRES_PER_DEGREE
  const sides = [
    { ...middle, longitude: east + across },
    { ...middle, longitude: west - across },
    { ...middle, latitude: north + up },
    { ...middle, latitude: south - up },
  ]
  const clearance = (point: Point) =>
    Math.min(...sites.map((other) => metresToEdge({ site: other, point })))
  return sides.toSorted((a, b) => clearance(b) - clearance(a))[0] ?? middle
}

/** How far it is from a point to the site's nearest edge, in metres; for showing, never for deciding. */
export function metresToEdge(of: { site: Site; point: Point }): number {
  const { x, y } = wayToEdge(of)
  return Math.hypot(x, y)
}

/** The way from a point to the site's nearest edge: metres to the east (x) and to the north (y); for showing, never for deciding. */
export function wayToEdge({ site, point }: { site: Site; point: Point }): Flat {
  const flat = (to: Point) => wayTo({ from: point, to })
  return site.rings
    .flatMap((ring) =>
      edgesOf(ring.map(pointOf)).map(([a, b]) => nearestToOrigin({ a: flat(a), b: flat(b) })),
    )
    .reduce((best, way) => (Math.hypot(way.x, way.y) < Math.hypot(best.x, best.y) ? way : best))
}

/** The way from one point to another, as wide as the earth is there; for showing, never for deciding. */
export function wayTo({ from, to }: { from: Point; to: Point }): Flat {
  return {
    x: (to.longitude - from.longitude) * metresPerLongitude(from.latitude),
    y: (to.latitude - from.latitude) * METRES_PER_DEGREE,
  }
}

/** A site's rings as points. */
export function ringsOf(site: Site): Point[][] {
  return site.rings.map((ring) => ring.map(pointOf))
}

function nearestToOrigin({ a, b }: { a: Flat; b: Flat }): Flat {
  const along = { x: b.x - a.x, y: b.y - a.y }
  const squared = along.x ** 2 + along.y ** 2
  const share = squared === 0 ? 0 : -(a.x * along.x + a.y * along.y) / squared
  const clamped = Math.min(1, Math.max(0, share))
  return { x: a.x + along.x * clamped, y: a.y + along.y * clamped }
}

/** Whether a point is inside, even–odd over all rings, so that holes count as outside; for showing, never for deciding. */
export function isRoughlyInside({ site, point }: { site: Site; point: Point }): boolean {
  const crossings = site.rings
    .flatMap((ring) => edgesOf(ring.map(pointOf)))
    .filter(([a, b]) => {
      if (a.latitude > point.latitude === b.latitude > point.latitude) return false
      const share = (point.latitude - a.latitude) / (b.latitude - a.latitude)
      return point.longitude < a.longitude + share * (b.longitude - a.longitude)
    })
  return crossings.length % 2 === 1
}

function edgesOf(ring: readonly Point[]): [Point, Point][] {
  return ring.flatMap((point, index): [Point, Point][] => {
    const next = ring[(index + 1) % ring.length]
    return next ? [[point, next]] : []
  })
}

function pointOf({ longitudeE7, latitudeE7 }: { longitudeE7: number; latitudeE7: number }): Point {
  return { longitude: fromE7(longitudeE7), latitude: fromE7(latitudeE7) }
}

function boxOf(points: readonly Point[]) {
  const longitudes = points.map(({ longitude }) => longitude)
  const latitudes = points.map(({ latitude }) => latitude)
  return {
    west: Math.min(...longitudes),
    east: Math.max(...longitudes),
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
  }
}

function steps(): number[] {
  return Array.from({ length: 19 }, (_, index) => (index + 1) / 20)
}

function metresPerLongitude(latitude: number): number {
  return METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180)
}
