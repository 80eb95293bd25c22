import { CouponSecureError } from '@coupon-secure/protocol/errors'

/** What of the chain is not as it must be. */
export type ChainFailing = 'node' | 'chain id' | 'agreement' | 'head' | 'factory'

/** The chain gave no answer to rely on: no node, the wrong chain, two that differ, an old head, or no factory of ours there. */
export class ChainUnavailableError extends CouponSecureError {
  override name = 'ChainUnavailableError'
  readonly failing: ChainFailing
  constructor({
    reason,
    failing = 'node',
    cause,
  }: {
    reason: string
    failing?: ChainFailing
    cause?: unknown
  }) {
    super(`The chain cannot be read: ${reason}.`, { docs: 'docs/operating.md#readiness', cause })
    this.failing = failing
  }
}

/** Our clock and the chain's are too far apart to say when somebody was seen. */
export class ClockWrongError extends CouponSecureError {
  override name = 'ClockWrongError'
  constructor({ seconds }: { seconds: number }) {
    const apart = Math.abs(Math.round(seconds))
    super(`The clock is ${apart} s ${seconds < 0 ? 'behind' : 'ahead of'} the chain's.`, {
      docs: 'docs/operating.md#readiness',
    })
  }
}

/** The database gave no answer. */
export class StoreUnavailableError extends CouponSecureError {
  override name = 'StoreUnavailableError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super('The database does not answer.', { docs: 'docs/operating.md#oracle', cause })
  }
}

/** The oracle's key cannot be read. Never says anything of the key itself. */
export class KeyUnreadableError extends CouponSecureError {
  override name = 'KeyUnreadableError'
  constructor({ reason }: { reason: string }) {
    super(`The oracle's key cannot be read: ${reason}.`, { docs: 'docs/operating.md#oracle' })
  }
}

/** The environment does not say what the oracle must know. */
export class EnvironmentError extends CouponSecureError {
  override name = 'EnvironmentError'
  constructor({ problems }: { problems: readonly string[] }) {
    super(`The oracle cannot start. ${problems.join(' ')}`, { docs: 'docs/operating.md#oracle' })
  }
}

/** The database holds another document than the hash it is kept under says. */
export class GeofenceCorruptError extends CouponSecureError {
  override name = 'GeofenceCorruptError'
  constructor({ hash }: { hash: string }) {
    super(`The document kept as geofence ${hash} has another hash.`, {
      docs: 'docs/protocol.md#geofence',
    })
  }
}

/** Another process works in the folder. */
export class FolderInUseError extends CouponSecureError {
  override name = 'FolderInUseError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super(
      'Another oracle works in the folder that DATA_DIR names. Give each its own, or all of them one PostgreSQL.',
      { docs: 'docs/operating.md#oracle', cause },
    )
  }
}

/** HyperTrack gave no answer to rely on. Names neither worker, device, position nor key. */
export class HyperTrackUnavailableError extends CouponSecureError {
  override name = 'HyperTrackUnavailableError'
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
