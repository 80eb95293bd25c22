'use client'

import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Campaign } from '../../chain/book-queries.ts'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { LivePosition } from './LivePosition.tsx'
import { PlaceSketch } from './PlaceSketch.tsx'
import { sketchOf } from './place-sketch.ts'
import type { Locator } from './position-watch.ts'
import styles from './there.module.css'
import { useSight } from './use-sight.ts'

/** Where a coupon is used: the place's outline, and where this phone is. Drawn here, so that no map server hears of either. */
export function PlaceDialog({
  campaign,
  document,
  isLooking,
  onRetry,
  position,
  locator,
  locating,
  onLocate,
  signIn,
  onClose,
}: {
  campaign: Campaign
  /** Undefined where this phone may not read it, or could not yet. */
  document: GeofenceDocument | undefined
  /** The document is on its way. */
  isLooking: boolean
  onRetry: () => void
  /** The last one that is still fresh. */
  position: Position | undefined
  locator: Locator | undefined
  locating: 'no' | 'yes' | Failure
  onLocate: () => void
  /** Where a wallet must sign before the place may be read. */
  signIn: (() => void) | undefined
  onClose: () => void
}) {
  const { say, explain } = useWords()
  const sight = useSight({ isOn: true, locator }) ?? position

  return (
    <Dialog title={<bdi>{campaign.name}</bdi>} isOpen onClose={onClose}>
      {document ? (
        place(document)
      ) : signIn ? (
        <Notice kind="info" title={say('place.where')} action={<SignIn onClick={signIn} />}>
          <p>{say('place.readers')}</p>
        </Notice>
      ) : isLooking ? (
        <p role="status">{say('place.looking')}</p>
      ) : (
        <>
          <p role="status">{say('place.unknown')}</p>
          <Button onClick={onRetry}>{say('common.again')}</Button>
        </>
      )}
      {sight === undefined && document && (
        <>
          {typeof locating === 'object' && (
            <Notice kind="warn" title={explain(locating)} code={locating.code} />
          )}
          <p className={styles.soft}>{say('place.me.words')}</p>
          <Button className={styles.wide} isBusy={locating === 'yes'} onClick={onLocate}>
            {say('place.me')}
          </Button>
        </>
      )}
    </Dialog>
  )

  function place(document: GeofenceDocument) {
    const sites = document.sites.map(({ name }) => name).join(', ')
    const sketch = sketchOf({ sites: document.sites, person: sight })
    const isFar = sight !== undefined && sketch?.person === undefined
    return (
      <>
        {sketch && <PlaceSketch sketch={sketch} label={say('place.outline', { sites })} isNamed />}
        {isFar && <p className={styles.soft}>{say('place.far')}</p>}
        {sight && <LivePosition position={sight} document={document} isDrawn={false} />}
      </>
    )
  }
}

function SignIn({ onClick }: { onClick: () => void }) {
  const { say } = useWords()
  return <Button onClick={onClick}>{say('place.signIn')}</Button>
}
