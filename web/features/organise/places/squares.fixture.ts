import type { Site, Vertex } from '@coupon-secure/protocol/geofence'

/** A square ring around a point near the equator, whose side is twice `half` (degrees × 10⁷). */
export function squareAround({ x, y, half }: { x: number; y: number; half: number }): Vertex[] {
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ].map(([east = 0, north = 0]) => ({ longitudeE7: x + east, latitudeE7: y + north }))
}

/** A site that is one such square. */
export function squareSite({
  name,
  number,
  x = 0,
}: {
  name: string
  number: number
  x?: number
}): Site {
  return { name, number, rings: [squareAround({ x, y: 0, half: 10_000 })] }
}
