'use client'

import type { Vertex } from '@coupon-secure/protocol/geofence'
import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { CIRCLE_CORNERS, circleAround, radiusOf } from './circle.ts'
import { COORDINATE_HINT, readCoordinate } from './coordinate.ts'
import { onEnter } from './CoordinateField.tsx'
import styles from './places.module.css'
import type { Sites } from './site-edits.ts'

/** A circle by its centre and radius: a new site, or a hole in one. */
export function CircleForm({
  sites,
  onSite,
  onHole,
}: {
  sites: Sites
  onSite: (corners: Vertex[]) => void
  onHole: (corners: Vertex[]) => void
}) {
  const [centre, setCentre] = useState('')
  const [radius, setRadius] = useState('50')
  const [isAsked, setIsAsked] = useState(false)
  const read = readCoordinate(centre)
  const radiusMetres = radiusOf(radius)
  const make = (done: (corners: Vertex[]) => void) => {
    setIsAsked(true)
    if (!read.ok || radiusMetres === undefined) return
    done(circleAround({ centre: read.position, radiusMetres }))
    setIsAsked(false)
  }
  return (
    <details>
      <summary>Make a circle by centre and radius</summary>
      <div className="stack">
        <Field
          label="Centre of the circle"
          value={centre}
          onChange={(event) => setCentre(event.target.value)}
          onKeyDown={(event) => onEnter(event, () => make(onSite))}
          problem={isAsked && !read.ok ? read : undefined}
          hint={COORDINATE_HINT}
          autoComplete="off"
          spellCheck={false}
        />
        <Field
          label="Radius, metres"
          inputMode="decimal"
          value={radius}
          onChange={(event) => setRadius(event.target.value)}
          onKeyDown={(event) => onEnter(event, () => make(onSite))}
          problem={
            isAsked && radiusMetres === undefined
              ? { code: 'RADIUS_INVALID', message: 'A radius is a number of metres, up to 56,000.' }
              : undefined
          }
          hint={`It becomes a polygon of ${CIRCLE_CORNERS} corners on the circle; between them its edge runs ${inwardText(radiusMetres)} further in.`}
        />
        <div className={styles.tools}>
          <Button onClick={() => make(onSite)}>Add the circle as a site</Button>
          {sites.length > 0 && (
            <Button onClick={() => make(onHole)}>Cut the circle out of its site</Button>
          )}
        </div>
      </div>
    </details>
  )
}

/** How far a chord of the polygon lies inside the circle, at most. */
function inwardText(radiusMetres: number | undefined): string {
  if (radiusMetres === undefined) return 'a thousandth of the radius'
  const metres = radiusMetres * (1 - Math.cos(Math.PI / CIRCLE_CORNERS))
  return metres < 1
    ? `up to ${Math.ceil(metres * 100)} cm`
    : `up to ${metres.toLocaleString('en-GB', { maximumFractionDigits: 1 })} m`
}
