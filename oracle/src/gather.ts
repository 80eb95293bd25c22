import { hashBeacon } from '@coupon-secure/protocol/beacon'
import type { Evidence, ScannedBeacon, Submission } from '@coupon-secure/protocol/evidence'
import { CLASSES, compactOf } from '@coupon-secure/protocol/presence'
import type { PresenceRequest } from '@coupon-secure/protocol/wire'
import { signerOf } from '@coupon-secure/protocol/witness'
import type { ChainReader } from './chain.ts'
import type { HyperTrack } from './hypertrack.ts'
import { Problem } from '@coupon-secure/service/problem'
import type { Store } from './store.ts'

/** Makes what a holder submitted into all that is decided by. */
export type Gather = (asked: {
  request: PresenceRequest
  submission: Submission
}) => Promise<Evidence>

/** Adds to a submission what only the oracle can know: what the device service says, and whose beacon it was. */
export function createGather({
  now,
  chain,
  chainId,
  store,
  hyperTrack,
}: {
  now: () => number
  chain: Pick<ChainReader, 'witness'>
  chainId: number
  store: Pick<Store, 'workerOf'>
  hyperTrack: HyperTrack | undefined
}): Gather {
  return async ({ request, submission: { source, fixes, beacon } }) => {
    const [seen, isFromCounter] = await Promise.all([
      source === 'browser' ? { fixes } : readDevice(request),
      beacon && isCounters({ request, beacon }),
    ])
    return {
      source,
      ...seen,
      ...(beacon && { beacon: { ...beacon, isFromCounter: !!isFromCounter } }),
    }
  }

  async function readDevice({
    book,
    holder,
  }: PresenceRequest): Promise<Pick<Evidence, 'fixes' | 'condition'>> {
    if (hyperTrack === undefined) throw new Problem('SOURCE_NOT_OFFERED')
    const worker = await store.workerOf({ book, holder, now: now() })
    if (worker === undefined) return { fixes: [], condition: 'WORKER_NOT_BOUND' }
    const reading = await hyperTrack.read(worker)
    return reading.outcome === 'located'
      ? { fixes: [reading.fix], condition: 'ACTIVE' }
      : { fixes: [], condition: reading.code }
  }

  /** Whether the beacon's signer is, as the chain has it now, a COUNTER witness of the book for that site. */
  async function isCounters({
    request: { book, campaignId },
    beacon: { site, shownAt, signature },
  }: {
    request: PresenceRequest
    beacon: ScannedBeacon
  }): Promise<boolean> {
    const hash = hashBeacon({
      chainId,
      book,
      beacon: { campaignId, site, shownAt: BigInt(shownAt) },
    })
    const words = wordsOf(signature)
    const key = words && (await signerOf({ hash, ...words }))
    if (key === undefined) return false
    const { classes, site: allowed, validFrom, validUntil } = await chain.witness({ book, key })
    const seconds = BigInt(Math.floor(now() / 1000))
    return (
      (classes & CLASSES.counter) !== 0 &&
      (allowed === 0 || allowed === site) &&
      validFrom <= seconds &&
      seconds < validUntil
    )
  }
}

function wordsOf(signature: ScannedBeacon['signature']) {
  try {
    return compactOf(signature)
  } catch {
    return undefined // the upper of the two s
  }
}
