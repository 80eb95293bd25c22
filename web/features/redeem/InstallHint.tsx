'use client'

import { useState, useSyncExternalStore } from 'react'
import { Button } from '../../ui/Button.tsx'
import { installOffer, isInstalled, onOffer, takeOffer } from '../../ui/install.ts'
import { useWords } from '../../words/use-words.ts'
import styles from './install.module.css'

const DECLINED = 'coupon-secure.install-declined'

/** One quiet line for who has used a coupon: how to have the pocket on the home screen. Who declines is not asked again. */
export function InstallHint() {
  const { say } = useWords()
  const offer = useSyncExternalStore(onOffer, installOffer, () => undefined)
  const [isDeclined, setIsDeclined] = useState(hasDeclined)
  // Its browsers make no offer; what they have is in their own menu.
  const isApple = /iPhone|iPad/.test(navigator.userAgent)
  if (isDeclined || isInstalled() || (offer === undefined && !isApple)) return null

  const decline = () => {
    try {
      localStorage.setItem(DECLINED, '1')
    } catch {
      // A full or forbidden storage: then it is only for now.
    }
    setIsDeclined(true)
  }
  return (
    <aside className={styles.install}>
      <p>{say(offer ? 'install.words' : 'install.ios')}</p>
      <div className="row">
        {offer && <Button onClick={() => void takeOffer()}>{say('install.add')}</Button>}
        <Button kind="quiet" onClick={decline}>
          {say('install.dismiss')}
        </Button>
      </div>
    </aside>
  )
}

function hasDeclined(): boolean {
  try {
    return localStorage.getItem(DECLINED) !== null
  } catch {
    return true // it could not be remembered that somebody has
  }
}
