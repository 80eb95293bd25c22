'use client'

import type { ScannedBeacon } from '@coupon-secure/protocol/evidence'
import { type SubmitEvent, useState } from 'react'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { Camera } from './Camera.tsx'
import styles from './there.module.css'
import { beaconIn, beaconSecondsLeft } from './there.ts'
import { useNow } from './use-now.ts'

/** Takes the code from the counter's screen: by the camera, or as text. */
export function BeaconScan({
  campaignId,
  beacon,
  onBeacon,
}: {
  campaignId: bigint
  beacon: ScannedBeacon | undefined
  onBeacon: (beacon: ScannedBeacon) => void
}) {
  const { say, rich, explain } = useWords()
  const now = useNow() * 1000
  const [isScanning, setIsScanning] = useState(false)
  const [pasted, setPasted] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const left = beacon ? beaconSecondsLeft(beacon, now) : 0

  const take = (text: string) => {
    const read = beaconIn({ text, campaignId, now: Date.now() })
    setFailure(read.ok ? undefined : read.failure)
    if (!read.ok) return
    setIsScanning(false)
    onBeacon(read.beacon)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    take(pasted)
    setPasted('')
  }

  if (beacon && left > 0) {
    return (
      <Notice kind="good" title={say('beacon.taken')}>
        <p>{say('beacon.taken.words', { site: beacon.site, seconds: left })}</p>
      </Notice>
    )
  }
  return (
    <div className={styles.scan}>
      <p>{rich('beacon.lead', { b: (inside) => <b>{inside}</b> })}</p>
      {isScanning ? (
        <Camera onText={take} />
      ) : (
        <Button className={styles.wide} onClick={() => setIsScanning(true)}>
          {say(beacon ? 'beacon.scanAgain' : 'beacon.scan')}
        </Button>
      )}
      {failure && (
        <p className={styles.problem} role="alert">
          {explain(failure)} <code>{failure.code}</code>
        </p>
      )}
      <details>
        <summary>{say('beacon.noCamera')}</summary>
        <form className={styles.paste} onSubmit={submit}>
          <Field
            label={say('beacon.field')}
            hint={rich('beacon.field.hint', { start: <code>CSB1</code> })}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
          />
          <Button type="submit">{say('beacon.take')}</Button>
        </form>
      </details>
    </div>
  )
}
