import type { Site } from '@coupon-secure/protocol/geofence'
import { type Flat, metresToEdge, type Point, ringsOf, wayTo } from './site-points.ts'

/** The sketch's own measure, of which its picture is scaled. */
export const SIDE = 320

/** A place and a person as they are drawn, north up: paths, a circle, and a bar of so many metres. */
export type Sketch = {
  /** With the spot above each where its name stands. */
  sites: { name: string; path: string; x: number; y: number }[]
  person: { x: number; y: number; radius: number } | undefined
  bar: { metres: number; length: number }
}

const MARGIN = 28
const LEAST_METRES = 40 // across; nearer, a phone's own doubt would fill the picture
// So far away, a picture of both would show neither.
const FARTHEST_METRES = 5_000
const NEAR_METRES = 250 // other sites so near are of use to who looks for one
const LEAST_RADIUS = 6
const BARS = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]

/** Draws the sites around a person and their circle; without one, or with one who is far away, the place alone. */
export function sketchOf({
  sites,
  person,
  nearMetres = NEAR_METRES,
}: {
  sites: readonly Site[]
  person: (Point & { accuracyMetres: number }) | undefined
  /** Other sites so near are drawn too. */
  nearMetres?: number
}): Sketch | undefined {
  const { shown, seen } = around({ sites, person, nearMetres })
  const origin = seen ?? pointsOf(shown)[0]
  if (origin === undefined) return undefined
  const drawn = shown.map((site) => ({
    name: site.name,
    rings: ringsOf(site).map((ring) => ring.map((to) => wayTo({ from: origin, to }))),
  }))
  const radius = seen?.accuracyMetres ?? 0
  const circle = seen ? [-radius, radius].map((far) => ({ x: far, y: far })) : []
  const box = boxOf([...drawn.flatMap(({ rings }) => rings.flat()), ...circle])
  const span = Math.max(box.east - box.west, box.north - box.south, LEAST_METRES)
  const scale = (SIDE - 2 * MARGIN) / span
  const middle = { x: (box.west + box.east) / 2, y: (box.south + box.north) / 2 }
  const place = ({ x, y }: Flat) => ({
    x: rounded(SIDE / 2 + (x - middle.x) * scale),
    y: rounded(SIDE / 2 - (y - middle.y) * scale), // north is up, and y goes down
  })
  return {
    sites: drawn.map(({ name, rings }) => {
      const { west, east, north } = boxOf(rings.flat())
      const top = place({ x: (west + east) / 2, y: north })
      return { name, path: rings.map((ring) => pathOf(ring.map(place))).join(''), ...top }
    }),
    person: seen && {
      ...place({ x: 0, y: 0 }),
      radius: rounded(Math.max(radius * scale, LEAST_RADIUS)),
    },
    bar: barFor(scale),
  }
}

function around<person extends Point>({
  sites,
  person,
  nearMetres,
}: {
  sites: readonly Site[]
  person: person | undefined
  nearMetres: number
}): { shown: readonly Site[]; seen: person | undefined } {
  if (person === undefined || sites.length === 0) return { shown: sites, seen: person }
  const ways = sites.map((site) => ({ site, metres: metresToEdge({ site, point: person }) }))
  const nearest = Math.min(...ways.map(({ metres }) => metres))
  if (nearest > FARTHEST_METRES) return { shown: sites, seen: undefined }
  const reach = Math.max(2 * nearest, nearMetres)
  return {
    shown: ways.filter(({ metres }) => metres <= reach).map(({ site }) => site),
    seen: person,
  }
}

/** The longest round number of metres that takes no more than a third of the picture. */
function barFor(scale: number): Sketch['bar'] {
  const metres = BARS.findLast((one) => one * scale <= SIDE / 3) ?? BARS[0] ?? 1
  return { metres, length: rounded(metres * scale) }
}

function pathOf(ring: readonly Flat[]): string {
  return `M${ring.map(({ x, y }) => `${x} ${y}`).join('L')}Z`
}

function pointsOf(sites: readonly Site[]): Point[] {
  return sites.flatMap((site) => ringsOf(site).flat())
}

function boxOf(points: readonly Flat[]) {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  return {
    west: Math.min(...xs),
    east: Math.max(...xs),
    south: Math.min(...ys),
    north: Math.max(...ys),
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
