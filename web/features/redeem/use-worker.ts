'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { useState } from 'react'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert, type Failure } from '../../chain/explain-revert.ts'
import type { Signer } from '../../chain/signer.ts'
import { notConnected, notSigned } from './failures.ts'
import type { Pocket } from './journal.ts'
import { bindWorker, boundWorker } from './worker.ts'

/** The account of the tracking app that the holder's address is bound to, and how to bind another. */
export function useWorker({ pocket, signer }: { pocket: Pocket; signer: Signer | undefined }) {
  const config = useConfig()
  const [handle, setHandle] = useState(() => boundWorker({ shelf: localStorage, pocket }))
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()

  const bind = async ({ coupon, workerHandle }: { coupon: HeldCoupon; workerHandle: string }) => {
    if (signer === undefined) {
      setFailure(notConnected)
      return false
    }
    setIsBusy(true)
    setFailure(undefined)
    try {
      const { signAs } = await import('../../chain/signer.ts')
      const bound = await bindWorker({
        url: config.oracleUrl,
        fetch: (url, init) => fetch(url, init),
        shelf: localStorage,
        pocket,
        coupon,
        workerHandle,
        now: Math.floor(Date.now() / 1000),
        sign: (worker) => signAs({ signer, holder: pocket.holder, ...worker }),
      })
      if (bound.ok) setHandle(workerHandle === '' ? undefined : workerHandle)
      else setFailure(bound.failure)
      return bound.ok
    } catch (error) {
      const said = explainRevert(error)
      setFailure(said.code === notSigned.code ? notSigned : said)
      return false
    } finally {
      setIsBusy(false)
    }
  }

  return { handle, bind, isBusy, failure }
}
