import { CouponSecureError } from '@coupon-secure/protocol/errors'
import { OutageError } from '@coupon-secure/service/errors'

/** The database holds another document than the hash it is kept under says. */
export class GeofenceCorruptError extends CouponSecureError {
  override name = 'GeofenceCorruptError'
  constructor({ hash }: { hash: string }) {
    super(`The document kept as geofence ${hash} has another hash.`, {
      docs: 'docs/protocol.md#geofence',
    })
  }
}

/** HyperTrack gave no answer to rely on. Names neither worker, device, position nor key. */
export class HyperTrackUnavailableError extends OutageError {
  override name = 'HyperTrackUnavailableError'
  override code = 'DEVICE_SERVICE_UNAVAILABLE' as const
  override retryAfter = 30
  constructor({ reason }: { reason: string }) {
    super(`HyperTrack cannot be read: ${reason}.`, { docs: 'docs/operating.md#hypertrack' })
  }
}

/** The log lacks an entry in its midst, or what belongs to it. */
export class LogCorruptError extends CouponSecureError {
  override name = 'LogCorruptError'
  constructor({ index }: { index: number }) {
    super(`The log’s entry ${index} is not whole.`, { docs: 'docs/protocol.md#log' })
  }
}
