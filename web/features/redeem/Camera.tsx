import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './there.module.css'
import { useScanner } from './use-scanner.ts'

/** What the camera sees, and each text of a code in it, which may come often; says why there is no camera. */
export function Camera({ onText }: { onText: (text: string) => void }) {
  const { say, explain } = useWords()
  const { video, scanner } = useScanner(onText)
  if (scanner.step === 'failed') {
    return <Notice kind="warn" title={explain(scanner.failure)} code={scanner.failure.code} />
  }
  return (
    <>
      <video
        ref={video}
        className={styles.video}
        muted
        playsInline
        aria-label={say('beacon.camera')}
      />
      <p className={styles.soft} role="status">
        {say(scanner.step === 'starting' ? 'beacon.starting' : 'beacon.hold')}
      </p>
    </>
  )
}
