import type { RedemptionCode } from '@coupon-secure/protocol/wire-redemption'
import type { Logger } from 'pino'
import type { Payer } from './account.ts'
import type { Chain } from './chain.ts'
import { firstFees } from './fees.ts'
import type { Purse } from './purse.ts'
import { callOf, lotsOf, type Redemption } from './redemption.ts'
import type { Store } from './store.ts'
import type { Lease } from './store-leases.ts'

const MOST_TAKEN = 500
const MOST_OPEN = 16

/** Sends what waits with one payer, in as few transactions as there can be; whether anything did wait. */
export function createSend({
  now,
  chain,
  store,
  purse,
  payer,
  lease,
  batch,
  mostFee,
  logger,
  onOutcome,
  onMoved,
}: {
  now: () => number
  chain: Chain
  store: Store
  purse: Purse
  payer: Payer
  lease: Lease
  /** It waits for so many, or until the first has waited so long. */
  batch: { items: number; milliseconds: number }
  /** The most that is paid for a unit of gas, in wei. */
  mostFee: bigint
  logger: Logger
  onOutcome: (outcome: string) => void
  /** One stands elsewhere now. */
  onMoved: () => void
}): (open: number) => Promise<boolean> {
  const from = payer.address

  return async (open) => {
    const { count, oldest } = await store.backlog()
    if (count === 0) return false
    if (count < batch.items && now() - oldest < batch.milliseconds) return true
    let room = MOST_OPEN - open
    const redemptions = await store.waiting(MOST_TAKEN)
    for (const lot of lotsOf({ redemptions, most: batch.items })) {
      if (room <= 0) return true
      if (await sendLot(lot)) room -= 1
    }
    return true
  }

  async function sendLot(lot: readonly Redemption[]): Promise<boolean> {
    const good = await stillGood(lot)
    if (good.length === 0) return false
    const call = callOf(good)
    const [estimate, market, chainNonce] = await Promise.all([
      chain.gasOf({ from, call }),
      chain.fees(),
      chain.nonceOf(from),
    ])
    const fees = firstFees({ ...market, most: mostFee })
    const gas = (estimate * 5n) / 4n
    if (!fees) {
      logger.warn('the chain is dearer than we may pay')
      return false
    }
    if (!(await purse.allows({ sender: from, cost: gas * fees.maxFee }))) {
      logger.warn('no money left to send with')
      return false
    }
    // Written down before anybody hears of it: whatever happens to us then, it is this transaction or none.
    const envelope = await store.intend({
      ...{ lease, chainNonce, call, gas, now: now() },
      digests: good.map(({ digest }) => digest),
      sign: (nonce) => payer.sign({ call, nonce, gas, fees, now: now() }),
    })
    if (!envelope) return false
    onMoved()
    await chain.broadcast(envelope.raw)
    logger.info({ transaction: envelope.hash, redemptions: good.length }, 'sent')
    return true
  }

  /** Those that the contract would still take; the others are dropped with its reason, and cost nothing. */
  async function stillGood(lot: readonly Redemption[]): Promise<Redemption[]> {
    const seconds = now() / 1000
    const isLate = ({ deadline }: Redemption) => deadline < seconds
    for (const late of lot.filter(isLate)) await drop({ redemption: late, code: 'DEADLINE_PASSED' })
    const inTime = lot.filter((redemption) => !isLate(redemption))
    if (await areAllTaken(inTime)) return inTime
    const codes = await Promise.all(
      inTime.map((redemption) => chain.refusalOf({ redemption, from })),
    )
    const good: Redemption[] = []
    for (const [index, redemption] of inTime.entries()) {
      const code = codes[index]
      if (code === undefined) good.push(redemption)
      else await drop({ redemption, code: code === 'signature' ? 'REFUSED' : code })
    }
    return good
  }

  /** Whether the contract takes all of a batch: one question instead of one for each, and no fewer of its rules. */
  async function areAllTaken(lot: readonly Redemption[]): Promise<boolean> {
    const [first, second] = lot
    if (!first || !second) return false // there is nothing to save
    return (await chain.redeemedBy({ from, call: callOf(lot) })) === lot.length
  }

  async function drop({
    redemption: { digest },
    code,
  }: {
    redemption: Redemption
    code: RedemptionCode
  }): Promise<void> {
    await store.refuse({ digest, code, now: now() })
    onOutcome(code)
    onMoved()
  }
}
