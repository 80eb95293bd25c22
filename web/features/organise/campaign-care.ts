import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { parseEventLogs, type TransactionReceipt } from 'viem'
import type { Campaign, Counters } from '../../chain/book-queries.ts'

/** What can be done with a campaign that runs. */
export type Care = 'pause' | 'resume' | 'release'

/** The words of one deed: its button, the question before it, what it means, what is signed. */
export type CareWords = {
  button: string
  question: string
  meaning: string[]
  signs: string
  stay: string
}

/** The most shards that one transaction counts: some three million gas. */
export const SHARDS_PER_RELEASE = 1_000

/** What the connected account can do with the campaign now; `now` in unix seconds. */
export function caresFor({
  campaign: { terms, pausedAt },
  counters,
  isAdmin,
  isGuardian,
  now,
}: {
  campaign: Pick<Campaign, 'terms' | 'pausedAt'>
  counters: Pick<Counters, 'shards' | 'shardsCounted' | 'isClosed'> | undefined
  isAdmin: boolean
  isGuardian: boolean
  now: number
}): Care[] {
  if (pausedAt !== 0n) return isAdmin ? ['resume'] : []
  const isOver = now >= Number(terms.closesAt + terms.grace)
  if (isOver || counters === undefined || counters.isClosed) return []
  const isLate = terms.heldUntil !== 0n && now >= Number(terms.heldUntil)
  const hasUncounted = counters.shardsCounted < counters.shards
  return [
    // Anybody may release; it is for who cares for the campaign to choose the moment.
    ...(isLate && hasUncounted ? (['release'] as const) : []),
    ...(isAdmin || isGuardian ? (['pause'] as const) : []),
  ]
}

/** What is said before somebody signs. */
export function careWords({
  care,
  name,
  shards,
}: {
  care: Care
  name: string
  /** How many shards are still to be counted. */
  shards: bigint
}): CareWords {
  switch (care) {
    case 'pause':
      return {
        button: 'Pause',
        question: `Pause ${name}?`,
        meaning: [
          'From then on nobody can use a coupon of it, until the admin of the book resumes it.',
          'Holders are told. The time that is lost is added to its window.',
        ],
        signs: `${name} is paused.`,
        stay: 'Let it go on',
      }
    case 'resume':
      return {
        button: 'Resume',
        question: `Resume ${name}?`,
        meaning: [
          'Coupons can be used again at once. As much of the window as was left is left again.',
        ],
        signs: `${name} goes on.`,
        stay: 'Leave it paused',
      }
    case 'release':
      return {
        button: 'Release unused',
        question: `Release what is unused in ${name}?`,
        meaning: [
          'From then on unused coupons are held for nobody: standby holders and those who come late share them, first come, first served. This cannot be undone.',
          ...(shards > BigInt(SHARDS_PER_RELEASE)
            ? [
                `It is a large campaign: this counts ${SHARDS_PER_RELEASE} of ${shards} shards; do it again for the rest.`,
              ]
            : []),
        ],
        signs: `what is unused in ${name} is counted, and held for nobody from then on.`,
        stay: 'Keep them held',
      }
  }
}

/** What a mined deed has come to, by its own events. */
export function careDone(receipt: Pick<TransactionReceipt, 'logs'>): string {
  const [event] = parseEventLogs({
    abi: couponBookAbi,
    eventName: ['CampaignPaused', 'CampaignResumed', 'UnusedReleased'],
    logs: receipt.logs,
  })
  switch (event?.eventName) {
    case 'CampaignPaused':
      return 'Paused. Nobody can use a coupon of it now.'
    case 'CampaignResumed':
      return 'It goes on, with the time that was lost given back.'
    case 'UnusedReleased': {
      const { unused } = event.args
      const coupons = `${unused.toLocaleString('en-GB')} unused coupon${unused === 1n ? '' : 's'}`
      return `Released: ${coupons}, for standby and whoever comes late.`
    }
    case undefined:
      return 'Done.'
  }
}
