import type { Readiness } from '@coupon-secure/protocol/wire-readiness'
import type { ChainReader } from './chain.ts'
import { ChainUnavailableError, ClockWrongError, type ChainFailing } from './errors.ts'
import { remembered } from './remembered.ts'
import type { Store } from './store.ts'
import type { Signer } from './signer.ts'

// A key may lie in a service that counts, and is paid for, each signature.
const KEY_IS_TRIED_EVERY_MILLISECONDS = 60_000

type Name = Readiness['checks'][number]['name']

const chainChecks = [
  ['chain reachable', 'node', 'Look whether the node at RPC_URL (and RPC_URL_2) runs and answers.'],
  ['chain id right', 'chain id', 'RPC_URL leads to another chain than CHAIN_ID: mend one of them.'],
  [
    'nodes agree',
    'agreement',
    'RPC_URL and RPC_URL_2 tell different stories: find out which lies.',
  ],
  [
    'head fresh',
    'head',
    'The node has fallen behind or the chain stands still: see its own status.',
  ],
  ['clock right', 'clock', 'Set this machine’s clock (NTP): it is off from the chain’s.'],
  ['factory there', 'factory', 'There is no code at FACTORY_ADDRESS on this chain: mend it.'],
] as const satisfies [Name, ChainFailing | 'clock', string][]

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

  return async () => {
    const [chainFailing, keyWell, storeWell] = await Promise.all([
      failingOf(chain.check()),
      isWell(tryKey(undefined)),
      isWell(store.check()),
    ])
    const checks = [
      ...checksOfChain(chainFailing),
      check({
        name: 'key loaded',
        isWell: keyWell,
        advice: 'The key does not sign: see ORACLE_KEYSTORE, or the service that holds it.',
      }),
      check({
        name: 'database writable',
        isWell: storeWell,
        advice: 'Look at PostgreSQL (DATABASE_URL), or at the disk that DATA_DIR is on.',
      }),
      check({
        name: 'not stopping',
        isWell: !isStopping(),
        advice: 'It was told to stop and answers what is under way.',
      }),
    ]
    return { ok: checks.every(({ state }) => state === 'well'), checks }
  }
}

function checksOfChain(failing: ChainFailing | 'clock' | undefined): Readiness['checks'] {
  const at = chainChecks.findIndex(([, what]) => what === failing)
  return chainChecks.map(([name, , advice], index) => {
    if (at === -1 || index < at) return { name, state: 'well' }
    return index === at ? { name, state: 'failing', advice } : { name, state: 'unknown' }
  })
}

function check({ name, isWell, advice }: { name: Name; isWell: boolean; advice: string }) {
  return isWell ? { name, state: 'well' as const } : { name, state: 'failing' as const, advice }
}

async function failingOf(checked: Promise<void>): Promise<ChainFailing | 'clock' | undefined> {
  try {
    await checked
    return undefined
  } catch (error) {
    if (error instanceof ClockWrongError) return 'clock'
    return error instanceof ChainUnavailableError ? error.failing : 'node'
  }
}

function isWell(tried: Promise<unknown>): Promise<boolean> {
  return tried.then(
    () => true,
    () => false,
  )
}
