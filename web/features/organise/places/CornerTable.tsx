'use client'

import type { Vertex } from '@coupon-secure/protocol/geofence'
import { useId, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Problem } from '../../../ui/Field.tsx'
import { Table } from '../../../ui/Table.tsx'
import { coordinateText, readCoordinate } from './coordinate.ts'
import { onEnter } from './CoordinateField.tsx'
import styles from './places.module.css'
import { cornerAdded, cornerMoved, cornerRemoved } from './site-edits.ts'

/** A ring as a table: each corner a field. What a pointer does on the map, the keyboard does here. */
export function CornerTable({
  title,
  corners,
  onCorners,
}: {
  title: string
  corners: readonly Vertex[]
  onCorners: (corners: Vertex[]) => void
}) {
  return (
    <Table caption={title} head={['No.', `${title}: latitude, longitude`]}>
      {corners.map((position, corner) => (
        <tr key={corner}>
          <td>{corner + 1}</td>
          <td>
            <div className={styles.corners}>
              <CornerField
                label={`Corner ${corner + 1}, ${title}`}
                position={position}
                onPosition={(to) => onCorners(cornerMoved({ corners, corner, to }))}
              />
              <div>
                <Button
                  kind="quiet"
                  aria-label={`Add a corner after ${corner + 1}, ${title}`}
                  onClick={() => onCorners(cornerAdded({ corners, corner }))}
                >
                  Add after
                </Button>
                <Button
                  kind="quiet"
                  disabled={corners.length <= 3}
                  aria-label={`Remove corner ${corner + 1}, ${title}`}
                  onClick={() => onCorners(cornerRemoved({ corners, corner }))}
                >
                  Remove
                </Button>
              </div>
            </div>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function CornerField({
  label,
  position,
  onPosition,
}: {
  label: string
  position: Vertex
  onPosition: (position: Vertex) => void
}) {
  const id = useId()
  const [typed, setTyped] = useState<string>() // until it is left, and longer where it is no position
  const read = typed === undefined ? undefined : readCoordinate(typed)
  const [isLeft, setIsLeft] = useState(false)
  const problem = isLeft && read?.ok === false ? read : undefined
  const leave = () => {
    setIsLeft(true)
    if (read?.ok !== true) return
    setTyped(undefined)
    const isNew =
      read.position.longitudeE7 !== position.longitudeE7 ||
      read.position.latitudeE7 !== position.latitudeE7
    if (isNew) onPosition(read.position)
  }
  return (
    <>
      <input
        className={styles.corner}
        aria-label={label}
        aria-invalid={problem && true}
        aria-describedby={problem && id}
        value={typed ?? coordinateText(position)}
        onChange={(event) => {
          setIsLeft(false)
          setTyped(event.target.value)
        }}
        onBlur={leave}
        onKeyDown={(event) => onEnter(event, leave)}
        autoComplete="off"
        spellCheck={false}
      />
      {problem && <Problem id={id} problem={problem} />}
    </>
  )
}
