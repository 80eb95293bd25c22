'use client'

import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { useEffect, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { accuracyText, vagueKey } from './accuracy.ts'
import { guidanceText } from './guidance-text.ts'
import { PlaceSketch } from './PlaceSketch.tsx'
import { sketchOf } from './place-sketch.ts'
import styles from './there.module.css'
import type { guidanceOf } from './whereabouts.ts'

// A small picture is of the one place that matters.
const NEAR_METRES = 40

/**
 * Where the phone is, as it changes: the circle it is in, how well that is known, and what to do to be surely there. All of it
 * computed here; nobody is told.
 */
export function LivePosition({
  position,
  document,
  isDrawn = true,
}: {
  position: Position
  /** Undefined where this phone may not know, or does not know yet, where the place is. */
  document: GeofenceDocument | undefined
  /** Without, where a larger picture stands beside it. */
  isDrawn?: boolean
}) {
  const guide = useGuide({ isWanted: document !== undefined })
  const guidance = document && guide?.({ document, position })
  const words = useWords()
  const { accuracyMetres } = position
  const distance = accuracyText({ accuracyMetres, words })
  const { lead, why } = guidanceText({ guidance, accuracyMetres, words })
  const accuracy = words.say('guide.accuracy', { distance })
  const vague = vagueKey({ accuracyMetres, agent: navigator.userAgent })
  const sketch = isDrawn
    ? sketchOf({ sites: document?.sites ?? [], person: position, nearMetres: NEAR_METRES })
    : undefined

  return (
    <div className={isDrawn ? styles.live : undefined}>
      {sketch && (
        <PlaceSketch sketch={sketch} label={[accuracy, lead, why].filter(Boolean).join(' ')} />
      )}
      <div>
        {/* Only what to do is spoken as it changes: metres change with every step. */}
        <p className={styles.guide} role="status">
          {lead}
        </p>
        {why && <p>{why}</p>}
        <p className={styles.soft}>{accuracy}</p>
        {vague && <p className={styles.soft}>{words.say(vague)}</p>}
      </div>
    </div>
  )
}

/** What computes the way, which turf comes along with. */
function useGuide({ isWanted }: { isWanted: boolean }): typeof guidanceOf | undefined {
  const [guide, setGuide] = useState<typeof guidanceOf>()
  useEffect(() => {
    if (!isWanted) return
    void import('./whereabouts.ts').then(
      ({ guidanceOf }) => setGuide(() => guidanceOf),
      () => undefined, // without it there is still how well the position is known
    )
  }, [isWanted])
  return guide
}
