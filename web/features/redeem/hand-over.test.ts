import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import { expect } from 'chai'
import { handOver } from './hand-over.ts'
import { journalOf } from './journal.ts'
import type { Tools } from './redeem.ts'
import type { Progress } from './redemption.ts'

const NOW = 1_800_000_000
const word = `0x${'5a'.repeat(32)}` as const
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const coupon: HeldCoupon = { campaignId: 2n, serial: 7n, holder, proof: [], root: word }
const handed: HandedRedemption = {
  ...{ chainId: 1, book, holder, campaignId: 2n, serial: 7n, site: 1, deadline: BigInt(NOW + 4) },
  ...{ signature: word, statements: [] },
}
const redeemed = { hash: word, site: 1, at: BigInt(NOW + 2) }

async function run(looks: readonly (typeof redeemed | undefined | Error)[], leavesAfter = 99) {
  const kept = new Map([
    ['coupon-secure.redemption.1.' + `${book}.${holder}`.toLowerCase() + '.2.7', '{}'],
  ])
  const shelf = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
    removeItem: (name: string) => kept.delete(name),
  }
  let seconds = 0
  let look = 0
  const tools: Pick<Tools, 'now' | 'wait' | 'hasLeft' | 'redemptionOf' | 'journal'> = {
    now: () => (NOW + seconds) * 1000,
    wait: (milliseconds) => {
      seconds += milliseconds / 1000
      return Promise.resolve()
    },
    hasLeft: () => look >= leavesAfter,
    redemptionOf: () => {
      const found = looks[look]
      look += 1
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found)
    },
    journal: journalOf({ shelf, pocket: { chainId: 1, book, holder } }),
  }
  const reports: Progress[] = []
  await handOver({ coupon, handed, tools, report: (progress) => reports.push(progress) })
  return { reports, isNoted: kept.size > 0 }
}

describe('handOver', () => {
  it('shows what was signed until the chain has it, whether or not the chain answers each time', async () => {
    const { reports, isNoted } = await run([undefined, new Error('away'), redeemed])
    expect(reports).to.deep.equal([
      { type: 'handing', handed },
      { type: 'redeemed', redeemed },
    ])
    expect(isNoted).to.equal(false)
  })

  it('looks once more after the end, and then says that it was too late', async () => {
    const { reports, isNoted } = await run([])
    expect(reports.map(({ type }) => type)).to.deep.equal(['handing', 'stopped'])
    expect(reports[1]).to.deep.include({ rest: { kind: 'nothing' } })
    expect(isNoted).to.equal(false)
    const late = await run([undefined, undefined, undefined, redeemed])
    expect(late.reports.at(-1)).to.deep.equal({ type: 'redeemed', redeemed })
  })

  it('keeps the oracle’s word for another try when the person goes away', async () => {
    const { reports, isNoted } = await run([], 1)
    expect(reports.map(({ type }) => type)).to.deep.equal(['handing'])
    expect(isNoted).to.equal(true)
  })
})
