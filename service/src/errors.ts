import { CouponSecureError } from '@coupon-secure/protocol/errors'
import type { ErrorCode } from '@coupon-secure/protocol/wire-errors'

/** What of the chain is not as it must be. */
export type ChainFailing = 'node' | 'chain id' | 'agreement' | 'head' | 'factory'

/** Something that a service stands on is away: whoever asked hears `code`, and to come again in `retryAfter` seconds. */
export abstract class OutageError extends CouponSecureError {
  abstract readonly code: ErrorCode
  abstract readonly retryAfter: number
}

/** The chain gave no answer to rely on: no node, the wrong chain, two that differ, an old head, or no factory of ours there. */
export class ChainUnavailableError extends OutageError {
  override name = 'ChainUnavailableError'
  override code = 'CHAIN_UNAVAILABLE' as const
  override retryAfter = 5
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
export class ClockWrongError extends OutageError {
  override name = 'ClockWrongError'
  override code = 'CLOCK_WRONG' as const
  override retryAfter = 60
  constructor({ seconds }: { seconds: number }) {
    const apart = Math.abs(Math.round(seconds))
    super(`The clock is ${apart} s ${seconds < 0 ? 'behind' : 'ahead of'} the chain's.`, {
      docs: 'docs/operating.md#readiness',
    })
  }
}

/** The database gave no answer. */
export class StoreUnavailableError extends OutageError {
  override name = 'StoreUnavailableError'
  override code = 'STORE_UNAVAILABLE' as const
  override retryAfter = 5
  constructor({ cause }: { cause?: unknown } = {}) {
    super('The database does not answer.', { docs: 'docs/operating.md#oracle', cause })
  }
}

/** A service's key cannot be read. Never says anything of the key itself. */
export class KeyUnreadableError extends CouponSecureError {
  override name = 'KeyUnreadableError'
  constructor({ reason }: { reason: string }) {
    super(`The key cannot be read: ${reason}.`, { docs: 'docs/operating.md#oracle' })
  }
}

/** The environment does not say what a service must know. */
export class EnvironmentError extends CouponSecureError {
  override name = 'EnvironmentError'
  constructor({ problems }: { problems: readonly string[] }) {
    super(`Cannot start. ${problems.join(' ')}`, { docs: 'docs/operating.md' })
  }
}

/** Another process works in the folder. */
export class FolderInUseError extends CouponSecureError {
  override name = 'FolderInUseError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super(
      'Another process works in the folder that DATA_DIR names. Give each its own, or all of them one PostgreSQL.',
      { docs: 'docs/operating.md#oracle', cause },
    )
  }
}
