import type { Metrics } from '@coupon-secure/service/metrics'
import { Counter, Gauge } from 'prom-client'
import { formatEther, type Address } from 'viem'
import type { Purse } from './purse.ts'
import type { Store } from './store.ts'

/** What the relayer counts besides its answers. No label names a person, a coupon or a book. */
export function createCounts({
  metrics: { registers },
  store,
  purse,
  senders,
}: {
  metrics: Metrics
  store: Store
  purse: Purse
  senders: readonly Address[]
}): { onOutcome: (outcome: string) => void } {
  const outcomes = new Counter({
    name: 'relayer_outcomes_total',
    help: 'What became of what was sent: redeemed, a code, or replaced, reorganised, lost, again.',
    labelNames: ['outcome'] as const,
    registers,
  })
  new Gauge({
    name: 'relayer_redemptions',
    help: 'Redemptions by state.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset()
      for (const { state, count } of await store.counts().catch(() => [])) {
        this.set({ state }, count)
      }
    },
  })
  new Gauge({
    name: 'relayer_spent_today_ether',
    help: 'What was spent since midnight (UTC), and may be by what is under way.',
    registers,
    async collect() {
      await purse.spentToday().then(
        (spent) => this.set(Number(formatEther(spent))),
        () => this.remove(),
      )
    },
  })
  new Gauge({
    name: 'relayer_balance_ether',
    help: 'What the accounts that pay have.',
    labelNames: ['sender'] as const,
    registers,
    async collect() {
      this.reset()
      for (const sender of senders) {
        await purse.balanceOf(sender).then(
          (balance) => this.set({ sender }, Number(formatEther(balance))),
          () => undefined, // the chain is away: no number is better than an old one
        )
      }
    },
  })
  return { onOutcome: (outcome) => outcomes.inc({ outcome }) }
}
