'use client'

import type { ScannedBeacon, Source } from '@coupon-secure/protocol/evidence'
import type { Policy } from '@coupon-secure/protocol/geofence'
import { useState } from 'react'
import type { Signer } from '../../chain/signer.ts'
import type { Pocket } from './journal.ts'
import type { Showing } from './redemption.ts'
import { needsOf } from './there.ts'
import { useWorker } from './use-worker.ts'

/** What the place asks a holder to show, and what they have shown so far in this sheet. */
export function useShowing({
  pocket,
  signer,
  policy,
  refusal,
}: {
  pocket: Pocket
  signer: Signer | undefined
  policy: Policy | undefined
  /** The code of the last refusal. */
  refusal: string | undefined
}) {
  const worker = useWorker({ pocket, signer })
  const [source, setSource] = useState<Source>()
  const [beacon, setBeacon] = useState<ScannedBeacon>()
  const [isCodeAsked, setIsCodeAsked] = useState(false)
  const isBound = worker.handle !== undefined
  const found = needsOf({ policy, refusal, chosen: source, isBound })
  const needs = { ...found, beacon: found.beacon || isCodeAsked }

  /** What is shown in one claim; the code is good for that one. */
  const show = (): Showing => {
    setSource(needs.source)
    setIsCodeAsked(needs.beacon)
    setBeacon(undefined)
    return { source: needs.source, ...(beacon && { beacon }) }
  }

  return {
    needs,
    isReady: !needs.binding && (!needs.beacon || beacon !== undefined),
    isByDevice: source === 'hypertrack',
    show,
    shown: { worker, beacon, onSource: setSource, onBeacon: setBeacon },
  }
}
