import type { Readiness } from '@coupon-secure/protocol/wire-readiness'
import { isWell, readinessOf } from '@coupon-secure/service/readiness'
import { remembered } from '@coupon-secure/service/remembered'
import type { ChainReader } from './chain.ts'
import type { Signer } from './signer.ts'
import type { Store } from './store.ts'

// A key may lie in a service that counts, and is paid for, each signature.
const KEY_IS_TRIED_EVERY_MILLISECONDS = 60_000

/** Looks at everything that a statement needs, each by its name. */
export function createReadiness({
  now,
  chain,
  store,
  signer,
  isStopping,
}: {
  now: () => number
  chain: Pick<ChainReader, 'check'>
  store: Pick<Store, 'check'>
  signer: Pick<Signer, 'signTypedData'>
  isStopping: () => boolean
}): () => Promise<Readiness> {
  const tryKey = remembered({
    now,
    milliseconds: KEY_IS_TRIED_EVERY_MILLISECONDS,
    keyOf: () => 'key',
    ask: () =>
      signer.signTypedData({
        domain: { name: 'Coupon Secure readiness' },
        types: { Readiness: [{ name: 'triedAt', type: 'uint64' }] },
        primaryType: 'Readiness',
        message: { triedAt: BigInt(now()) },
      }),
  })

  return readinessOf({
    chain,
    checks: [
      {
        name: 'key loaded',
        isWell: () => isWell(tryKey(undefined)),
        advice: 'The key does not sign: see ORACLE_KEYSTORE, or the service that holds it.',
      },
      {
        name: 'database writable',
        isWell: () => isWell(store.check()),
        advice: 'Look at PostgreSQL (DATABASE_URL), or at the disk that DATA_DIR is on.',
      },
      {
        name: 'not stopping',
        isWell: () => Promise.resolve(!isStopping()),
        advice: 'It was told to stop and answers what is under way.',
      },
    ],
  })
}
