import { toE7, type Vertex } from '@coupon-secure/protocol/geofence'
import {
  type GeoJSONSource,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl'
import { circleAround } from './circle.ts'
import { type Drawn, type MapMode, startDrawing } from './map-drawing.ts'
import { gridOver, paintPlain, plainStyle } from './map-style.ts'
import { sitesToGeoJson } from './places-file.ts'
import type { PointVerdict } from './point-test.ts'
import type { Sites } from './site-edits.ts'

/** What a page can ask of an open map. */
export type OpenMap = {
  /** The screen has turned dark, or light again. */
  setDark: (isDark: boolean) => void
  /** No tiles are to be had, or none are wanted: a grid instead. */
  isPlain: boolean
  showSites: (sites: Sites) => void
  fitSites: (sites: Sites) => void
  goTo: (place: Vertex) => void
  setMode: (mode: MapMode) => void
  showPoint: (tested: TestedPoint | undefined) => void
  close: () => void
}

/** A point that was tried, and what the oracle would say there. */
export type TestedPoint = { point: Vertex; verdicts: readonly PointVerdict[] }

const PATIENCE_MS = 8_000
const COLOURS = { inside: '#2f9e57', unsure: '#c98a00', outside: '#d0452b', refused: '#d0452b' }

/** Opens a map to look at and draw sites on. This module, and MapLibre with it, loads when a map is shown. */
export async function openMap({
  container,
  styleUrl,
  isDark,
  onDrawn,
  onPoint,
}: {
  container: HTMLElement
  styleUrl: string | undefined
  isDark: boolean
  onDrawn: (drawn: Drawn) => void
  onPoint: (point: Vertex) => void
}): Promise<OpenMap> {
  // The bundler does not carry MapLibre's worker; scripts/copy-map-worker.mjs serves it as it is.
  setWorkerUrl('/maplibre/maplibre-gl-worker.mjs')
  const map = new MapLibre({
    container,
    style: styleUrl ?? plainStyle(isDark),
    center: [0, 20],
    zoom: 1.2,
    maxZoom: 20,
    attributionControl: styleUrl === undefined ? false : { compact: true },
    dragRotate: false,
    pitchWithRotate: false,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
  const isPlain = await loaded({ map, isDark, isPlain: styleUrl === undefined })

  addLayers(map)
  if (isPlain) {
    const drawGrid = () => void sourceOf({ map, id: 'grid' })?.setData(gridOver(map.getBounds()))
    map.on('moveend', drawGrid)
    map.on('resize', drawGrid)
    drawGrid()
  }
  const drawing = startDrawing({ map, onDrawn })
  let mode: MapMode = 'look'
  let markers: Marker[] = []
  map.on('click', ({ lngLat }) => {
    if (mode !== 'point') return
    const { lng, lat } = lngLat.wrap()
    onPoint({ longitudeE7: toE7(lng), latitudeE7: toE7(lat) })
  })

  return {
    isPlain,
    setDark: (dark) => {
      if (isPlain) paintPlain({ map, isDark: dark })
    },
    showSites: (sites) => {
      void sourceOf({ map, id: 'sites' })?.setData(sitesToGeoJson(sites))
      for (const marker of markers) marker.remove()
      markers = sites.map(({ rings }, index) => markerOf({ map, ring: rings[0] ?? [], index }))
      drawing.follow(sites)
    },
    fitSites: (sites) => {
      const bounds = boundsOf(sites.flatMap(({ rings }) => rings.flat()))
      if (!bounds.isEmpty()) map.fitBounds(bounds, { padding: 48, maxZoom: 18, animate: false })
    },
    goTo: ({ longitudeE7, latitudeE7 }) =>
      map.jumpTo({ center: [longitudeE7 / 1e7, latitudeE7 / 1e7], zoom: 17 }),
    setMode: (next) => {
      mode = next
      map.getCanvas().style.cursor = next === 'point' ? 'crosshair' : ''
      drawing.setMode(next)
    },
    showPoint: (tested) =>
      void sourceOf({ map, id: 'point' })?.setData(tested ? pointToGeoJson(tested) : NOTHING),
    close: () => {
      drawing.stop()
      map.remove()
    },
  }
}

const NOTHING = { type: 'FeatureCollection' as const, features: [] }

/** Once there is a style; where the configured one does not come, the plain one. Answers whether it is that. */
async function loaded({
  map,
  isDark,
  isPlain,
}: {
  map: MapLibre
  isDark: boolean
  isPlain: boolean
}): Promise<boolean> {
  let isPlainNow = isPlain
  let hasStyle = false
  const fallBack = () => {
    if (hasStyle || isPlainNow) return // a tile that is missing is no reason
    isPlainNow = true
    map.setStyle(plainStyle(isDark))
  }
  map.once('style.load', () => (hasStyle = true))
  map.on('error', fallBack)
  await new Promise<void>((resolve) => {
    // Once there is a style, sites can be drawn on it: pictures may come late, or never.
    const timer = setTimeout(() => (hasStyle ? resolve() : fallBack()), PATIENCE_MS)
    map.once('load', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return isPlainNow
}

function addLayers(map: MapLibre) {
  map.addSource('sites', { type: 'geojson', data: NOTHING })
  map.addLayer({
    id: 'sites-fill',
    type: 'fill',
    source: 'sites',
    paint: { 'fill-color': '#f4b63f', 'fill-opacity': 0.35 },
  })
  map.addLayer({
    id: 'sites-line',
    type: 'line',
    source: 'sites',
    paint: { 'line-color': '#b25e00', 'line-width': 2.5 },
  })
  map.addSource('point', { type: 'geojson', data: NOTHING })
  map.addLayer({
    id: 'point-circles',
    type: 'line',
    source: 'point',
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'line-color': ['get', 'colour'], 'line-width': 2 },
  })
  map.addLayer({
    id: 'point-middle',
    type: 'circle',
    source: 'point',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: { 'circle-color': '#1d4f73', 'circle-radius': 5 },
  })
}

/** The point, and a circle of each accuracy in the colour of what the oracle would say. */
function pointToGeoJson({ point, verdicts }: TestedPoint) {
  const position = ({ longitudeE7, latitudeE7 }: Vertex) => [longitudeE7 / 1e7, latitudeE7 / 1e7]
  const circles = verdicts.map(({ accuracyMetres, decision }) => {
    const corners = circleAround({ centre: point, radiusMetres: accuracyMetres })
    return {
      type: 'Feature' as const,
      properties: { colour: COLOURS[decision.verdict] },
      geometry: {
        type: 'Polygon' as const,
        coordinates: [[...corners, ...corners.slice(0, 1)].map(position)],
      },
    }
  })
  const middle = {
    type: 'Feature' as const,
    properties: {},
    geometry: { type: 'Point' as const, coordinates: position(point) },
  }
  return { type: 'FeatureCollection' as const, features: [...circles, middle] }
}

function sourceOf({ map, id }: { map: MapLibre; id: string }) {
  return map.getSource<GeoJSONSource>(id)
}

/** A numbered pin; HTML, because drawing text would need a font server. */
function markerOf({
  map,
  ring,
  index,
}: {
  map: MapLibre
  ring: readonly Vertex[]
  index: number
}): Marker {
  const pin = window.document.createElement('span')
  pin.className = 'map-pin'
  pin.textContent = String(index + 1)
  return new Marker({ element: pin }).setLngLat(boundsOf(ring).getCenter()).addTo(map)
}

function boundsOf(corners: readonly Vertex[]): LngLatBounds {
  const bounds = new LngLatBounds()
  for (const { longitudeE7, latitudeE7 } of corners) {
    bounds.extend([longitudeE7 / 1e7, latitudeE7 / 1e7])
  }
  return bounds
}
