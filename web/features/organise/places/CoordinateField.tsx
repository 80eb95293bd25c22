'use client'

import type { Vertex } from '@coupon-secure/protocol/geofence'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { COORDINATE_HINT, readCoordinate } from './coordinate.ts'
import styles from './places.module.css'

/** A position to type, and what to do with it. */
export function CoordinateField({
  label,
  button,
  hint = COORDINATE_HINT,
  onPosition,
}: {
  label: string
  button: string
  hint?: string
  onPosition: (position: Vertex) => void
}) {
  const [text, setText] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  const read = readCoordinate(text)
  const go = () => {
    setIsAsked(true)
    if (read.ok) onPosition(read.position)
  }
  return (
    <div className={styles.line}>
      <Field
        label={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => onEnter(event, go)}
        problem={isAsked && !read.ok ? read : undefined}
        hint={hint}
        autoComplete="off"
        spellCheck={false}
      />
      <Button onClick={go}>{button}</Button>
    </div>
  )
}

/** Enter in a field does what is beside it; it must not send the whole form. */
export function onEnter(event: KeyboardEvent, act: () => void): void {
  if (event.key !== 'Enter') return
  event.preventDefault()
  act()
}
