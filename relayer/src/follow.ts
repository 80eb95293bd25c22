import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { RedemptionCode } from '@coupon-secure/protocol/wire-redemption'
import type { Logger } from 'pino'
import { isAddressEqual, parseEventLogs, type Hex, type TransactionReceipt } from 'viem'
import type { Payer } from './account.ts'
import type { Chain } from './chain.ts'
import { raisedFees } from './fees.ts'
import { codeOfError } from './refusals.ts'
import type { Store } from './store.ts'
import type { Lease } from './store-leases.ts'
import type { Mined, Pending } from './store-transactions.ts'

const BROADCAST_EVERY_MILLISECONDS = 2_000
// A node may know of a block before it knows the receipts in it.
const LOOKS_BEFORE_LOST = 5
// A node that lags would have to lag by more than what is final.
const LOOKS_BEFORE_GAP = 50

/** Follows what one payer has sent to where nothing can change any more. */
export function createFollow({
  now,
  chain,
  store,
  payer,
  lease,
  stuckAfter,
  finalAfter,
  mostFee,
  logger,
  onOutcome,
  onMoved,
}: {
  now: () => number
  chain: Chain
  store: Store
  payer: Payer
  lease: Lease
  /** Milliseconds until a transaction is made dearer. */
  stuckAfter: number
  /** Blocks on top of its own. */
  finalAfter: number
  /** The most that is paid for a unit of gas, in wei. */
  mostFee: bigint
  logger: Logger
  onOutcome: (outcome: string) => void
  /** A redemption stands elsewhere now. */
  onMoved: () => void
}): () => Promise<number> {
  const broadcastAt = new Map<number, number>()
  const looksWithout = new Map<number, number>()
  let looksAtGap = 0
  let lastHead: Hex | undefined

  /** Looks at everything once; how many there are that are in no block. */
  return async () => {
    const all = await store.pending(payer.address)
    if (all.length === 0) return 0
    const [head, nonce] = await Promise.all([chain.head(), chain.nonceOf(payer.address)])
    const isSameHead = head.hash === lastHead
    lastHead = undefined // until all has been looked at
    for (const pending of all) {
      if (!pending.mined) await lookFor({ pending, head: head.number, nonce })
      else if (!isSameHead) await lookAgain({ pending, mined: pending.mined, head: head.number })
    }
    lastHead = head.hash
    await mendGap({ all, nonce })
    return all.filter(({ mined }) => !mined).length
  }

  /** Nonces that were used in a chain that is gone (its state was lost) would be waited for in vain: all begins anew. */
  async function mendGap({ all, nonce }: { all: Pending[]; nonce: number }): Promise<void> {
    const [first] = all
    looksAtGap = first && !first.mined && nonce < first.nonce ? looksAtGap + 1 : 0
    if (looksAtGap < LOOKS_BEFORE_GAP) return
    looksAtGap = 0
    logger.warn({ nonce }, 'the chain has forgotten nonces')
    for (const { id } of all) await giveUp(id)
  }

  /** What it was to do waits again, for another. */
  async function giveUp(id: number): Promise<void> {
    forget(id)
    onOutcome('lost')
    await store.lost({ id, now: now() })
    onMoved()
  }

  async function lookFor({
    pending,
    head,
    nonce,
  }: {
    pending: Pending
    head: bigint
    nonce: number
  }): Promise<void> {
    if (await record({ pending, head })) return
    const { id } = pending
    if (nonce <= pending.nonce) {
      looksWithout.delete(id)
      return nudge(pending)
    }
    // Its nonce is used, and not by it.
    const looks = (looksWithout.get(id) ?? 0) + 1
    looksWithout.set(id, looks)
    if (looks < LOOKS_BEFORE_LOST) return
    logger.warn({ nonce: pending.nonce }, 'somebody else used the nonce')
    await giveUp(id)
  }

  async function lookAgain({
    pending,
    mined,
    head,
  }: {
    pending: Pending
    mined: { number: bigint; hash: string }
    head: bigint
  }): Promise<void> {
    const { id } = pending
    const block = await chain.block(mined.number)
    if (block?.hash === mined.hash) {
      if (head - mined.number >= BigInt(finalAfter)) await finalise(id)
      return
    }
    logger.warn({ block: Number(mined.number) }, 'the chain took a block back')
    onOutcome('reorganised')
    if (await record({ pending, head })) return // in another block already
    await store.reopened({ id, now: now() })
    onMoved()
    await nudge({ ...pending, mined: undefined })
  }

  /** Writes down in which block it is; whether it is in one. */
  async function record({ pending, head }: { pending: Pending; head: bigint }): Promise<boolean> {
    for (const { hash } of pending.envelopes.toReversed()) {
      const receipt = await chain.receiptOf(hash)
      const block = receipt && (await chain.block(receipt.blockNumber))
      if (!receipt || block?.hash !== receipt.blockHash) continue
      const { gasUsed, effectiveGasPrice, blockNumber: number } = receipt
      const outcomes = outcomesIn({ pending, receipt })
      forget(pending.id)
      await store.mined({
        ...{ id: pending.id, hash, outcomes, now: now() },
        block: { number, hash: block.hash, time: block.time },
        cost: gasUsed * effectiveGasPrice,
      })
      onMoved()
      for (const { outcome } of outcomes) onOutcome(outcome)
      logger.info({ transaction: hash, redemptions: outcomes.length }, 'in a block')
      if (head - number >= BigInt(finalAfter)) await finalise(pending.id)
      return true
    }
    return false
  }

  async function finalise(id: number): Promise<void> {
    await store.finalised({ id, now: now() })
    onMoved()
  }

  /** Tells the node of it again, and makes it dearer where it has waited too long. */
  async function nudge(pending: Pending): Promise<void> {
    const { id, nonce, gas } = pending
    const newest = pending.envelopes.at(-1)
    if (!newest) throw new RangeError('a transaction without an envelope')
    let { raw } = newest
    const isStuck = now() - newest.signedAt >= stuckAfter
    if (isStuck) {
      const fees = raisedFees({ before: newest, now: await chain.fees(), most: mostFee })
      if (fees) {
        const envelope = await payer.sign({ call: pending, nonce, gas, fees, now: now() })
        if (!(await store.replace({ lease, id, envelope }))) return // the key is another's now
        logger.warn({ transaction: envelope.hash, nonce }, 'stuck, so made dearer')
        onOutcome('replaced')
        raw = envelope.raw
        broadcastAt.delete(id)
      }
    }
    if (now() - (broadcastAt.get(id) ?? 0) < BROADCAST_EVERY_MILLISECONDS) return
    broadcastAt.set(id, now())
    await chain.broadcast(raw)
  }

  function forget(id: number): void {
    broadcastAt.delete(id)
    looksWithout.delete(id)
  }
}

/** What a receipt says of each redemption that was sent with it. */
function outcomesIn({
  pending: { book, redemptions },
  receipt,
}: {
  pending: Pending
  receipt: TransactionReceipt
}): Mined['outcomes'] {
  const told = new Map<string, 'redeemed' | RedemptionCode>()
  for (const { address, eventName, args } of parseEventLogs({
    abi: couponBookAbi,
    eventName: ['CouponRedeemed', 'RedemptionRefused'],
    logs: receipt.logs,
  })) {
    if (!isAddressEqual(address, book)) continue
    const coupon = `${args.campaignId} ${args.serial}`
    if (eventName === 'CouponRedeemed') told.set(coupon, 'redeemed')
    else told.set(coupon, refusalIn(args.why))
  }
  return redemptions.map(({ digest, campaignId, serial }) => {
    return { digest, outcome: told.get(`${campaignId} ${serial}`) ?? 'again' }
  })
}

function refusalIn(why: `0x${string}`): RedemptionCode {
  const code = codeOfError(why)
  return code === 'signature' ? 'REFUSED' : code
}
