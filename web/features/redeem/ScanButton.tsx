'use client'

import { lazy, Suspense, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { useShellWords } from '../../words/Speaking.tsx'

// A decoder comes with it in browsers that have none.
const CardScan = lazy(async () => ({ default: (await import('./CardScan.tsx')).CardScan }))

/** Takes another card's coupons into this pocket. */
export function ScanButton() {
  const { say } = useShellWords()
  const [isScanning, setIsScanning] = useState(false)
  return (
    <div className="stack">
      <div>
        <Button onClick={() => setIsScanning((before) => !before)} aria-expanded={isScanning}>
          {say(isScanning ? 'pocket.whose.noScan' : 'pocket.whose.scan')}
        </Button>
      </div>
      {isScanning && (
        <Suspense>
          <CardScan />
        </Suspense>
      )}
    </div>
  )
}
