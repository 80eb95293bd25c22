'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { useShellWords } from '../../words/Speaking.tsx'

const OtherBrowser = dynamic(async () => (await import('./OtherBrowser.tsx')).OtherBrowser, {
  ssr: false,
  loading: Opening,
})

/** Takes a pairing code out of the address at once, so that neither history nor a photograph of the screen keeps it. */
export function OpenThere() {
  const [code, setCode] = useState<string>()

  useEffect(() => {
    const take = () => {
      const { hash, pathname } = location
      if (hash !== '') {
        const clear = () => history.replaceState(null, '', pathname)
        clear()
        // Next remembers the address it began with and would write it back: it listens to later calls only.
        setTimeout(() => location.pathname === pathname && clear())
      }
      setCode((earlier) => (hash === '' ? (earlier ?? '') : hash.slice(1)))
    }
    take()
    // A second code opened in the same tab changes nothing but the fragment.
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])

  return code === undefined ? <Opening /> : <OtherBrowser key={code} given={code} />
}

function Opening() {
  const { say } = useShellWords()
  return <p role="status">{say('opening.code')}</p>
}
