import type { Site, Vertex } from '@coupon-secure/protocol/geofence'
import { siteToGeoJson, toE7 } from '@coupon-secure/protocol/geofence'
import type { Map as MapLibre } from 'maplibre-gl'
import {
  TerraDraw,
  TerraDrawCircleMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
} from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { RingPlace, Sites } from './site-edits.ts'

/** What the pointer does on the map. */
export type MapMode = 'look' | 'site' | 'hole' | 'circle' | 'corners' | 'point'

/** What a person has drawn; corners in whole units, the first not repeated. */
export type Drawn =
  | { kind: 'site' | 'hole'; corners: Vertex[] }
  | { kind: 'circle'; centre: Vertex; radiusMetres: number }
  | ({ kind: 'ring'; corners: Vertex[] } & RingPlace)

/** The pencil over a map. */
export type Drawing = {
  setMode: (mode: MapMode) => void
  /** The sites have changed: the corners that can be dragged follow. */
  follow: (sites: Sites) => void
  stop: () => void
}

const STYLES = {
  fillColor: '#f4b63f',
  fillOpacity: 0.25,
  outlineColor: '#b25e00',
  outlineWidth: 2,
} as const

/** Starts terra-draw on a map that has loaded. */
export function startDrawing({
  map,
  onDrawn,
}: {
  map: MapLibre
  onDrawn: (drawn: Drawn) => void
}): Drawing {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode({
        styles: { ...STYLES, closingPointColor: '#b25e00', closingPointWidth: 6 },
      }),
      new TerraDrawCircleMode({ styles: STYLES }),
      new TerraDrawSelectMode({
        // Delete would take a whole ring away, past the list of sites.
        keyEvents: { deselect: 'Escape', delete: null, rotate: null, scale: null },
        flags: {
          polygon: {
            feature: {
              draggable: true,
              coordinates: { draggable: true, midpoints: true, deletable: true },
            },
          },
        },
        styles: {
          selectedPolygonColor: '#f4b63f',
          selectedPolygonOutlineColor: '#b25e00',
          selectionPointColor: '#14463a',
          selectionPointWidth: 6,
          midPointColor: '#b25e00',
          midPointWidth: 4,
        },
      }),
    ],
  })
  draw.start()

  let mode: MapMode = 'look'
  let sites: Sites = []
  const rings = new Map<string | number, RingPlace>() // what terra-draw calls each ring while corners can be dragged

  const cornersOf = (id: string | number) => {
    const geometry = draw.getSnapshotFeature(id)?.geometry
    return geometry?.type === 'Polygon' ? verticesOf(geometry.coordinates[0] ?? []) : undefined
  }
  const layOut = () => {
    draw.clear()
    rings.clear()
    for (const [site, each] of sites.entries()) {
      for (const [ring, coordinates] of siteToGeoJson(each).geometry.coordinates.entries()) {
        const [added] = draw.addFeatures([
          {
            type: 'Feature',
            properties: { mode: 'polygon' },
            geometry: { type: 'Polygon', coordinates: [coordinates] },
          },
        ])
        if (added?.id !== undefined && added.valid) rings.set(added.id, { site, ring })
      }
    }
  }
  const isLaidOut = () =>
    rings.size === sites.reduce((sum, site) => sum + site.rings.length, 0) &&
    [...rings].every(([id, { site, ring }]) =>
      isSame(cornersOf(id), sites[site]?.rings[ring] ?? []),
    )

  draw.on('finish', (id, { action }) => {
    const corners = cornersOf(id)
    if (corners === undefined) return
    if (action !== 'draw') {
      const place = rings.get(id)
      if (place) onDrawn({ kind: 'ring', corners, ...place })
      return
    }
    const kilometres: unknown = draw.getSnapshotFeature(id)?.properties.radiusKilometers
    draw.removeFeatures([id]) // from here on it is one of the page's sites
    if (mode === 'circle' && typeof kilometres === 'number') {
      onDrawn({ kind: 'circle', centre: middleOf(corners), radiusMetres: kilometres * 1000 })
    } else if (mode === 'site' || mode === 'hole') {
      onDrawn({ kind: mode, corners })
    }
  })

  return {
    setMode: (next) => {
      mode = next
      draw.setMode(TERRA_MODES[next])
      if (next === 'corners') layOut()
      else if (rings.size > 0) {
        draw.clear()
        rings.clear()
      }
    },
    follow: (next) => {
      sites = next
      // What was just dragged is in its place already; laid out anew it would lose its handles.
      if (mode === 'corners' && !isLaidOut()) layOut()
    },
    stop: () => draw.stop(),
  }
}

const TERRA_MODES = {
  look: 'static',
  point: 'static',
  site: 'polygon',
  hole: 'polygon',
  circle: 'circle',
  corners: 'select',
} as const

function verticesOf(positions: readonly (readonly number[])[]): Vertex[] {
  return positions.slice(0, -1).map(([longitude = 0, latitude = 0]) => ({
    longitudeE7: toE7(longitude),
    latitudeE7: toE7(latitude),
  }))
}

function isSame(one: readonly Vertex[] | undefined, other: Site['rings'][number]): boolean {
  return (
    one?.length === other.length &&
    one.every(
      ({ longitudeE7, latitudeE7 }, index) =>
        longitudeE7 === other[index]?.longitudeE7 && latitudeE7 === other[index].latitudeE7,
    )
  )
}

function middleOf(corners: readonly Vertex[]): Vertex {
  const mean = (part: (corner: Vertex) => number) =>
    Math.round(corners.reduce((sum, corner) => sum + part(corner), 0) / corners.length)
  return {
    longitudeE7: mean(({ longitudeE7 }) => longitudeE7),
    latitudeE7: mean(({ latitudeE7 }) => latitudeE7),
  }
}
