'use client'

import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { type SubmitEvent, useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '../../ui/Button.tsx'
import { Field, Select } from '../../ui/Field.tsx'
import { coordinatesIn, type Pretended } from './pretended.ts'
import styles from './redeem.module.css'
import { pointAway, pointInside } from './site-points.ts'

const AWAY_METRES = 200

/** The local chain's pretended position, used instead of the phone's. Never drawn anywhere else. */
export function StandHere({
  documents,
  pretended,
  onChange,
  onOpen,
  signIn,
}: {
  documents: readonly (readonly [Hex, GeofenceDocument])[]
  pretended: Pretended | undefined
  onChange: (place: Pretended | undefined) => void
  /** The places are asked for only when somebody wants to stand at one. */
  onOpen: () => void
  signIn: (() => void) | undefined
}) {
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const places = placesOf(documents)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const point = coordinatesIn(text)
    setIsWrong(point === undefined)
    if (point) onChange({ ...point, label: text.trim() })
  }

  return (
    <details
      className={styles.pretend}
      lang="en"
      dir="ltr"
      onToggle={(event) => event.currentTarget.open && onOpen()}
    >
      <summary>
        {pretended ? `Pretended: ${pretended.label}` : 'Stand here'}
        <span>Pretended position – local chain only</span>
      </summary>
      <div className="stack">
        {signIn && (
          <div className="row">
            <Button onClick={signIn}>Sign in to see the places</Button>
          </div>
        )}
        <Select
          label="Stand at"
          value={places.find(({ label }) => label === pretended?.label)?.label ?? ''}
          onChange={(event) => onChange(places.find(({ label }) => label === event.target.value))}
        >
          <option value="">Where my phone really is</option>
          {places.map(({ label }) => (
            <option key={label}>{label}</option>
          ))}
        </Select>
        <form onSubmit={submit} className={styles.coordinates}>
          <Field
            label="Or at these coordinates"
            hint="Latitude, longitude – as maps show them."
            placeholder="26.93590, 75.92360"
            value={text}
            onChange={(event) => setText(event.target.value)}
            problem={
              isWrong
                ? { code: 'COORDINATES_INVALID', message: 'Type two numbers with a comma between.' }
                : undefined
            }
          />
          <Button type="submit">Stand here</Button>
        </form>
      </div>
    </details>
  )
}

function placesOf(documents: readonly (readonly [Hex, GeofenceDocument])[]): Pretended[] {
  const all = documents.flatMap(([, { sites }]) =>
    sites.flatMap((site) => [
      { ...pointInside(site), label: `Inside site ${site.number}: ${site.name}` },
      {
        ...pointAway({ site, sites, metres: AWAY_METRES }),
        label: `${AWAY_METRES} m away from site ${site.number}: ${site.name}`,
      },
    ]),
  )
  return [...new Map(all.map((place) => [place.label, place])).values()]
}
