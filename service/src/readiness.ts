import type { Readiness } from '@coupon-secure/protocol/wire-readiness'
import { ChainUnavailableError, ClockWrongError, type ChainFailing } from './errors.ts'

type Name = Readiness['checks'][number]['name']

/** One thing that must be well, how to see it, and what to do where it is not. */
export type Check = { name: Name; isWell: () => Promise<boolean>; advice: string }

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

/** Looks at the chain and at everything else that a service needs, each by its name. */
export function readinessOf({
  chain,
  checks: others,
}: {
  chain: { check: () => Promise<void> }
  checks: readonly Check[]
}): () => Promise<Readiness> {
  return async () => {
    const [chainFailing, ...seen] = await Promise.all([
      failingOf(chain.check()),
      ...others.map(async ({ isWell, ...rest }) => check({ ...rest, isWell: await isWell() })),
    ])
    const checks = [...checksOfChain(chainFailing), ...seen]
    return { ok: checks.every(({ state }) => state === 'well'), checks }
  }
}

/** Whether something can be done. */
export function isWell(tried: Promise<unknown>): Promise<boolean> {
  return tried.then(
    () => true,
    () => false,
  )
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
