import { remembered } from '@coupon-secure/service/remembered'
import type { Address } from 'viem'
import type { Chain } from './chain.ts'
import type { Store } from './store.ts'

const BALANCE_MILLISECONDS = 2_000
const SPENT_MILLISECONDS = 500
const DAY_MILLISECONDS = 24 * 60 * 60_000

/** What keeps the relayer from paying. */
export type Shortage = 'BALANCE_LOW' | 'BUDGET_SPENT'

/** The money that there is, and what of it may be spent. */
export type Purse = ReturnType<typeof createPurse>

/** A purse over the accounts' balances and what was spent since midnight, UTC. All in wei. */
export function createPurse({
  now,
  chain,
  store,
  senders,
  floor,
  dailyBudget,
}: {
  now: () => number
  chain: Pick<Chain, 'balanceOf'>
  store: Pick<Store, 'spentSince'>
  senders: readonly Address[]
  /** What an account must keep. */
  floor: bigint
  dailyBudget: bigint
}) {
  const balanceOf = remembered({
    now,
    milliseconds: BALANCE_MILLISECONDS,
    keyOf: (address: Address) => address,
    ask: (address) => chain.balanceOf(address),
  })
  const midnight = () => Math.floor(now() / DAY_MILLISECONDS) * DAY_MILLISECONDS
  const spentToday = () => store.spentSince(midnight())
  // Good enough to turn people away by: what is sent is weighed anew each time.
  const spentLately = remembered({
    now,
    milliseconds: SPENT_MILLISECONDS,
    keyOf: (since: number) => since.toString(),
    ask: (since) => store.spentSince(since),
  })
  const isRich = async (address: Address) => (await balanceOf(address)) > floor

  return {
    balanceOf,
    spentToday,

    hasBalance: async () => (await Promise.all(senders.map(isRich))).includes(true),

    hasBudget: async () => (await spentToday()) < dailyBudget,

    /** Why nothing new is taken on; undefined where it is. */
    shortage: async (): Promise<Shortage | undefined> => {
      const [rich, spent] = await Promise.all([
        Promise.all(senders.map(isRich)),
        spentLately(midnight()),
      ])
      if (!rich.includes(true)) return 'BALANCE_LOW'
      return spent < dailyBudget ? undefined : 'BUDGET_SPENT'
    },

    /** Whether this account may pay so much more today. */
    allows: async ({ sender, cost }: { sender: Address; cost: bigint }) =>
      (await balanceOf(sender)) - cost > floor && (await spentToday()) + cost <= dailyBudget,
  }
}
