'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { useWords } from '../../words/use-words.ts'
import { keptEvidence } from './evidence-shelf.ts'
import { incomplete } from './failures.ts'
import type { Pocket } from './journal.ts'

type Of = { pocket: Pocket; coupon: HeldCoupon; geofenceHash: Hex }

/** Offers the oracle's yes and what it was decided by as a file, where this browser has them. */
export function SaveEvidence({ pocket, coupon, geofenceHash }: Of) {
  const [answer] = useState(() => keptEvidence({ shelf: localStorage, pocket, coupon }))
  return answer === undefined ? null : <SaveAnswer {...{ pocket, coupon, geofenceHash, answer }} />
}

/** Offers an answer of the oracle as the file that `npm run replay` takes. Its holder's to give away: it holds a position. */
export function SaveAnswer({ pocket, coupon, geofenceHash, answer }: Of & { answer: unknown }) {
  const { say, explain } = useWords()
  const config = useConfig()
  const [problem, setProblem] = useState<Failure>()

  async function save() {
    const { saveEvidence } = await import('./save-evidence.ts')
    const failure = await saveEvidence({ config, pocket, coupon, geofenceHash, answer })
    setProblem(failure)
  }

  return (
    <>
      <Button kind="quiet" onClick={() => void save().catch(() => setProblem(incomplete))}>
        {say('evidence.save')}
      </Button>
      {problem && (
        <p className="soft small" role="alert">
          {explain(problem)}
        </p>
      )}
    </>
  )
}
