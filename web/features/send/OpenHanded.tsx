'use client'

import dynamic from 'next/dynamic'
import { useSyncExternalStore } from 'react'
import { useShellWords } from '../../words/Speaking.tsx'

const HandedRedemption = dynamic(async () => (await import('./HandedCoupon.tsx')).HandedCoupon, {
  ssr: false,
  loading: () => <Opening />,
})

/** Opens what a holder without a wallet has signed, for somebody with one to send. */
export function OpenHanded() {
  // It stays in the address: there is no secret in it, and a reload finds it again.
  const fragment = useSyncExternalStore(
    onHash,
    () => location.hash,
    () => undefined,
  )
  return fragment === undefined ? <Opening /> : <HandedRedemption key={fragment} text={fragment} />
}

function onHash(listen: () => void): () => void {
  addEventListener('hashchange', listen)
  return () => removeEventListener('hashchange', listen)
}

function Opening() {
  return <p role="status">{useShellWords().say('opening.send')}</p>
}
