'use client'

import type { ScannedBeacon } from '@coupon-secure/protocol/evidence'
import { type SubmitEvent, useState } from 'react'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import styles from './there.module.css'
import { beaconIn, beaconSecondsLeft } from './there.ts'
import { useNow } from './use-now.ts'
import { useScanner } from './use-scanner.ts'

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
      <Notice kind="good" title="The counter’s code is scanned">
        <p>
          Site {beacon.site}. Good for {left} seconds more.
        </p>
      </Notice>
    )
  }
  return (
    <div className={styles.scan}>
      <p>
        <b>Scan the code on the counter’s screen.</b> It shows that you are there, and changes every
        fifteen seconds.
      </p>
      {isScanning ? (
        <Camera onText={take} />
      ) : (
        <Button className={styles.wide} onClick={() => setIsScanning(true)}>
          {beacon ? 'Scan it again' : 'Scan the code'}
        </Button>
      )}
      {failure && (
        <p className={styles.problem} role="alert">
          {failure.sentence} <code>{failure.code}</code>
        </p>
      )}
      <details>
        <summary>No camera? Paste the code as text</summary>
        <form className={styles.paste} onSubmit={submit}>
          <Field
            label="The counter’s code"
            hint="The staff can copy it below their code. It begins with CSB1."
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
          />
          <Button type="submit">Take this code</Button>
        </form>
      </details>
    </div>
  )
}

function Camera({ onText }: { onText: (text: string) => void }) {
  const { video, scanner } = useScanner(onText)
  if (scanner.step === 'failed') {
    return <Notice kind="warn" title={scanner.failure.sentence} code={scanner.failure.code} />
  }
  return (
    <>
      <video ref={video} className={styles.video} muted playsInline aria-label="Camera" />
      <p className={styles.soft} role="status">
        {scanner.step === 'starting' ? 'Starting the camera …' : 'Hold the code in the frame.'}
      </p>
    </>
  )
}
