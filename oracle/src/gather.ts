import type { Evidence, Submission } from '@coupon-secure/protocol/evidence'
import type { PresenceRequest } from '@coupon-secure/protocol/wire'

/** Makes what a holder submitted into all that is decided by. */
export type Gather = (asked: {
  request: PresenceRequest
  submission: Submission
}) => Promise<Evidence>

/** Adds to a submission what only the oracle can know. */
export function createGather(): Gather {
  return ({ submission: { source, fixes, beacon } }) =>
    Promise.resolve({
      source,
      ...(source === 'browser' ? { fixes } : { fixes: [], condition: 'WORKER_NOT_BOUND' }),
      ...(beacon && { beacon: { ...beacon, isFromCounter: false } }),
    })
}
