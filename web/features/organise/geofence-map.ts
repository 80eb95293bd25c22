import type { Site } from '@coupon-secure/protocol/geofence'
import {
  type GeoJSONSource,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl'
import { TerraDraw, TerraDrawPolygonMode } from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import { gridOver, plainStyle } from './map-style.ts'
import { sitesToGeoJson } from './site-import.ts'

/** What a page can ask of an open map. */
export type OpenMap = {
  showSites: (sites: readonly Site[]) => void
  fitSites: (sites: readonly Site[]) => void
  goTo: (place: { longitude: number; latitude: number }) => void
  setDrawing: (isDrawing: boolean) => void
  close: () => void
}

/** The corners of a polygon a person drew, as GeoJSON. */
export type DrawnPolygon = { type: 'Polygon'; coordinates: number[][][] }

/** Opens a map to look at and draw sites on. This module, and MapLibre with it, loads when a map is shown. */
export async function openMap({
  container,
  styleUrl,
  isDark,
  onDrawn,
}: {
  container: HTMLElement
  styleUrl: string | undefined
  isDark: boolean
  onDrawn: (polygon: DrawnPolygon) => void
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
  await new Promise<void>((resolve) => {
    map.once('load', () => resolve())
  })

  addSiteLayers(map)
  if (styleUrl === undefined) {
    const drawGrid = () => void sourceOf({ map, id: 'grid' })?.setData(gridOver(map.getBounds()))
    map.on('moveend', drawGrid)
    map.on('resize', drawGrid)
    drawGrid()
  }
  const draw = startTerraDraw({ map, onDrawn })
  let markers: Marker[] = []

  return {
    showSites: (sites) => {
      void sourceOf({ map, id: 'sites' })?.setData(sitesToGeoJson(sites))
      for (const marker of markers) marker.remove()
      markers = sites.map((site, index) => markerOf({ map, site, number: index + 1 }))
    },
    fitSites: (sites) => {
      const bounds = new LngLatBounds()
      for (const { longitudeE7, latitudeE7 } of sites.flatMap(({ rings }) => rings.flat())) {
        bounds.extend([longitudeE7 / 1e7, latitudeE7 / 1e7])
      }
      if (!bounds.isEmpty()) map.fitBounds(bounds, { padding: 48, maxZoom: 18, animate: false })
    },
    goTo: ({ longitude, latitude }) => map.jumpTo({ center: [longitude, latitude], zoom: 17 }),
    setDrawing: (isDrawing) => draw.setMode(isDrawing ? 'polygon' : 'static'),
    close: () => {
      draw.stop()
      map.remove()
    },
  }
}

function addSiteLayers(map: MapLibre) {
  map.addSource('sites', { type: 'geojson', data: sitesToGeoJson([]) })
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
}

function startTerraDraw({
  map,
  onDrawn,
}: {
  map: MapLibre
  onDrawn: (polygon: DrawnPolygon) => void
}): TerraDraw {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode({
        styles: {
          fillColor: '#f4b63f',
          fillOpacity: 0.25,
          outlineColor: '#b25e00',
          outlineWidth: 2,
          closingPointColor: '#b25e00',
          closingPointWidth: 6,
        },
      }),
    ],
  })
  draw.start()
  draw.on('finish', (id) => {
    const geometry = draw.getSnapshotFeature(id)?.geometry
    draw.removeFeatures([id]) // from here on it is one of the page's sites
    if (geometry?.type === 'Polygon') {
      onDrawn({ type: 'Polygon', coordinates: geometry.coordinates })
    }
  })
  return draw
}

function sourceOf({ map, id }: { map: MapLibre; id: string }) {
  return map.getSource<GeoJSONSource>(id)
}

/** A numbered pin; HTML, because drawing text would need a font server. */
function markerOf({ map, site, number }: { map: MapLibre; site: Site; number: number }): Marker {
  const pin = window.document.createElement('span')
  pin.className = 'map-pin'
  pin.textContent = String(number)
  const bounds = new LngLatBounds()
  for (const { longitudeE7, latitudeE7 } of site.rings[0] ?? []) {
    bounds.extend([longitudeE7 / 1e7, latitudeE7 / 1e7])
  }
  return new Marker({ element: pin }).setLngLat(bounds.getCenter()).addTo(map)
}
