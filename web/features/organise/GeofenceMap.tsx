'use client'

import 'maplibre-gl/dist/maplibre-gl.css'
import type { Site } from '@coupon-secure/protocol/geofence'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useConfig } from '../../chain/config.tsx'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import type { DrawnPolygon, OpenMap } from './geofence-map.ts'
import styles from './organise.module.css'

/** The map on which sites are drawn; a finished polygon goes to the page, which keeps it. */
export function GeofenceMap({
  sites,
  onDrawn,
}: {
  sites: readonly Site[]
  onDrawn: (polygon: DrawnPolygon) => void
}) {
  const { mapStyleUrl } = useConfig()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<OpenMap>()
  const [isDrawing, setIsDrawing] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)
  const seen = useRef(0)

  const drawn = useEffectEvent((polygon: DrawnPolygon) => {
    setIsDrawing(false)
    seen.current = sites.length + 1 // a site just drawn is in view already
    onDrawn(polygon)
  })

  useEffect(() => {
    let isGone = false
    let opened: OpenMap | undefined
    const open = async () => {
      if (container.current === null) return
      const { openMap } = await import('./geofence-map.ts')
      const next = await openMap({
        container: container.current,
        styleUrl: mapStyleUrl,
        isDark: matchMedia('(prefers-color-scheme: dark)').matches,
        onDrawn: drawn,
      })
      if (isGone) return next.close()
      opened = next
      setMap(next)
    }
    open().catch(() => setHasFailed(true))
    return () => {
      isGone = true
      opened?.close()
      setMap(undefined)
    }
  }, [mapStyleUrl])

  useEffect(() => {
    if (map === undefined) return
    map.showSites(sites)
    if (sites.length !== seen.current) map.fitSites(sites)
    seen.current = sites.length
  }, [map, sites])

  useEffect(() => map?.setDrawing(isDrawing), [map, isDrawing])

  const goToMe = () =>
    navigator.geolocation.getCurrentPosition(({ coords }) =>
      map?.goTo({ longitude: coords.longitude, latitude: coords.latitude }),
    )

  if (hasFailed) {
    return (
      <Notice kind="warn" code="MAP_UNAVAILABLE" title="The map cannot be shown in this browser.">
        <p>You can still load or paste the sites as GeoJSON below.</p>
      </Notice>
    )
  }
  return (
    <div className="stack">
      <div className={styles.map} ref={container} role="region" aria-label="Map of the sites" />
      <div className="row">
        <Button
          kind={isDrawing ? 'main' : 'other'}
          disabled={map === undefined}
          aria-pressed={isDrawing}
          onClick={() => setIsDrawing(!isDrawing)}
        >
          {isDrawing ? 'Stop drawing' : 'Draw a site'}
        </Button>
        <Button disabled={map === undefined} onClick={goToMe}>
          Go to where I am
        </Button>
        <Button disabled={map === undefined} onClick={() => map?.fitSites(sites)}>
          Show all sites
        </Button>
      </div>
      <p className="soft small" role="status">
        {map === undefined ? (
          <>
            <Spinner /> Loading the map…
          </>
        ) : isDrawing ? (
          'Tap the corners one after the other; tap the first one again to finish.'
        ) : (
          'Draw each place where these coupons are used.'
        )}
      </p>
    </div>
  )
}
