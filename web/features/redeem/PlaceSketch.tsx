'use client'

import { useWords } from '../../words/use-words.ts'
import { SIDE, type Sketch } from './place-sketch.ts'
import styles from './there.module.css'
import { accuracyText } from './accuracy.ts'

const NORTH = { x: SIDE - 20, y: 22 }
const BAR_Y = SIDE - 14

/** A place's outline and a person's circle, north up; `label` says the same to those who cannot see it. */
export function PlaceSketch({
  sketch,
  label,
  isNamed = false,
}: {
  sketch: Sketch
  label: string
  /** Large enough for names. */
  isNamed?: boolean
}) {
  const words = useWords()
  const { sites, person, bar } = sketch
  return (
    <svg className={styles.sketch} viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={label}>
      {sites.map(({ name, path }) => (
        <path key={name} className={styles.site} d={path} fillRule="evenodd">
          <title>{name}</title>
        </path>
      ))}
      {isNamed &&
        sites.map(({ name, x, y }) => (
          <text key={name} className={styles.name} x={x} y={y - 7} textAnchor="middle">
            {name}
          </text>
        ))}
      {person && (
        <>
          <circle className={styles.doubt} cx={person.x} cy={person.y} r={person.radius} />
          <circle className={styles.person} cx={person.x} cy={person.y} r="5" />
        </>
      )}
      <g className={styles.legend} aria-hidden="true">
        <path d={`M${NORTH.x} ${NORTH.y - 14}l6 16l-6 -4l-6 4z`} />
        <text x={NORTH.x} y={NORTH.y + 18} textAnchor="middle">
          N
        </text>
        <path d={`M12 ${BAR_Y}v5h${bar.length}v-5h-1.5v3.5h${-(bar.length - 3)}v-3.5z`} />
        <text x={18 + bar.length} y={BAR_Y + 5}>
          {accuracyText({ accuracyMetres: bar.metres, words })}
        </text>
      </g>
    </svg>
  )
}
