'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { ScannedBeacon, Source } from '@coupon-secure/protocol/evidence'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'
import { BeaconScan } from './BeaconScan.tsx'
import styles from './there.module.css'
import type { Needs } from './there.ts'
import type { useWorker } from './use-worker.ts'
import { WorkerForm } from './WorkerForm.tsx'

/** What a place asks for besides the phone's own position: a managed device, the counter's code. Nothing where it asks for neither. */
export function ShowThere({
  needs,
  coupon,
  worker,
  beacon,
  onSource,
  onBeacon,
  onBound,
}: {
  needs: Needs
  coupon: HeldCoupon
  worker: ReturnType<typeof useWorker>
  beacon: ScannedBeacon | undefined
  onSource: (source: Source) => void
  onBeacon: (beacon: ScannedBeacon) => void
  onBound: () => void
}) {
  const { say, rich } = useWords()
  const { handle, isBusy, failure, bind } = worker
  return (
    <div className={styles.there}>
      {needs.canChoose && (
        <FieldGroup legend={say('there.whose')}>
          {(['browser', 'hypertrack'] as const).map((source) => (
            <Choice
              key={source}
              type="radio"
              name="source"
              label={say(source === 'browser' ? 'there.phone' : 'there.device')}
              checked={needs.source === source}
              onChange={() => onSource(source)}
            />
          ))}
        </FieldGroup>
      )}
      {needs.source === 'hypertrack' && !needs.binding && (
        <p className={styles.soft}>
          {rich('there.bound', {
            handle: <bdi>{handle}</bdi>,
            b: (inside) => <b>{inside}</b>,
          })}{' '}
          <Button
            kind="quiet"
            isBusy={isBusy}
            onClick={() => void bind({ coupon, workerHandle: '' })}
          >
            {say('there.unbind')}
          </Button>
        </p>
      )}
      {needs.binding && (
        <WorkerForm
          handle={handle}
          isBusy={isBusy}
          failure={failure}
          onBind={(workerHandle) =>
            void bind({ coupon, workerHandle }).then((isBound) => isBound && onBound())
          }
        />
      )}
      {needs.beacon && (
        <BeaconScan campaignId={coupon.campaignId} beacon={beacon} onBeacon={onBeacon} />
      )}
    </div>
  )
}
