'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { useShellWords } from '../../words/Speaking.tsx'

const ClaimedCoupons = dynamic(async () => (await import('./ClaimedCoupons.tsx')).ClaimedCoupons, {
  ssr: false,
  loading: () => <Opening />,
})

/** Takes a claim link out of the address at once, so that neither history nor a photograph of the screen keeps it. */
export function OpenClaim() {
  const [fragment, setFragment] = useState<string>()

  useEffect(() => {
    const take = () => {
      const { hash, pathname } = location
      if (hash !== '') {
        const clear = () => history.replaceState(null, '', pathname)
        clear()
        // Next remembers the address it began with and would write it back: it listens to later calls only.
        setTimeout(() => location.pathname === pathname && clear())
      }
      setFragment((earlier) => (hash === '' ? (earlier ?? '') : hash))
    }
    take()
    // A second link opened in the same tab changes nothing but the fragment.
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])

  return fragment === undefined ? (
    <Opening />
  ) : (
    <ClaimedCoupons key={fragment} fragment={fragment} />
  )
}

function Opening() {
  return <p role="status">{useShellWords().say('opening.claim')}</p>
}
