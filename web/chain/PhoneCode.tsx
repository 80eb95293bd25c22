'use client'

import { useEffect, useRef } from 'react'
import { Button, OutLink } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { QrCode } from '../ui/QrCode.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './PhoneCode.module.css'
import { cancelPhoneCode, usePhoneCode } from './wallet-connect-state.ts'

/** What a wallet on a phone reads to find this page: a link for this phone, a picture for another's camera, a text to copy. */
export function PhoneCode() {
  const { say, dates } = useWords()
  const code = usePhoneCode()
  const heading = useRef<HTMLParagraphElement>(null)
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    clearTimeout(leaving.current)
    heading.current?.scrollIntoView({ block: 'nearest' })
    return () => {
      // Nobody waits for a code that is out of sight. Later, since React may only be looking whether this can be undone.
      leaving.current = setTimeout(cancelPhoneCode)
    }
  }, [])

  return (
    <div className={styles.panel}>
      <p ref={heading} role="status">
        {code === undefined ? (
          <span className="row">
            <Spinner /> {say('phone.making')}
          </span>
        ) : (
          say('phone.scan')
        )}
      </p>
      {code !== undefined && (
        <>
          <OutLink href={code.uri}>{say('phone.open')}</OutLink>
          <div className={styles.qr}>
            <QrCode text={code.uri} label={say('phone.code')} />
          </div>
          <CopyButton text={code.uri} label={say('phone.code')} />
          <p className="soft small">
            {say('phone.until', { time: dates({ timeStyle: 'short' }).format(code.until) })}
          </p>
        </>
      )}
      <Button onClick={cancelPhoneCode}>{say('guide.cancel')}</Button>
    </div>
  )
}
