'use client'

import 'maplibre-gl/dist/maplibre-gl.css'
import { toE7, type Vertex } from '@coupon-secure/protocol/geofence'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useConfig } from '../../../chain/config.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import type { OpenMap, TestedPoint } from './geofence-map.ts'
import type { Drawn, MapMode } from './map-drawing.ts'
import styles from './places.module.css'
import type { Sites } from './site-edits.ts'

const DARK = '(prefers-color-scheme: dark)'

const TOOLS: readonly { mode: MapMode; button: string; hint: string; needsSite?: true }[] = [
  {
    mode: 'site',
    button: 'Draw a site',
    hint: 'Tap the corners one after the other; tap the first one again to finish.',
  },
  {
    mode: 'circle',
    button: 'Draw a circle',
    hint: 'Tap the middle, then where the edge should be.',
  },
  {
    mode: 'hole',
    button: 'Cut a hole',
    hint: 'Tap the corners of what does not belong to the site, inside it; the first one again to finish.',
    needsSite: true,
  },
  {
    mode: 'corners',
    button: 'Move corners',
    hint: 'Tap a site, then drag its corners; drag a middle point for a new one; right-click a corner to remove it.',
    needsSite: true,
  },
  {
    mode: 'point',
    button: 'Test a point',
    hint: 'Tap anywhere: below it is said what the oracle would answer somebody there.',
    needsSite: true,
  },
]

/** The map of the sites. What is drawn on it goes to the page, which keeps it; the list below does all of it without a pointer. */
export function GeofenceMap({
  sites,
  tested,
  goal,
  onDrawn,
  onPoint,
}: {
  sites: Sites
  tested: TestedPoint | undefined
  /** Where to look; a new object goes there again. */
  goal: { place: Vertex } | undefined
  onDrawn: (drawn: Drawn) => void
  onPoint: (point: Vertex) => void
}) {
  const { mapStyleUrl } = useConfig()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<OpenMap>()
  const [chosen, setChosen] = useState<MapMode>('look')
  const [hasFailed, setHasFailed] = useState(false)
  const seen = useRef(0)
  const tool = TOOLS.find(({ mode }) => mode === chosen)
  const mode = tool?.needsSite && sites.length === 0 ? 'look' : chosen

  const drawn = useEffectEvent((done: Drawn) => {
    if (done.kind !== 'ring') setChosen('look')
    seen.current = sites.length + 1 // a site just drawn is in view already
    onDrawn(done)
  })
  const pointed = useEffectEvent(onPoint)

  useEffect(() => {
    let isGone = false
    let opened: OpenMap | undefined
    const open = async () => {
      if (container.current === null) return
      const { openMap } = await import('./geofence-map.ts')
      const next = await openMap({
        container: container.current,
        styleUrl: mapStyleUrl,
        isDark: matchMedia(DARK).matches,
        onDrawn: drawn,
        onPoint: pointed,
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
    // Only what comes in is looked at: whoever removes or takes back wants to see that place, not all of them.
    if (sites.length > seen.current) map.fitSites(sites)
    seen.current = sites.length
  }, [map, sites])
  useEffect(() => map?.setMode(mode), [map, mode])
  useEffect(() => {
    const scheme = matchMedia(DARK)
    const turn = () => map?.setDark(scheme.matches)
    turn() // it may have turned while the map was loading
    scheme.addEventListener('change', turn)
    return () => scheme.removeEventListener('change', turn)
  }, [map])
  useEffect(() => map?.showPoint(tested), [map, tested])
  useEffect(() => {
    if (goal) map?.goTo(goal.place)
  }, [map, goal])

  const goToMe = () =>
    navigator.geolocation.getCurrentPosition(({ coords }) =>
      map?.goTo({ longitudeE7: toE7(coords.longitude), latitudeE7: toE7(coords.latitude) }),
    )

  if (hasFailed) {
    return (
      <Notice kind="warn" code="MAP_UNAVAILABLE" title="The map cannot be shown in this browser.">
        <p>Sites can still be loaded, made as circles, and changed corner by corner below.</p>
      </Notice>
    )
  }
  return (
    <div className="stack">
      <div className={styles.tools} role="group" aria-label="Map tools">
        {TOOLS.map(({ mode: own, button, needsSite }) => (
          <Button
            key={own}
            kind={mode === own ? 'main' : 'other'}
            disabled={map === undefined || (needsSite && sites.length === 0)}
            aria-pressed={mode === own}
            onClick={() => setChosen(mode === own ? 'look' : own)}
          >
            {button}
          </Button>
        ))}
      </div>
      <p className="soft small" role="status">
        {map === undefined ? (
          <>
            <Spinner /> Loading the map…
          </>
        ) : mode !== 'look' && tool ? (
          tool.hint
        ) : (
          'Choose what to do, or move the map and look.'
        )}
      </p>
      <div className={styles.map} ref={container} role="region" aria-label="Map of the sites" />
      {map?.isPlain && mapStyleUrl !== undefined && (
        <p className="soft small">
          The map’s pictures do not come; a plain grid with the scale stands in for them. Sites are
          as exact as ever.
        </p>
      )}
      <div className={styles.tools}>
        <Button kind="quiet" disabled={map === undefined} onClick={goToMe}>
          Go to where I am
        </Button>
        <Button
          kind="quiet"
          disabled={map === undefined || sites.length === 0}
          onClick={() => map?.fitSites(sites)}
        >
          Show all sites
        </Button>
      </div>
    </div>
  )
}
