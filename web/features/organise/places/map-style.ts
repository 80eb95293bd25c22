import type { LngLatBounds, Map as MapLibre, StyleSpecification } from 'maplibre-gl'

// Whole steps, so that lines stay where they are while the map moves; degrees.
const STEPS = [30, 10, 5, 1, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001]
const MOST_LINES = 24

/** A map without a tile server: plain paper with a grid of latitudes and longitudes. */
export function plainStyle(isDark: boolean): StyleSpecification {
  return {
    version: 8,
    sources: { grid: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
    layers: [
      {
        id: 'paper',
        type: 'background',
        paint: { 'background-color': paperOf(isDark) },
      },
      {
        id: 'grid',
        type: 'line',
        source: 'grid',
        paint: { 'line-color': ruleOf(isDark), 'line-width': 1 },
      },
    ],
  }
}

/** Paints the plain map anew when the screen turns dark or light. */
export function paintPlain({ map, isDark }: { map: MapLibre; isDark: boolean }): void {
  map.setPaintProperty('paper', 'background-color', paperOf(isDark))
  map.setPaintProperty('grid', 'line-color', ruleOf(isDark))
}

/** The grid's lines over what is in view. */
export function gridOver(bounds: LngLatBounds) {
  const [west, east] = [bounds.getWest(), bounds.getEast()]
  const [south, north] = [Math.max(-85, bounds.getSouth()), Math.min(85, bounds.getNorth())]
  const wanted = Math.max(east - west, north - south) / MOST_LINES
  const step = [...STEPS].reverse().find((candidate) => candidate >= wanted) ?? 30
  const line = (coordinates: number[][]) => ({
    type: 'Feature' as const,
    properties: {},
    geometry: { type: 'LineString' as const, coordinates },
  })
  return {
    type: 'FeatureCollection' as const,
    features: [
      ...stepsBetween({ from: west, to: east, step }).map((at) =>
        line([
          [at, south],
          [at, north],
        ]),
      ),
      ...stepsBetween({ from: south, to: north, step }).map((at) =>
        line([
          [west, at],
          [east, at],
        ]),
      ),
    ],
  }
}

function paperOf(isDark: boolean): string {
  return isDark ? '#14201b' : '#fbfdfa'
}

function ruleOf(isDark: boolean): string {
  return isDark ? '#2a3b33' : '#ccd8cf'
}

function stepsBetween({ from, to, step }: { from: number; to: number; step: number }): number[] {
  const first = Math.ceil(from / step)
  const count = Math.max(0, Math.floor(to / step) - first + 1)
  return Array.from(
    { length: Math.min(count, 4 * MOST_LINES) },
    (_, index) => (first + index) * step,
  )
}
