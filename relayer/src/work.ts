import { traceOf } from '@coupon-secure/service/log'
import type { Logger } from 'pino'
import type { Payer } from './account.ts'
import { createBell } from './bell.ts'
import type { Chain } from './chain.ts'
import { createFollow } from './follow.ts'
import type { Purse } from './purse.ts'
import { createSend } from './send.ts'
import type { Store } from './store.ts'

const BUSY_MILLISECONDS = 50
const IDLE_MILLISECONDS = 250
const AFTER_FAILURE_MILLISECONDS = 1_000

/** What the work of sending goes by. */
export type WorkOptions = {
  now: () => number
  chain: Chain
  store: Store
  purse: Purse
  payers: readonly Payer[]
  /** This process, among those that share the database. */
  owner: string
  leaseMilliseconds: number
  batch: { items: number; milliseconds: number }
  stuckAfter: number
  finalAfter: number
  mostFee: bigint
  logger: Logger
  onOutcome: (outcome: string) => void
  /** A redemption stands elsewhere now. */
  onMoved: () => void
}

/** The work of sending, which goes on until it is stopped. */
export type Work = {
  /** Something new waits. */
  wake: () => void
  stop: () => Promise<void>
}

/** Works for each payer whose key is ours: follows what it sent, and sends what waits. */
export function startWork(options: WorkOptions): Work {
  const { payers, logger } = options
  const workers = payers.map((payer) => createWorker({ ...options, payer }))
  let isOver = false
  const bell = createBell()

  const work = async () => {
    while (!isOver) {
      const waitFor = bell.listen() // before the turn: what comes while it lasts may have been missed by it
      await waitFor(await turn())
    }
  }
  const turn = async () => {
    let rest = IDLE_MILLISECONDS
    for (const worker of workers) {
      try {
        if (await worker.turn()) rest = BUSY_MILLISECONDS
      } catch (error) {
        logger.error({ error: traceOf(error) }, 'cannot send or follow')
        rest = AFTER_FAILURE_MILLISECONDS
      }
    }
    return rest
  }
  const over = work()

  return {
    wake: bell.ring,
    stop: async () => {
      isOver = true
      bell.ring()
      await over
      await Promise.all(workers.map(({ end }) => end()))
    },
  }
}

/** One payer's share of the work. */
export function createWorker({
  payer,
  ...options
}: Omit<WorkOptions, 'payers'> & { payer: Payer }): {
  /** Does what there is to do; whether there is more. */
  turn: () => Promise<boolean>
  end: () => Promise<void>
} {
  const { store, owner, leaseMilliseconds, now } = options
  const lease = { sender: payer.address, owner }
  const follow = createFollow({ ...options, payer, lease })
  const send = createSend({ ...options, payer, lease })
  let leasedAt = -Infinity

  return {
    turn: async () => {
      if (now() - leasedAt > leaseMilliseconds / 3) {
        const isOurs = await store.takeLease({ ...lease, milliseconds: leaseMilliseconds })
        if (!isOurs) return false
        leasedAt = now()
      }
      const open = await follow()
      return (await send(open)) || open > 0
    },
    end: () => store.endLease(lease),
  }
}
