import { distanceBetween } from '@coupon-secure/protocol/earth'
import type { Site, Vertex } from '@coupon-secure/protocol/geofence'

const EARTH_RADIUS_METRES = 6_371_008.8

/** The size of a site in words: its area without what is cut out, and the way round it. */
export function sizeText(site: Site): string {
  return `${areaText(areaOf(site))}, ${lengthText(perimeterOf(site))} around`
}

/** Square metres on a sphere; for showing only, nothing is decided by it. */
export function areaOf({ rings }: Site): number {
  const [shell = 0, ...holes] = rings.map(areaIn)
  return holes.reduce((left, hole) => left - hole, shell)
}

/** Metres along the outer ring. */
export function perimeterOf({ rings: [shell = []] }: Site): number {
  const millimetres = shell.reduce(
    (sum, here, index) => sum + distanceBetween(here, nextIn({ ring: shell, index })),
    0,
  )
  return millimetres / 1000
}

function areaText(squareMetres: number): string {
  return squareMetres < 100_000
    ? `${Math.round(squareMetres).toLocaleString('en-GB')} m²`
    : `${(squareMetres / 1_000_000).toLocaleString('en-GB', { maximumFractionDigits: 2 })} km²`
}

function lengthText(metres: number): string {
  return metres < 10_000
    ? `${Math.round(metres).toLocaleString('en-GB')} m`
    : `${(metres / 1000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} km`
}

function areaIn(ring: readonly Vertex[]): number {
  const doubled = ring.reduce((sum, here, index) => {
    const next = nextIn({ ring, index })
    const width = radians(next.longitudeE7 - here.longitudeE7)
    return (
      sum + width * (2 + Math.sin(radians(here.latitudeE7)) + Math.sin(radians(next.latitudeE7)))
    )
  }, 0)
  return (Math.abs(doubled) * EARTH_RADIUS_METRES ** 2) / 2
}

function nextIn({ ring, index }: { ring: readonly Vertex[]; index: number }): Vertex {
  return ring[(index + 1) % ring.length] ?? { longitudeE7: 0, latitudeE7: 0 }
}

function radians(e7: number): number {
  return (e7 / 1e7) * (Math.PI / 180)
}
