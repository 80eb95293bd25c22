'use client'

import { lazy, Suspense } from 'react'
import { useShellWords } from '../words/Speaking.tsx'

// Loaded when something has failed: on the frame of every page, nobody should wait for sentences that are rarely needed.
const Explained = lazy(async () => {
  try {
    return { default: (await import('./Explained.tsx')).Explained }
  } catch {
    return { default: Unexplained } // the failure may be that nothing can be loaded at all
  }
})

/** An error in words, with its code, for what stands on every page. */
export function ErrorWords({ error }: { error: unknown }) {
  return (
    <Suspense>
      <Explained error={error} />
    </Suspense>
  )
}

function Unexplained() {
  return <p>{useShellWords().say('error.unexplained')}</p>
}
